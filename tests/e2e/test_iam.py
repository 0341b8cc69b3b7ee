"""Users, keys, roles and policies by the AWS CLI and boto3, and what they allow and refuse at every other API."""

import json

import boto3
import botocore.exceptions
import pytest

from world import REGION, ROLE, World

LOOK = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["eks:Describe*", "eks:List*"], "Resource": "*"}]}


@pytest.fixture(scope="module")
def world(tmp_path_factory, authority, upstream):
    sallyport = World(tmp_path_factory.mktemp("world"), [f"127.0.0.1:{upstream.port}"], authority)
    sallyport.start()
    yield sallyport
    assert sallyport.stop() == 0, sallyport.log.read_text(errors="replace")[-4000:]


@pytest.fixture(scope="module")
def iam(world):
    return world.client("iam")


@pytest.fixture(scope="module")
def cluster(world):
    eks = world.client()
    subnets = world.client("ec2").describe_subnets()["Subnets"]
    eks.create_cluster(name="my-cluster", roleArn=ROLE, tags={"team": "blue"},
                       resourcesVpcConfig={"subnetIds": [subnet["SubnetId"] for subnet in subnets]})
    eks.get_waiter("cluster_active").wait(name="my-cluster", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    return "my-cluster"


def client(world, service, key, token=None):
    return boto3.client(service, endpoint_url=f"http://{world.api[0]}:{world.api[1]}", region_name=REGION,
                        aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"],
                        aws_session_token=token)


def error_of(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]


@pytest.fixture
def user(iam, request):
    """A user of the test's own name without any policy, and a key of it."""
    name = request.node.name.replace("[", "-").replace("]", "")[:60]
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    yield name, key
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    for policy in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        iam.detach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
    for one in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=one["AccessKeyId"])
    iam.delete_user(UserName=name)


def allow(iam, name, document):
    iam.put_user_policy(UserName=name, PolicyName="test", PolicyDocument=json.dumps(document))


def statement(effect, action, resource="*", **condition):
    return {"Effect": effect, "Action": action, "Resource": resource, **({"Condition": condition} if condition else {})}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def test_a_new_user_is_somebody_and_may_nothing(world, user, cluster):
    name, key = user
    assert client(world, "sts", key).get_caller_identity()["Arn"] == f"arn:aws:iam::000000000000:user/{name}"
    error = error_of(client(world, "eks", key).describe_cluster, name=cluster)
    assert error["Code"] == "AccessDeniedException" and "eks:DescribeCluster" in error["Message"]
    assert error_of(client(world, "ec2", key).describe_vpcs)["Code"] == "UnauthorizedOperation"
    assert error_of(client(world, "iam", key).list_users)["Code"] == "AccessDenied"


def test_a_policy_is_in_force_at_once(world, iam, user, cluster):
    name, key = user
    eks = client(world, "eks", key)
    allow(iam, name, LOOK)
    assert eks.describe_cluster(name=cluster)["cluster"]["name"] == cluster
    assert error_of(eks.delete_cluster, name=cluster)["Code"] == "AccessDeniedException"
    iam.delete_user_policy(UserName=name, PolicyName="test")
    assert error_of(eks.describe_cluster, name=cluster)["Code"] == "AccessDeniedException"
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    assert eks.describe_cluster(name=cluster) and client(world, "ec2", key).describe_vpcs()["Vpcs"]
    assert error_of(client(world, "ec2", key).create_vpc, CidrBlock="10.99.0.0/16")["Code"] == "UnauthorizedOperation"


def test_a_deny_comes_first(world, iam, user, cluster):
    name, key = user
    allow(iam, name, policy(statement("Allow", "*"), statement("Deny", "eks:DescribeCluster")))
    eks = client(world, "eks", key)
    assert eks.list_clusters()["clusters"]
    assert "explicit deny" in error_of(eks.describe_cluster, name=cluster)["Message"]


def test_conditions_see_tags_and_addresses(world, iam, user, cluster):
    name, key = user
    eks = client(world, "eks", key)
    allow(iam, name, policy(statement("Allow", "eks:*", StringEquals={"aws:ResourceTag/team": "blue"})))
    assert eks.describe_cluster(name=cluster)
    allow(iam, name, policy(statement("Allow", "eks:*", StringEquals={"aws:ResourceTag/team": "red"})))
    assert error_of(eks.describe_cluster, name=cluster)["Code"] == "AccessDeniedException"
    allow(iam, name, policy(statement("Allow", "eks:*", IpAddress={"aws:SourceIp": "127.0.0.1"})))
    assert eks.describe_cluster(name=cluster)
    allow(iam, name, policy(statement("Allow", "eks:*", NotIpAddress={"aws:SourceIp": "127.0.0.0/8"})))
    assert error_of(eks.describe_cluster, name=cluster)["Code"] == "AccessDeniedException"


def test_resources_of_ec2(world, iam, user):
    name, key = user
    group = world.client("ec2").describe_security_groups()["SecurityGroups"][0]["GroupId"]
    rule = {"GroupId": group, "IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "CidrIp": "203.0.113.0/24"}
    ec2 = client(world, "ec2", key)
    allow(iam, name, policy(statement("Allow", "ec2:*"), statement(
        "Deny", "ec2:AuthorizeSecurityGroupIngress", f"arn:aws:ec2:*:*:security-group/{group}")))
    assert error_of(ec2.authorize_security_group_ingress, **rule)["Code"] == "UnauthorizedOperation"
    allow(iam, name, policy(statement("Allow", "ec2:*")))
    ec2.authorize_security_group_ingress(**rule)
    ec2.revoke_security_group_ingress(**rule)


def test_a_key_that_is_off_or_gone_is_refused_at_once(world, iam, user):
    name, key = user
    sts = client(world, "sts", key)
    assert sts.get_caller_identity()
    iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert error_of(sts.get_caller_identity)["Code"] == "InvalidClientTokenId"
    iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Active")
    assert sts.get_caller_identity()
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    assert error_of(sts.get_caller_identity)["Code"] == "InvalidClientTokenId"


def test_a_role_is_assumed_by_whom_it_trusts(world, iam, user, cluster):
    name, key = user
    trust = policy({"Effect": "Allow", "Action": "sts:AssumeRole",
                    "Principal": {"AWS": f"arn:aws:iam::000000000000:user/{name}"}})
    role = iam.create_role(RoleName="looker", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.put_role_policy(RoleName="looker", PolicyName="look", PolicyDocument=json.dumps(LOOK))
    try:
        session = client(world, "sts", key).assume_role(RoleArn=role["Arn"], RoleSessionName="test")
        credentials = session["Credentials"]
        token = credentials["SessionToken"]
        identity = client(world, "sts", credentials, token).get_caller_identity()
        assert identity["Arn"] == "arn:aws:sts::000000000000:assumed-role/looker/test"
        eks = client(world, "eks", credentials, token)
        assert eks.describe_cluster(name=cluster)
        assert error_of(eks.delete_cluster, name=cluster)["Code"] == "AccessDeniedException"
        assert error_of(client(world, "sts", credentials).get_caller_identity)["Code"] == "InvalidClientTokenId"
        forged = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
        assert error_of(client(world, "sts", credentials, forged).get_caller_identity)["Code"] == "InvalidClientTokenId"
        other = iam.create_access_key(UserName=name)["AccessKey"]
        assert client(world, "sts", other).assume_role(RoleArn=role["Arn"], RoleSessionName="again")
    finally:
        iam.delete_role_policy(RoleName="looker", PolicyName="look")
        iam.delete_role(RoleName="looker")
    error = error_of(client(world, "sts", credentials, token).get_caller_identity)
    assert error["Code"] == "InvalidClientTokenId", "a session ends with its role"


def test_the_cli_and_a_restart(world, iam, user):
    name, key = user
    document = world.folder / "policy.json"
    document.write_text(json.dumps(LOOK))
    made = world.aws_json("iam", "create-policy", "--policy-name", "look", "--policy-document", f"file://{document}")
    world.aws("iam", "attach-user-policy", "--user-name", name, "--policy-arn", made["Policy"]["Arn"])
    world.stop()
    world.start()
    assert client(world, "eks", key).list_clusters()
    attached = world.aws_json("iam", "list-attached-user-policies", "--user-name", name)["AttachedPolicies"]
    assert attached == [{"PolicyName": "look", "PolicyArn": made["Policy"]["Arn"]}]
    world.aws("iam", "detach-user-policy", "--user-name", name, "--policy-arn", made["Policy"]["Arn"])
    world.aws("iam", "delete-policy", "--policy-arn", made["Policy"]["Arn"])


def test_secrets_are_neither_in_the_store_nor_in_the_log(world, user):
    _, key = user
    secret = key["SecretAccessKey"].encode()
    for path in [world.log, *world.data.glob("sallyport.db*")]:
        assert secret not in path.read_bytes(), path
    assert (world.data / "secrets.key").stat().st_mode & 0o777 == 0o600


def test_policies_with_errors_are_named_by_line(iam, user):
    name, _ = user
    error = error_of(iam.put_user_policy, UserName=name, PolicyName="bad", PolicyDocument='{"Version": "2012-10-17",\n'
                     '"Statement": [{"Effect": "Allow",\n"Action": "eks", "Resource": "*"}]}')
    assert error["Code"] == "MalformedPolicyDocument" and "Statement[0].Action (line 3)" in error["Message"]
