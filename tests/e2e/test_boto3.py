"""boto3 with its waiters and paginators, typed errors and idempotency."""

import datetime

import botocore.exceptions
import pytest

from world import ROLE, wait_until


@pytest.fixture(scope="module")
def eks(world):
    return world.client()


def create(world, eks, name, **more):
    return eks.create_cluster(name=name, roleArn=ROLE, tags={"sallyport.dev/pool": "my-cluster"},
                              resourcesVpcConfig={"subnetIds": world.subnets()}, **more)["cluster"]


def error_of(call, *arguments, **named):
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(*arguments, **named)
    return raised.value.response


def test_waiters_and_the_whole_shape(world, eks):
    create(world, eks, "shape", version="1.34", clientRequestToken="token-shape")
    eks.get_waiter("cluster_active").wait(name="shape", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    cluster = eks.describe_cluster(name="shape")["cluster"]
    assert cluster["status"] == "ACTIVE"
    assert cluster["arn"] == "arn:aws:eks:us-east-1:000000000000:cluster/shape"
    assert isinstance(cluster["createdAt"], datetime.datetime)
    assert cluster["version"] == "1.34" and cluster["platformVersion"]
    assert cluster["identity"]["oidc"]["issuer"].startswith("https://")
    assert cluster["kubernetesNetworkConfig"]["ipFamily"] == "ipv4"
    assert cluster["accessConfig"]["authenticationMode"]
    assert cluster["resourcesVpcConfig"]["vpcId"].startswith("vpc-")
    assert cluster["resourcesVpcConfig"]["clusterSecurityGroupId"].startswith("sg-")
    assert cluster["health"]["issues"] == []
    assert "logging" in cluster and cluster["roleArn"] == ROLE
    again = create(world, eks, "shape", version="1.34", clientRequestToken="token-shape")
    assert again["arn"] == cluster["arn"]


def test_list_clusters_pages_in_a_stable_order(world, eks):
    names = sorted(["shape"] + [f"page-{number:02}" for number in range(7)])
    for name in names[:-1]:
        create(world, eks, name)
    pages = list(eks.get_paginator("list_clusters").paginate(PaginationConfig={"PageSize": 3}))
    assert [len(page["clusters"]) for page in pages] == [3, 3, 2]
    assert [name for page in pages for name in page["clusters"]] == names
    refused = error_of(eks.list_clusters, nextToken="AAAA")
    assert refused["Error"]["Code"] == "InvalidParameterException"


def test_updates_page_newest_first_and_tokens_repeat_the_first_answer(world, eks):
    ids = []
    for number in range(1, 6):
        cidrs = [f"198.51.100.{number}/32"]
        update = eks.update_cluster_config(name="shape", clientRequestToken=f"update-{number}",
                                           resourcesVpcConfig={"publicAccessCidrs": cidrs})["update"]
        ids.insert(0, update["id"])
        wait_until(lambda: eks.describe_update(name="shape", updateId=update["id"])["update"]["status"] == "Successful",
                   30, "success")
        same = eks.update_cluster_config(name="shape", clientRequestToken=f"update-{number}",
                                         resourcesVpcConfig={"publicAccessCidrs": cidrs})["update"]
        assert same["id"] == update["id"]
    clash = error_of(eks.update_cluster_config, name="shape", clientRequestToken="update-1",
                     resourcesVpcConfig={"publicAccessCidrs": ["192.0.2.0/24"]})
    assert clash["Error"]["Code"] == "InvalidParameterException"
    pages = list(eks.get_paginator("list_updates").paginate(name="shape", PaginationConfig={"PageSize": 2}))
    assert [id for page in pages for id in page["updateIds"]] == ids


def test_typed_errors(world, eks):
    missing = error_of(eks.describe_cluster, name="nowhere")
    assert missing["Error"]["Code"] == "ResourceNotFoundException"
    assert missing["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert missing["ResponseMetadata"]["RequestId"]
    taken = error_of(create, world, eks, "shape")
    assert taken["Error"]["Code"] == "ResourceInUseException"
    unknown = error_of(eks.describe_update, name="shape", updateId="00000000-0000-4000-8000-000000000000")
    assert unknown["Error"]["Code"] == "ResourceNotFoundException"
    homeless = error_of(eks.create_cluster, name="homeless", roleArn=ROLE,
                        resourcesVpcConfig={"subnetIds": world.subnets()})
    assert homeless["Error"]["Code"] == "InvalidParameterException"
    assert "sallyport.dev/pool" in homeless["Error"]["Message"]
    one_zone = error_of(eks.create_cluster, name="shape-2", roleArn=ROLE, tags={"sallyport.dev/pool": "my-cluster"},
                        resourcesVpcConfig={"subnetIds": world.subnets()[:1]})
    assert one_zone["Error"]["Code"] == "InvalidParameterException"


@pytest.mark.parametrize("cidrs, said", [
    (["203.0.113.5/24"], "203.0.113.0/24"),
    (["0.0.0.0/33"], "0.0.0.0/33"),
    (["203.0.113.5/32", "203.0.113.5/32"], "203.0.113.5/32"),
    (["203.0.113.5"], "203.0.113.5"),
    (["::ffff:203.0.113.5/128"], "203.0.113.5/32"),
    ([f"10.{n // 256}.{n % 256}.0/24" for n in range(2049)], "2048"),
])
def test_bad_cidrs_name_the_value_and_the_remedy(eks, cidrs, said):
    refused = error_of(eks.update_cluster_config, name="shape", resourcesVpcConfig={"publicAccessCidrs": cidrs})
    assert refused["Error"]["Code"] == "InvalidParameterException"
    assert said in refused["Error"]["Message"].replace(",", "")


def test_2048_cidrs_are_served(world, eks):
    update = world.update("shape", publicAccessCidrs=[f"10.{n // 256}.{n % 256}.0/24" for n in range(2048)])
    assert update["status"] == "Successful"
    assert len(eks.describe_cluster(name="shape")["cluster"]["resourcesVpcConfig"]["publicAccessCidrs"]) == 2048


def test_one_category_a_request(eks):
    refused = error_of(eks.update_cluster_config, name="shape", resourcesVpcConfig={"endpointPrivateAccess": True},
                       logging={"clusterLogging": [{"types": ["api"], "enabled": True}]})
    assert refused["Error"]["Code"] == "InvalidParameterException"
    empty = error_of(eks.update_cluster_config, name="shape")
    assert empty["Error"]["Code"] == "InvalidParameterException"


def test_wrong_key_and_wrong_secret(world):
    import boto3
    values = world.environment()

    def client(key, secret):
        return boto3.client("eks", region_name="us-east-1", endpoint_url=values["AWS_ENDPOINT_URL"],
                            aws_access_key_id=key, aws_secret_access_key=secret)
    unknown = error_of(client("AKIAAAAAAAAAAAAAAAAA", "x" * 40).list_clusters)
    assert unknown["Error"]["Code"] == "UnrecognizedClientException"
    wrong = error_of(client(values["AWS_ACCESS_KEY_ID"], "x" * 40).list_clusters)
    assert wrong["Error"]["Code"] == "InvalidSignatureException"
    assert wrong["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_delete_waiter(world, eks):
    eks.delete_cluster(name="page-00")
    eks.get_waiter("cluster_deleted").wait(name="page-00", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    assert "page-00" not in eks.list_clusters()["clusters"]
