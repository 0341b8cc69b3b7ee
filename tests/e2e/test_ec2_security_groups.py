"""Security groups and prefix lists by the AWS CLI and boto3, and what their changes do to live connections."""

import threading
import urllib.parse

import botocore.exceptions
import pytest

from test_bad_input import signed
from world import wait_until

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


@pytest.fixture(scope="module")
def ec2(world):
    return world.client("ec2")


@pytest.fixture(scope="module")
def group(ec2):
    return ec2.create_security_group(GroupName="e2e", Description="end to end")["GroupId"]


@pytest.fixture(scope="module")
def own_group(world, ec2):
    """The group of a cluster with private access, without the rule that admits the whole VPC."""
    cluster = world.create(endpointPublicAccess=True, endpointPrivateAccess=True)
    group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[
        HTTPS | {"IpRanges": [{"CidrIp": "127.31.0.0/16"}]}])
    return group


@pytest.fixture(scope="module")
def host(world, own_group):
    return world.client().describe_cluster(name="my-cluster")["cluster"]["endpoint"].removeprefix("https://").split(":")[0]


def error_of(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]


def admit(ec2, group, cidr):
    """The id of a rule for TCP 443 from there."""
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        HTTPS | {"IpRanges": [{"CidrIp": cidr, "Description": "by the test"}]}])
    return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]


class Watched:
    """A private connection, and when its end was seen."""

    def __init__(self, world, host, source):
        self.connection = world.connect(host, source, to=world.private)
        assert self.connection.echo()
        self.ended = threading.Event()

    def watch(self):
        def until_the_end():
            self.connection.stream.settimeout(30)
            try:
                if self.connection.stream.recv(1) == b"":
                    self.ended.set()
            except OSError:
                self.ended.set()
        threading.Thread(target=until_the_end, daemon=True).start()
        return self

    def cut(self):
        """Whether it is cut by now, give or take the thread's wake-up."""
        return self.ended.wait(1)


def test_the_life_of_a_group_in_the_aws_cli(world):
    def made(*words):
        return world.aws_json("ec2", *words)
    group = made("create-security-group", "--group-name", "cli", "--description", "from the CLI", "--tag-specifications",
                 "ResourceType=security-group,Tags=[{Key=team,Value=net}]")["GroupId"]
    rule = made("authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "443",
                "--cidr", "10.1.2.3/8")["SecurityGroupRules"][0]
    assert (rule["CidrIpv4"], rule["FromPort"], rule["IsEgress"]) == ("10.0.0.0/8", 443, False)
    made("authorize-security-group-ingress", "--group-id", group, "--protocol", "all", "--source-group", group)
    made("authorize-security-group-ingress", "--group-name", "cli", "--protocol", "icmp", "--port", "-1",
         "--cidr", "0.0.0.0/0")
    described = made("describe-security-groups", "--filters", "Name=tag:team,Values=net")["SecurityGroups"]
    assert [each["GroupId"] for each in described] == [group]
    assert [each["IpProtocol"] for each in described[0]["IpPermissions"]] == ["tcp", "-1", "icmp"]
    assert described[0]["IpPermissions"][1]["UserIdGroupPairs"] == [{"UserId": "000000000000", "GroupId": group}]
    assert described[0]["IpPermissionsEgress"][0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]
    world.aws("ec2", "modify-security-group-rules", "--group-id", group, "--security-group-rules",
              f"SecurityGroupRuleId={rule['SecurityGroupRuleId']},"
              "SecurityGroupRule={IpProtocol=tcp,FromPort=80,ToPort=80,CidrIpv4=10.0.0.0/8,Description=now 80}")
    rules = made("describe-security-group-rules", "--security-group-rule-ids", rule["SecurityGroupRuleId"])
    assert (rules["SecurityGroupRules"][0]["ToPort"], rules["SecurityGroupRules"][0]["Description"]) == (80, "now 80")
    revoked = made("revoke-security-group-ingress", "--group-id", group, "--security-group-rule-ids",
                   rule["SecurityGroupRuleId"])
    assert [each["SecurityGroupRuleId"] for each in revoked["RevokedSecurityGroupRules"]] == [
        rule["SecurityGroupRuleId"]]
    refused = world.aws("ec2", "delete-security-group", "--group-name", "default", check=False)
    assert "(CannotDelete)" in refused.stderr
    assert made("delete-security-group", "--group-name", "cli")["GroupId"] == group


def test_the_life_of_a_prefix_list_in_boto3(ec2, group):
    made = ec2.create_managed_prefix_list(PrefixListName="corp", AddressFamily="IPv4", MaxEntries=5, Entries=[
        {"Cidr": "10.0.0.0/16", "Description": "hq"}])["PrefixList"]
    name = made["PrefixListId"]
    changed = ec2.modify_managed_prefix_list(PrefixListId=name, CurrentVersion=made["Version"],
                                             AddEntries=[{"Cidr": "10.1.0.0/16"}])["PrefixList"]
    assert (changed["Version"], changed["State"]) == (2, "modify-complete")
    entries = ec2.get_paginator("get_managed_prefix_list_entries").paginate(
        PrefixListId=name, PaginationConfig={"PageSize": 1}).build_full_result()["Entries"]
    assert entries == [{"Cidr": "10.0.0.0/16", "Description": "hq"}, {"Cidr": "10.1.0.0/16"}]
    assert ec2.describe_prefix_lists(PrefixListIds=[name])["PrefixLists"][0]["Cidrs"] == ["10.0.0.0/16", "10.1.0.0/16"]
    permission = [HTTPS | {"PrefixListIds": [{"PrefixListId": name}]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permission)
    refused = error_of(ec2.delete_managed_prefix_list, PrefixListId=name)
    assert refused["Code"] == "DependencyViolation" and group in refused["Message"]
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=permission)
    ec2.delete_managed_prefix_list(PrefixListId=name)
    assert error_of(ec2.describe_managed_prefix_lists, PrefixListIds=[name])["Code"] == "InvalidPrefixListID.NotFound"


def test_paginators_and_a_restart_lose_nothing(world, ec2, group):
    for number in range(12):
        ec2.create_security_group(GroupName=f"page-{number}", Description="one of many")
    def names():
        pages = ec2.get_paginator("describe_security_groups").paginate(
            Filters=[{"Name": "group-name", "Values": ["page-*"]}], PaginationConfig={"PageSize": 5})
        return [[each["GroupName"] for each in page["SecurityGroups"]] for page in pages]
    before = names()
    assert [len(page) for page in before] == [5, 5, 2]
    before_rules = ec2.describe_security_group_rules()["SecurityGroupRules"]
    assert world.stop() == 0
    world.start()
    assert names() == before
    assert ec2.describe_security_group_rules()["SecurityGroupRules"] == before_rules


def test_a_revoked_rule_cuts_its_connections_and_no_other(world, ec2, own_group, host):
    assert not world.reaches(host, "127.31.1.7", to=world.private), "nothing admits it yet"
    rules = {number: admit(ec2, own_group, f"127.31.{number}.0/24") for number in (1, 2, 3)}
    # The call returns once the gateways enforce it: no retry.
    connections = {number: Watched(world, host, f"127.31.{number}.7") for number in rules}
    connections[1].watch()
    ec2.revoke_security_group_ingress(GroupId=own_group, SecurityGroupRuleIds=[rules[1]])
    assert connections[1].cut(), "the revocation was answered with the connection still open"
    assert connections[2].connection.alive() and connections[3].connection.alive()
    assert not world.reaches(host, "127.31.1.7", to=world.private)

    connections[2].watch()
    ec2.modify_security_group_rules(GroupId=own_group, SecurityGroupRules=[
        {"SecurityGroupRuleId": rules[2], "SecurityGroupRule": HTTPS | {"FromPort": 444, "ToPort": 444,
                                                                       "CidrIpv4": "127.31.2.0/24"}}])
    assert connections[2].cut()
    ec2.update_security_group_rule_descriptions_ingress(GroupId=own_group, SecurityGroupRuleDescriptions=[
        {"SecurityGroupRuleId": rules[3], "Description": "still here"}])
    assert connections[3].connection.alive()
    ec2.revoke_security_group_ingress(GroupId=own_group, SecurityGroupRuleIds=[rules[2], rules[3]])


def test_a_connection_that_another_rule_admits_lives_on(world, ec2, own_group, host):
    narrow = admit(ec2, own_group, "127.31.4.0/24")
    wide = admit(ec2, own_group, "127.31.0.0/16")
    watched = Watched(world, host, "127.31.4.7")
    ec2.revoke_security_group_ingress(GroupId=own_group, SecurityGroupRuleIds=[narrow])
    assert watched.connection.alive()
    watched.watch()
    ec2.revoke_security_group_ingress(GroupId=own_group, SecurityGroupRuleIds=[wide])
    assert watched.cut()


def test_an_entry_that_leaves_a_prefix_list_cuts_its_connections(world, ec2, own_group, host):
    made = ec2.create_managed_prefix_list(PrefixListName="nodes", AddressFamily="IPv4", MaxEntries=2, Entries=[
        {"Cidr": "127.31.5.0/24"}, {"Cidr": "127.31.6.0/24"}])["PrefixList"]
    permission = [HTTPS | {"PrefixListIds": [{"PrefixListId": made["PrefixListId"]}]}]
    ec2.authorize_security_group_ingress(GroupId=own_group, IpPermissions=permission)
    leaves, stays = Watched(world, host, "127.31.5.7").watch(), Watched(world, host, "127.31.6.7")
    ec2.modify_managed_prefix_list(PrefixListId=made["PrefixListId"], CurrentVersion=1,
                                   RemoveEntries=[{"Cidr": "127.31.5.0/24"}])
    assert leaves.cut()
    assert stays.connection.alive()
    ec2.revoke_security_group_ingress(GroupId=own_group, IpPermissions=permission)
    assert not stays.connection.alive()


def test_what_a_cluster_uses_is_not_deleted(ec2, own_group):
    refused = error_of(ec2.delete_security_group, GroupId=own_group)
    assert refused["Code"] == "DependencyViolation" and "cluster my-cluster" in refused["Message"]


def raw(world, action, **parameters):
    """(status, body) of a request the SDKs would not send."""
    body = urllib.parse.urlencode({"Action": action, "Version": "2016-11-15"} | parameters).encode()
    status, _, text = signed(world, "POST", "/", body, service="ec2",
                             headers={"Content-Type": "application/x-www-form-urlencoded"})
    return status, text


@pytest.mark.parametrize("parameters, code, field", [
    ({"IpProtocol": "tcp", "FromPort": "https", "ToPort": "443"}, "InvalidParameterValue", "FromPort"),
    ({"IpProtocol": "tcp", "FromPort": "443", "ToPort": "9" * 400}, "InvalidParameterValue", "ToPort"),
    ({"IpProtocol": "tcp", "FromPort": "443"}, "MissingParameter", "ToPort"),
    ({"IpProtocol": "T" * 100_000, "FromPort": "1", "ToPort": "1"}, "InvalidParameterValue", "IpProtocol"),
    ({"IpProtocol": "tcp", "FromPort": "1", "ToPort": "1", "CidrIp": "<x>&"}, "InvalidParameterValue", "CidrIp"),
    ({"IpProtocol": "tcp", "FromPort": "1", "ToPort": "1", "Surprise": "1"}, "UnknownParameter", "Surprise"),
    ({"IpProtocol": "tcp", "FromPort": "1", "ToPort": "1", "DryRun": "perhaps"}, "InvalidParameterValue", "DryRun"),
])
def test_bad_rules(world, group, parameters, code, field):
    status, text = raw(world, "AuthorizeSecurityGroupIngress",
                       **({"GroupId": group, "CidrIp": "10.0.0.0/8"} | parameters))
    assert status == 400 and f"<Code>{code}</Code>" in text, text[:500]
    assert field in text and len(text) < 2_000


@pytest.mark.parametrize("name, description, code", [
    ("g" * 256, "d", "InvalidParameterValue"),
    ("sg-mine", "d", "InvalidParameterValue"),
    ("default", "d", "InvalidGroup.Reserved"),
    ("grüße", "d", "InvalidParameterValue"),
    ("nul\0", "d", "InvalidParameterValue"),
    ("fine", "d" * 256, "InvalidParameterValue"),
    ("fine", "", "MissingParameter"),
])
def test_bad_names(world, name, description, code):
    status, text = raw(world, "CreateSecurityGroup", GroupName=name, GroupDescription=description)
    assert status == 400 and f"<Code>{code}</Code>" in text, text[:500]


def test_more_rules_than_a_group_may_have(ec2):
    group = ec2.create_security_group(GroupName="full", Description="full of rules")["GroupId"]
    def ranges(number):
        return [HTTPS | {"IpRanges": [{"CidrIp": f"10.{number}.{last}.0/24"} for last in range(250)]}]
    for number in range(4):
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=ranges(number))
    refused = error_of(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[
        HTTPS | {"IpRanges": [{"CidrIp": "10.9.0.0/24"}]}])
    assert refused["Code"] == "RulesPerSecurityGroupLimitExceeded"
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert len(rules) == 1_001, "1,000 that admit and one that lets out"
    ec2.delete_security_group(GroupId=group)


def test_many_at_once_lose_no_rule(world, ec2):
    group = ec2.create_security_group(GroupName="busy", Description="many writers")["GroupId"]
    failed = []
    def write(number):
        try:
            admit(ec2, group, f"10.{number}.0.0/16")
        except Exception as error:  # noqa: BLE001
            failed.append(error)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failed
    def admitted():
        return ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"][0]["IpRanges"]
    assert len(wait_until(admitted)) == 12
