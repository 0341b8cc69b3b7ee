"""Access entries and access policies by the AWS CLI and boto3: their life, their rules, and who may change them."""

import json

import boto3
import botocore.exceptions
import pytest

from world import REGION, ROLE, World, wait_until

ACCOUNT = "000000000000"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
POLICIES = "arn:aws:eks::aws:cluster-access-policy/"
ADMIN, VIEW = POLICIES + "AmazonEKSClusterAdminPolicy", POLICIES + "AmazonEKSViewPolicy"
CLUSTER = "my-cluster"


@pytest.fixture(scope="module")
def eks(world, cluster):
    return world.client()


@pytest.fixture(scope="module")
def iam(world):
    """With the role dev, which everybody of the account may assume."""
    client = world.client("iam")
    client.create_role(RoleName="dev", Path="/teams/", AssumeRolePolicyDocument=json.dumps(policy(
        statement("Allow", "sts:AssumeRole", Principal={"AWS": ROOT}))))
    return client


@pytest.fixture
def user(iam, request):
    """A user of the test's own name, by ARN."""
    name = request.node.name[:60]
    yield iam.create_user(UserName=name)["User"]["Arn"]
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    for each in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=each)
    iam.delete_user(UserName=name)


@pytest.fixture
def entry(eks, user):
    made = eks.create_access_entry(clusterName=CLUSTER, principalArn=user, tags={"team": "blue"})["accessEntry"]
    yield made
    eks.delete_access_entry(clusterName=CLUSTER, principalArn=user)


def statement(effect, action, resource=None, **more):
    return {"Effect": effect, "Action": action, **({"Resource": resource} if resource else {}), **more}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def acting(world, iam, arn, *statements):
    """The EKS client of a user who may just that."""
    name = arn.rsplit("/", 1)[1]
    iam.put_user_policy(UserName=name, PolicyName="test", PolicyDocument=json.dumps(policy(*statements)))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.client("eks", endpoint_url=f"http://{world.api[0]}:{world.api[1]}", region_name=REGION,
                        aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])


def refusal(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(**parameters)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def associate(eks, principal, policy_arn=VIEW, **scope):
    return eks.associate_access_policy(clusterName=CLUSTER, principalArn=principal, policyArn=policy_arn,
                                       accessScope=scope or {"type": "cluster"})["associatedAccessPolicy"]


def test_the_whole_life_by_the_cli(world, cluster, user):
    at = ("--cluster-name", CLUSTER, "--principal-arn", user)
    made = world.aws_json("eks", "create-access-entry", *at, "--kubernetes-groups", "viewers", "ops",
                          "--tags", "team=blue")["accessEntry"]
    assert made["kubernetesGroups"] == ["viewers", "ops"] and made["username"] == user and made["type"] == "STANDARD"
    assert made["accessEntryArn"].startswith(f"arn:aws:eks:{REGION}:{ACCOUNT}:access-entry/{CLUSTER}/user/{ACCOUNT}/")
    assert world.aws_json("eks", "describe-access-entry", *at)["accessEntry"] == made
    assert set(world.aws_json("eks", "list-access-entries", "--cluster-name", CLUSTER)["accessEntries"]) >= {user, ROOT}

    scope = "type=namespace,namespaces=dev,test-*"
    associated = world.aws_json("eks", "associate-access-policy", *at, "--policy-arn", VIEW, "--access-scope", scope)
    assert associated["associatedAccessPolicy"]["accessScope"] == {"type": "namespace", "namespaces": ["dev", "test-*"]}
    listed = world.aws_json("eks", "list-associated-access-policies", *at)["associatedAccessPolicies"]
    assert [each["policyArn"] for each in listed] == [VIEW]
    world.aws("eks", "disassociate-access-policy", *at, "--policy-arn", VIEW)
    world.aws("eks", "delete-access-entry", *at)
    refused = world.aws("eks", "describe-access-entry", *at, check=False)
    assert refused.returncode != 0 and "ResourceNotFoundException" in refused.stderr


def test_the_creator_administers_the_cluster(eks):
    entry = eks.describe_access_entry(clusterName=CLUSTER, principalArn=ROOT)["accessEntry"]
    assert entry["username"] == ROOT and entry["type"] == "STANDARD"
    (associated,) = eks.list_associated_access_policies(clusterName=CLUSTER, principalArn=ROOT)[
        "associatedAccessPolicies"]
    assert associated["policyArn"] == ADMIN and associated["accessScope"] == {"type": "cluster", "namespaces": []}


def test_a_role_is_meant_whatever_its_session(eks, iam):
    arn = f"arn:aws:iam::{ACCOUNT}:role/teams/dev"
    entry = eks.create_access_entry(clusterName=CLUSTER, principalArn=arn)["accessEntry"]
    assert entry["username"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/dev/{{{{SessionName}}}}"
    changed = eks.update_access_entry(clusterName=CLUSTER, principalArn=arn, username="dev:{{SessionName}}",
                                      kubernetesGroups=["devs"])["accessEntry"]
    assert changed["username"] == "dev:{{SessionName}}" and changed["modifiedAt"] > entry["modifiedAt"]
    code, message = refusal(eks.create_access_entry, clusterName=CLUSTER,
                            principalArn=f"arn:aws:sts::{ACCOUNT}:assumed-role/dev/ann")
    assert code == "InvalidParameterException" and "name its role" in message
    eks.delete_access_entry(clusterName=CLUSTER, principalArn=arn)
    node = eks.create_access_entry(clusterName=CLUSTER, principalArn=arn, type="EC2_LINUX")["accessEntry"]
    assert node["username"] == "system:node:{{EC2PrivateDNSName}}" and node["kubernetesGroups"] == ["system:nodes"]
    assert refusal(associate, eks=eks, principal=arn)[0] == "InvalidRequestException"
    eks.delete_access_entry(clusterName=CLUSTER, principalArn=arn)


def test_what_eks_refuses(eks, entry):
    arn = entry["principalArn"]
    at = {"clusterName": CLUSTER, "principalArn": arn}
    code, message = refusal(eks.create_access_entry, **at)
    assert code == "ResourceInUseException" and "already in use on this cluster" in message
    code, message = refusal(eks.create_access_entry, clusterName=CLUSTER, principalArn=arn + "-not")
    assert code == "InvalidParameterException" and "The specified principalArn is invalid: invalid principal" in message
    code, message = refusal(eks.update_access_entry, **at, kubernetesGroups=["system:masters"])
    assert code == "InvalidParameterException"
    assert "The kubernetes group name system:masters is invalid, it cannot start with system:" in message
    assert "must not begin with system:" in refusal(eks.update_access_entry, **at, username="system:admin")[1]
    assert refusal(associate, eks=eks, principal=arn, policy_arn="arn:aws:iam::aws:policy/x")[0] == \
        "InvalidParameterException"
    assert refusal(associate, eks=eks, principal=arn, policy_arn=POLICIES + "None")[0] == "ResourceNotFoundException"
    assert refusal(associate, eks=eks, principal=arn, type="namespace")[0] == "InvalidParameterException"
    assert refusal(associate, eks=eks, principal=arn, type="cluster", namespaces=["a"])[0] == \
        "InvalidParameterException"
    assert refusal(eks.describe_access_entry, clusterName="none", principalArn=arn)[0] == "ResourceNotFoundException"


def test_a_token_is_good_once(eks, user):
    request = {"clusterName": CLUSTER, "principalArn": user, "clientRequestToken": "once"}
    first = eks.create_access_entry(**request)["accessEntry"]
    assert eks.create_access_entry(**request)["accessEntry"] == first
    assert refusal(eks.create_access_entry, **request, username="ann")[0] == "InvalidParameterException"
    eks.delete_access_entry(clusterName=CLUSTER, principalArn=user)


def test_a_policy_again_changes_its_scope(eks, entry):
    arn = entry["principalArn"]
    first = associate(eks, arn, type="namespace", namespaces=["dev"])
    second = associate(eks, arn)
    assert second["accessScope"]["type"] == "cluster" and second["associatedAt"] == first["associatedAt"]
    assert len(eks.list_associated_access_policies(clusterName=CLUSTER, principalArn=arn)[
        "associatedAccessPolicies"]) == 1


def test_lists_page_and_filter(eks, iam):
    arns = []
    for number in range(5):
        arns.append(iam.create_user(UserName=f"page-{number}", Path="/pages/")["User"]["Arn"])
        eks.create_access_entry(clusterName=CLUSTER, principalArn=arns[-1])
    associate(eks, arns[3])
    pages = eks.get_paginator("list_access_entries")
    every = [page["accessEntries"] for page in pages.paginate(clusterName=CLUSTER, PaginationConfig={"PageSize": 2})]
    assert len(every) > 1 and [arn for page in every for arn in page] == sorted([ROOT, *arns])
    filtered = pages.paginate(clusterName=CLUSTER, associatedPolicyArn=VIEW).build_full_result()
    assert filtered["accessEntries"] == [arns[3]]
    names = eks.get_paginator("list_access_policies").paginate(PaginationConfig={"PageSize": 2}).build_full_result()
    assert [each["name"] for each in names["accessPolicies"]] == [
        "AmazonEKSAdminPolicy", "AmazonEKSAdminViewPolicy", "AmazonEKSClusterAdminPolicy", "AmazonEKSEditPolicy",
        "AmazonEKSViewPolicy"]
    for number, arn in enumerate(arns):
        eks.delete_access_entry(clusterName=CLUSTER, principalArn=arn)
        iam.delete_user(UserName=f"page-{number}")


def test_tags(eks, entry):
    arn = entry["accessEntryArn"]
    eks.tag_resource(resourceArn=arn, tags={"stage": "prod"})
    assert eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "blue", "stage": "prod"}
    eks.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert eks.describe_access_entry(clusterName=CLUSTER, principalArn=entry["principalArn"])["accessEntry"]["tags"] \
        == {"stage": "prod"}
    assert refusal(eks.list_tags_for_resource, resourceArn=arn + "x")[0] == "NotFoundException"


def test_policies_decide_who_may(world, eks, iam, user):
    cluster = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{CLUSTER}"
    entries = f"arn:aws:eks:{REGION}:{ACCOUNT}:access-entry/{CLUSTER}/user/{ACCOUNT}"
    ann = acting(world, iam, user,
                 statement("Allow", "eks:CreateAccessEntry", cluster,
                           Condition={"StringEquals": {"eks:accessEntryType": "STANDARD", "aws:RequestTag/team": "blue"},
                                      "ArnEquals": {"eks:principalArn": user},
                                      "Null": {"eks:kubernetesGroups": "true"}}),
                 statement("Allow", "eks:AssociateAccessPolicy", entries + "/*",
                           Condition={"ArnEquals": {"eks:policyArn": VIEW},
                                      "StringEquals": {"eks:accessScope": "namespace"},
                                      "ForAllValues:StringLike": {"eks:namespaces": "dev-*"}}),
                 statement("Allow", "eks:DescribeAccessEntry", entries + "/*",
                           Condition={"StringEquals": {"aws:ResourceTag/team": "blue"}}))
    request = {"clusterName": CLUSTER, "principalArn": user, "tags": {"team": "blue"}}
    for wrong in ({"principalArn": ROOT}, {"tags": {"team": "red"}}, {"kubernetesGroups": ["ops"]},
                  {"type": "EC2_LINUX"}):
        assert refusal(ann.create_access_entry, **{**request, **wrong})[0] == "AccessDeniedException", wrong
    made = ann.create_access_entry(**request)["accessEntry"]
    assert ann.describe_access_entry(clusterName=CLUSTER, principalArn=user)["accessEntry"] == made
    associate(ann, user, type="namespace", namespaces=["dev-a", "dev-b"])
    for policy_arn, scope in ((VIEW, {"type": "cluster"}), (VIEW, {"type": "namespace", "namespaces": ["dev-a", "x"]}),
                              (ADMIN, {"type": "namespace", "namespaces": ["dev-a"]})):
        assert refusal(associate, eks=ann, principal=user, policy_arn=policy_arn, **scope)[0] == "AccessDeniedException"
    eks.tag_resource(resourceArn=made["accessEntryArn"], tags={"team": "red"})
    for call, arn in ((ann.describe_access_entry, user), (ann.delete_access_entry, user),
                      (ann.describe_access_entry, ROOT)):
        assert refusal(call, clusterName=CLUSTER, principalArn=arn)[0] == "AccessDeniedException"
    eks.delete_access_entry(clusterName=CLUSTER, principalArn=user)


@pytest.fixture
def eks_and_world(fresh_world):
    fresh_world.start()
    return fresh_world.client(), fresh_world


def make_cluster(eks, world, name, mode, bootstrap=True):
    eks.create_cluster(name=name, roleArn=ROLE, tags={"sallyport.dev/pool": CLUSTER},
                       resourcesVpcConfig={"subnetIds": world.subnets()},
                       accessConfig={"authenticationMode": mode, "bootstrapClusterCreatorAdminPermissions": bootstrap})
    eks.get_waiter("cluster_active").wait(name=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})


def set_mode(eks, name, mode):
    update = eks.update_cluster_config(name=name, accessConfig={"authenticationMode": mode})["update"]
    assert update["type"] == "AccessConfigUpdate"
    assert update["params"] == [{"type": "AuthenticationMode", "value": mode}]
    wait_until(lambda: eks.describe_update(name=name, updateId=update["id"])["update"]["status"] == "Successful")


def test_modes_restarts_and_the_end(eks_and_world):
    eks, world = eks_and_world
    code, message = refusal(make_cluster, eks=eks, world=world, name="c", mode="CONFIG_MAP", bootstrap=False)
    assert code == "InvalidParameterException"
    assert "must be true if cluster authentication mode is set to CONFIG_MAP" in message
    make_cluster(eks, world, "c", "CONFIG_MAP")
    code, message = refusal(eks.list_access_entries, clusterName="c")
    assert code == "InvalidRequestException"
    assert message == ("The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform "
                       "this operation.")
    assert refusal(set_mode, eks=eks, name="c", mode="API")[0] == "InvalidParameterException"
    set_mode(eks, "c", "API_AND_CONFIG_MAP")
    assert eks.list_access_entries(clusterName="c")["accessEntries"] == [ROOT]
    set_mode(eks, "c", "API")
    assert refusal(set_mode, eks=eks, name="c", mode="CONFIG_MAP")[0] == "InvalidParameterException"
    before = eks.describe_access_entry(clusterName="c", principalArn=ROOT)["accessEntry"]

    world.kill()
    world.start()
    eks = world.client()
    assert eks.describe_access_entry(clusterName="c", principalArn=ROOT)["accessEntry"] == before
    assert eks.describe_cluster(name="c")["cluster"]["accessConfig"]["authenticationMode"] == "API"

    eks.delete_cluster(name="c")
    eks.get_waiter("cluster_deleted").wait(name="c", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    make_cluster(eks, world, "c", "API", bootstrap=False)
    assert eks.list_access_entries(clusterName="c")["accessEntries"] == []
