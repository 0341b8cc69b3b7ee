"""The private hosted zone: who sees it, what it needs, and that DNS follows a change of the network at once."""

import json
import subprocess

import botocore.exceptions
import pytest

from test_dns import PRIVATE, PUBLIC, addresses, ask, dig
from world import REGION, host_of

LEGACY = {"sallyport.dev/public-resolves-private": "false"}


@pytest.fixture
def both(world, cluster):
    """Public and private access, and the VPC as it is made."""
    vpc = cluster["resourcesVpcConfig"]["vpcId"]
    access = world.client().describe_cluster(name="my-cluster")["cluster"]["resourcesVpcConfig"]
    if not (access["endpointPublicAccess"] and access["endpointPrivateAccess"]):
        world.update(endpointPublicAccess=True, endpointPrivateAccess=True)
    ec2 = world.client("ec2")
    made_with = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["DhcpOptionsId"]
    yield vpc
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": True})
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    ec2.associate_dhcp_options(VpcId=vpc, DhcpOptionsId=made_with)


def zones(world, *arguments):
    return world.sallyport_json("zones", *arguments)["zones"]


def the_zone(world):
    (zone,) = zones(world)
    return zone


def test_it_appears_and_disappears_with_private_access(world, host):
    assert zones(world) == []
    assert "no private hosted zones" in world.sallyport("zones").stdout
    assert world.metric('sallyport_hosted_zones{serving="true"}') == 0

    world.update(endpointPrivateAccess=True)
    zone = the_zone(world)
    assert zone["cluster"] == "my-cluster" and zone["name"] == host and zone["id"].startswith("Z")
    assert zone["records"] == [{"type": "A", "value": PRIVATE[0]}] and zone["serving"]
    assert world.metric('sallyport_hosted_zones{serving="true"}') == 1
    text = world.sallyport("zones", "--cluster", "my-cluster").stdout
    for word in (zone["id"], zone["vpc"], host, f"A {PRIVATE[0]}", "serving"):
        assert word in text

    world.update(endpointPublicAccess=False)
    assert the_zone(world)["id"] == zone["id"]
    world.update(endpointPublicAccess=True, endpointPrivateAccess=False)
    assert zones(world) == []
    unknown = world.sallyport("zones", "--cluster", "nowhere", check=False)
    assert unknown.returncode == 1 and "nowhere" in unknown.stderr


def test_no_user_sees_it(world, both):
    zone = the_zone(world)["id"]
    listed = world.aws_json("route53", "list-hosted-zones")
    assert listed["HostedZones"] == []
    by_vpc = world.aws_json("route53", "list-hosted-zones-by-vpc", "--vpc-id", both, "--vpc-region", REGION)
    assert by_vpc["HostedZoneSummaries"] == []
    assert world.aws_json("route53", "list-hosted-zones-by-name")["HostedZones"] == []
    assert world.aws_json("route53", "get-hosted-zone-count")["HostedZoneCount"] == 0
    answers = [listed, by_vpc, world.aws_json("eks", "describe-cluster", "--name", "my-cluster"),
               world.aws_json("eks", "list-updates", "--name", "my-cluster"),
               world.aws_json("ec2", "describe-tags"), world.aws_json("ec2", "describe-vpcs"),
               world.aws_json("ec2", "describe-dhcp-options")]
    assert zone not in json.dumps(answers)
    eks = world.client()
    for update in eks.list_updates(name="my-cluster")["updateIds"]:
        assert zone not in json.dumps(eks.describe_update(name="my-cluster", updateId=update), default=str)
    route53 = world.client("route53")
    for id_ in (zone, "Z0123456789ABCDEFGHIJ"):
        with pytest.raises(route53.exceptions.NoSuchHostedZone):
            route53.get_hosted_zone(Id=id_)
        with pytest.raises(route53.exceptions.NoSuchHostedZone):
            route53.list_resource_record_sets(HostedZoneId=id_)
    refused = world.aws("route53", "get-hosted-zone", "--id", zone, check=False)
    assert refused.returncode != 0 and "NoSuchHostedZone" in refused.stderr


def test_what_route53_does_not_serve_says_so(world, host):
    route53 = world.client("route53")
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        route53.create_hosted_zone(Name="example.com", CallerReference="1")
    assert refused.value.response["Error"]["Code"] == "InvalidAction"
    assert "CreateHostedZone" in refused.value.response["Error"]["Message"]
    assert refused.value.response["ResponseMetadata"]["RequestId"]
    pages = route53.get_paginator("list_hosted_zones").paginate(PaginationConfig={"PageSize": 5})
    assert [zone for page in pages for zone in page["HostedZones"]] == []


@pytest.mark.parametrize("attribute, answers", [("EnableDnsHostnames", PUBLIC), ("EnableDnsSupport", None)])
def test_dns_follows_vpc_attributes_at_once(world, host, both, attribute, answers):
    ec2 = world.client("ec2")
    said = attribute[0].lower() + attribute[1:]
    for _ in range(3):
        ec2.modify_vpc_attribute(VpcId=both, **{attribute: {"Value": False}})
        answer = ask(world.resolver, host)
        assert (addresses(answer) or None) == answers, "answered as before the change"
        if answers is None:
            assert answer.rcode().name == "REFUSED"
        zone = the_zone(world)
        assert not zone["serving"] and zone["obstacle"] == f"{said} is false" and zone["records"] == []
        ec2.modify_vpc_attribute(VpcId=both, **{attribute: {"Value": True}})
        assert addresses(ask(world.resolver, host)) == PRIVATE
    assert the_zone(world)["serving"]


def test_dns_follows_dhcp_options_at_once(world, host, both):
    ec2 = world.client("ec2")
    own = ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["127.31.0.53"]}])
    made_with = ec2.describe_vpcs(VpcIds=[both])["Vpcs"][0]["DhcpOptionsId"]
    for options in (own["DhcpOptions"]["DhcpOptionsId"], "default"):
        ec2.associate_dhcp_options(VpcId=both, DhcpOptionsId=options)
        assert addresses(ask(world.resolver, host)) == PUBLIC
        assert "AmazonProvidedDNS" in the_zone(world)["obstacle"]
        assert "AmazonProvidedDNS" in world.sallyport("zones").stdout
        assert world.metric('sallyport_hosted_zones{serving="false"}') == 1
        ec2.associate_dhcp_options(VpcId=both, DhcpOptionsId=made_with)
        assert addresses(ask(world.resolver, host)) == PRIVATE
    ec2.delete_dhcp_options(DhcpOptionsId=own["DhcpOptions"]["DhcpOptionsId"])


def test_status_shows_what_a_vpcs_dns_lacks(world, both):
    ec2 = world.client("ec2")
    assert {vpc["id"]: vpc["dnsObstacle"] for vpc in world.sallyport_json("status")["vpcs"]}[both] == ""
    ec2.modify_vpc_attribute(VpcId=both, EnableDnsHostnames={"Value": False})
    assert "enableDnsHostnames is false" in world.sallyport("status").stdout


def test_a_legacy_cluster_is_cured_for_good(fresh_world):
    world = fresh_world.start()
    eks = world.client()
    tags = LEGACY | {"sallyport.dev/pool": "my-cluster"}
    eks.create_cluster(name="old", roleArn="arn:aws:iam::000000000000:role/eks-cluster", tags=tags,
                       resourcesVpcConfig={"subnetIds": world.subnets(), "endpointPublicAccess": False,
                                           "endpointPrivateAccess": True})
    eks.get_waiter("cluster_active").wait(name="old", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    host = host_of(eks.describe_cluster(name="old")["cluster"])

    def public_answer():
        return dig(world.dns, host, "+noall", "+comments", "+answer")

    def restart():
        assert world.stop() == 0
        world.start()

    for _ in range(2):
        assert "NXDOMAIN" in public_answer()
        assert dig(world.resolver, host, "+short").split() == PRIVATE, "inside the VPC it has always resolved"
        told = world.sallyport_json("explain", "--cluster", "old", "--source", "203.0.113.5")
        assert told["dns"]["reason"] == "legacy-not-in-public-dns"
        restart()

    world.update("old", endpointPublicAccess=True)
    assert dig(world.dns, host, "+short").split() == PUBLIC
    restart()
    world.update("old", endpointPublicAccess=False)
    assert dig(world.dns, host, "+short").split() == PRIVATE, "cured by public access on, then off"
    restart()
    assert dig(world.dns, host, "+short").split() == PRIVATE
    world.update("old", endpointPublicAccess=True)
    world.update("old", endpointPublicAccess=False)
    assert dig(world.dns, host, "+short").split() == PRIVATE
    assert zones(world, "--cluster", "old")[0]["serving"]


def test_the_zone_survives_a_restart_and_goes_with_its_cluster(fresh_world):
    world = fresh_world.start()
    world.create(endpointPrivateAccess=True)
    zone = the_zone(world)
    world.kill()
    world.start()
    assert the_zone(world) == zone
    eks = world.client()
    eks.delete_cluster(name="my-cluster")
    eks.get_waiter("cluster_deleted").wait(name="my-cluster", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    assert zones(world) == []


def test_route53_of_a_server_elsewhere(fresh_world):
    """Global services are signed for the client's region or, as Terraform does, for us-east-1."""
    fresh_world.config.write_text(fresh_world.config.read_text().replace(f'"{REGION}"', '"eu-central-1"'))
    world = fresh_world.start()
    for region in ("eu-central-1", "us-east-1"):
        for service, operation in (("route53", "get-hosted-zone-count"), ("sts", "get-caller-identity")):
            world.aws(service, operation, "--region", region)
        done = world.aws("eks", "list-clusters", "--region", region, check=False)
        assert (done.returncode == 0) == (region == "eu-central-1"), done.stderr
    refused = world.aws("route53", "get-hosted-zone-count", "--region", "us-west-2", check=False)
    assert "SignatureDoesNotMatch" in refused.stderr and "eu-central-1" in refused.stderr


def test_completion_knows_zones(world):
    script = world.sallyport("completion", "bash").stdout
    done = subprocess.run(["bash", "-c", script + "\nCOMP_WORDS=(sallyport zones --c); COMP_CWORD=2; _sallyport; "
                           "echo ${COMPREPLY[@]}"], capture_output=True, text=True, timeout=20)
    assert "--cluster" in done.stdout
