"""Every call of real clients is found in the audit log, with who, what and the decision, and without a secret."""

import json
import urllib.error
import urllib.request

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config

from world import REGION, World

ACCOUNT = "000000000000"
LOOK = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["eks:List*", "sts:AssumeRole"], "Resource": "*"}]})


@pytest.fixture(scope="module")
def world(tmp_path_factory, authority, upstream):
    sallyport = World(tmp_path_factory.mktemp("world"), [f"127.0.0.1:{upstream.port}"], authority,
                      extra_config="[audit]\nmax_file_mib = 1\nkeep_mib = 3\nkeep_unauthenticated_mib = 2\n")
    sallyport.start()
    yield sallyport
    assert sallyport.stop() == 0, sallyport.log.read_text(errors="replace")[-4000:]


def client(world, service, key, secret=None, token=None):
    return boto3.client(service, endpoint_url=f"http://{world.api[0]}:{world.api[1]}", region_name=REGION,
                        aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=secret or key["SecretAccessKey"],
                        aws_session_token=token, config=Config(retries={"max_attempts": 1, "mode": "standard"}))


@pytest.fixture(scope="module")
def ann(world):
    """A user who may list clusters and assume roles, and her key."""
    iam = world.client("iam")
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="look", PolicyDocument=LOOK)
    return iam.create_access_key(UserName="ann")["AccessKey"]


def files(world, folder="audit"):
    return sorted((world.data / folder).glob("*.jsonl"))


def records(world):
    """Each line of every file is one record."""
    both = files(world) + files(world, "audit/unauthenticated")
    return [json.loads(line) for path in both for line in path.read_text().splitlines()]


def record_of(world, answer):
    found = [one for one in records(world) if one["requestID"] == answer["ResponseMetadata"]["RequestId"]]
    assert len(found) == 1, found
    return found[0]


def refused(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(**parameters)
    return raised.value.response


def test_an_allowed_call(world, ann):
    record = record_of(world, client(world, "eks", ann).list_clusters(maxResults=5))
    assert record["userIdentity"] == {
        "type": "IAMUser", "principalId": record["userIdentity"]["principalId"], "userName": "ann",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/ann", "accountId": ACCOUNT, "accessKeyId": ann["AccessKeyId"]}
    assert (record["eventSource"], record["eventName"]) == ("eks.amazonaws.com", "ListClusters")
    assert record["requestParameters"] == {"maxResults": "5"} and record["responseElements"] is None
    assert record["readOnly"] is True and "errorCode" not in record
    assert record["sourceIPAddress"] == "127.0.0.1" and "Boto3" in record["userAgent"]
    assert (record["awsRegion"], record["recipientAccountId"]) == (REGION, ACCOUNT)


def test_a_call_of_the_cli_by_root(world):
    made = world.aws_json("ec2", "create-vpc", "--cidr-block", "10.77.0.0/16")["Vpc"]["VpcId"]
    record = [one for one in records(world) if one["eventName"] == "CreateVpc"][-1]
    assert record["userIdentity"]["type"] == "Root" and "aws-cli" in record["userAgent"]
    assert record["requestParameters"] == {"cidrBlock": "10.77.0.0/16"}
    assert record["responseElements"]["vpc"]["vpcId"] == made and record["readOnly"] is False


def test_a_call_that_policies_deny(world, ann):
    record = record_of(world, refused(client(world, "ec2", ann).create_vpc, CidrBlock="10.78.0.0/16"))
    assert record["errorCode"] == "Client.UnauthorizedOperation" and "user/ann is not authorized" in record["errorMessage"]
    assert record["userIdentity"]["userName"] == "ann" and record["responseElements"] is None
    denied = record_of(world, refused(client(world, "eks", ann).delete_cluster, name="no-such"))
    assert denied["errorCode"] == "AccessDeniedException" and denied["requestParameters"] == {"name": "no-such"}


def test_calls_that_nobody_vouches_for(world, ann):
    forged = refused(client(world, "sts", ann, secret="guessed-wrongly").get_caller_identity)
    record = record_of(world, forged)
    assert record["userIdentity"] == {"type": "Unknown"} and record["errorCode"] == "SignatureDoesNotMatch"
    assert record["additionalEventData"] == {"claimedAccessKeyId": ann["AccessKeyId"]}
    with pytest.raises(urllib.error.HTTPError) as unsigned:
        urllib.request.urlopen(f"http://{world.api[0]}:{world.api[1]}/clusters", timeout=5)
    found = [one for one in records(world) if one["requestID"] == unsigned.value.headers["x-amzn-RequestId"]]
    assert found[0]["errorCode"] == "MissingAuthenticationTokenException" and found[0]["eventName"] == "ListClusters"
    assert not [one for path in files(world) for one in path.read_text().splitlines() if '"Unknown"}' in one]


def test_a_session_names_its_role(world, ann):
    iam = world.client("iam")
    iam.create_role(RoleName="ops", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]}))
    answer = client(world, "sts", ann).assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/ops", RoleSessionName="shift")
    session = answer["Credentials"]
    assumed = record_of(world, answer)
    assert assumed["requestParameters"]["roleArn"].endswith("role/ops")
    assert assumed["responseElements"]["credentials"]["accessKeyId"] == session["AccessKeyId"]

    sts = client(world, "sts", session, token=session["SessionToken"])
    identity = record_of(world, sts.get_caller_identity())["userIdentity"]
    assert identity["type"] == "AssumedRole" and identity["arn"].endswith("assumed-role/ops/shift")
    assert identity["accessKeyId"] == session["AccessKeyId"]
    issuer = identity["sessionContext"]["sessionIssuer"]
    assert issuer["arn"] == f"arn:aws:iam::{ACCOUNT}:role/ops" and issuer["userName"] == "ops"
    assert identity["sessionContext"]["attributes"]["creationDate"].endswith("Z")
    assert_nowhere(world, session["SecretAccessKey"], session["SessionToken"])


def assert_nowhere(world, *secrets):
    for path in [path for path in world.data.rglob("*") if path.is_file()] + [world.log]:
        held = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in held], path


def test_the_secret_of_a_new_key_is_nowhere(world, ann):
    answer = world.client("iam").create_access_key(UserName="ann")
    told = record_of(world, answer)["responseElements"]["accessKey"]
    assert told["accessKeyId"] == answer["AccessKey"]["AccessKeyId"]
    assert told["secretAccessKey"] == "HIDDEN_DUE_TO_SECURITY_REASONS"
    assert_nowhere(world, answer["AccessKey"]["SecretAccessKey"], ann["SecretAccessKey"])


def test_a_secret_given_by_mistake_is_nowhere(world):
    ec2 = world.client("ec2")
    gateway = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="203.0.113.9", BgpAsn=65000)["CustomerGateway"]
    transit = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    record = record_of(world, refused(
        ec2.create_vpn_connection, Type="ipsec.1", CustomerGatewayId=gateway["CustomerGatewayId"],
        TransitGatewayId=transit, Options={"TunnelOptions": [{"PreSharedKey": "hunter2hunter2"}]}))
    tunnel = record["requestParameters"]["options"]["tunnelOptions"][0]
    assert tunnel == {"preSharedKey": "HIDDEN_DUE_TO_SECURITY_REASONS"}
    assert_nowhere(world, "hunter2hunter2")


def test_the_command_shows_them(world, ann):
    answer = client(world, "eks", ann).list_clusters()
    table = world.sallyport("audit", "--limit", "1").stdout.splitlines()
    assert table[0].split() == ["TIME", "PRINCIPAL", "SOURCE", "ACTION", "RESULT", "REQUEST"] and len(table) == 2
    assert table[1].split()[1:] == ["user/ann", "127.0.0.1", "eks:ListClusters", "ok",
                                    answer["ResponseMetadata"]["RequestId"]]
    newest = world.sallyport_json("audit", "--limit", "500", "--since", "10m")["Records"]
    assert {one["requestID"] for one in newest} == {one["requestID"] for one in records(world)}
    wrong = world.sallyport("audit", "--since", "yesterday", check=False)
    assert wrong.returncode == 2 and "yesterday" in wrong.stderr


def test_files_rotate_and_the_oldest_go(world, ann):
    before = files(world)[0]
    iam = client(world, "iam", ann)
    for _ in range(40):     # nearly 4 MiB of records
        refused(iam.create_policy, PolicyName="p", PolicyDocument="x" * 95_000)
    kept = files(world)
    assert before not in kept and len(kept) >= 2
    assert sum(path.stat().st_size for path in kept) <= 3 * 1024 * 1024
    assert all(path.stat().st_size <= 1024 * 1024 and path.stat().st_mode & 0o777 == 0o600 for path in kept)
    record_of(world, client(world, "eks", ann).list_clusters())


def test_records_go_on_after_a_kill(world, ann):
    answer = client(world, "eks", ann).list_clusters()
    world.kill()
    newest = files(world)[-1]
    with open(newest, "a") as torn:
        torn.write('{"torn')
    world.start()
    later = client(world, "eks", ann).list_clusters()
    lines = newest.read_text().splitlines()
    torn = lines.index('{"torn')
    assert answer["ResponseMetadata"]["RequestId"] in lines[torn - 1]
    assert later["ResponseMetadata"]["RequestId"] in lines[torn + 1]
    lines.remove('{"torn')
    newest.write_text("\n".join(lines) + "\n")


def test_what_cannot_be_recorded_is_not_done(world, ann):
    ec2, eks = world.client("ec2"), client(world, "eks", ann)
    vpcs = len(ec2.describe_vpcs()["Vpcs"])
    folder, aside = world.data / "audit", world.data / "aside"
    folder.rename(aside)
    folder.write_text("a file where the folder was")
    error = refused(ec2.create_vpc, CidrBlock="10.79.0.0/16")["Error"]
    assert error["Code"] == "Unavailable" and "audit log" in error["Message"]
    refusal = refused(world.client("iam").create_user, UserName="bob")
    assert refusal["ResponseMetadata"]["HTTPStatusCode"] == 503
    read = eks.list_clusters()
    assert len(ec2.describe_vpcs()["Vpcs"]) == vpcs
    assert world.metric("sallyport_audit_failing") == 1
    assert world.metric("sallyport_audit_changes_refused_total") >= 2
    assert world.log.read_text().count("cannot be opened") <= 2     # once for each of the two folders

    folder.unlink()
    aside.rename(folder)
    made = ec2.create_vpc(CidrBlock="10.79.0.0/16")
    assert world.metric("sallyport_audit_failing") == 0
    assert record_of(world, made)["responseElements"]["vpc"]["vpcId"] == made["Vpc"]["VpcId"]
    record_of(world, read)      # what waited in memory is written
    assert record_of(world, refusal)["errorCode"]
