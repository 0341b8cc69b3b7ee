"""VPCs, subnets, interfaces, Elastic IPs and NAT gateways by the AWS CLI and boto3, and what clusters make of them."""

import json

import botocore.exceptions
import pytest

from world import ROLE, World, host_of, wait_until

QUICK = {"Delay": 1, "MaxAttempts": 5}
EGRESS = "127.0.113.77"


@pytest.fixture(scope="module")
def world(tmp_path_factory, authority, upstream):
    """With a pool of four Elastic IP addresses."""
    sallyport = World(tmp_path_factory.mktemp("world"), [f"127.0.0.1:{upstream.port}"], authority,
                      extra_config='[ec2]\nelastic_ip_pool = ["127.0.113.64/30"]')
    sallyport.start()
    yield sallyport
    assert sallyport.stop() == 0, sallyport.log.read_text(errors="replace")[-4000:]


@pytest.fixture(scope="module")
def ec2(world):
    return world.client("ec2")


@pytest.fixture(scope="module")
def vpc(ec2):
    made = ec2.create_vpc(CidrBlock="10.60.0.0/16", TagSpecifications=[
        {"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "second"}]}])["Vpc"]["VpcId"]
    ec2.get_waiter("vpc_available").wait(VpcIds=[made], WaiterConfig=QUICK)
    return made


@pytest.fixture(scope="module")
def subnets(ec2, vpc):
    ids = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.60.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
           for n, zone in enumerate("ab")]
    ec2.get_waiter("subnet_available").wait(SubnetIds=ids, WaiterConfig=QUICK)
    return ids


@pytest.fixture(scope="module")
def cluster(world, subnets):
    """A cluster in the second VPC."""
    eks = world.client()
    eks.create_cluster(name="second", roleArn=ROLE, tags={"sallyport.dev/pool": "my-cluster"},
                       resourcesVpcConfig={"subnetIds": subnets})
    eks.get_waiter("cluster_active").wait(name="second", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    return eks.describe_cluster(name="second")["cluster"]


def error_of(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]


def code_of(call, **parameters):
    return error_of(call, **parameters)["Code"]


def filtered(**values):
    return [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in values.items()]


def test_the_cli_makes_a_network(world):
    def aws(*arguments):
        return world.aws_json("ec2", *arguments)
    vpc = aws("create-vpc", "--cidr-block", "10.70.0.0/16")["Vpc"]
    assert vpc["State"] == "available" and vpc["CidrBlockAssociationSet"][0]["CidrBlock"] == "10.70.0.0/16"
    assert not vpc["IsDefault"]
    subnet = aws("create-subnet", "--vpc-id", vpc["VpcId"], "--cidr-block", "10.70.1.0/24", "--tag-specifications",
                 "ResourceType=subnet,Tags=[{Key=Name,Value=one}]")["Subnet"]
    assert subnet["AvailableIpAddressCount"] == 251 and subnet["Tags"] == [{"Key": "Name", "Value": "one"}]
    world.aws("ec2", "modify-subnet-attribute", "--subnet-id", subnet["SubnetId"], "--map-public-ip-on-launch")
    world.aws("ec2", "modify-vpc-attribute", "--vpc-id", vpc["VpcId"], "--enable-dns-hostnames", "Value=true")
    hostnames = aws("describe-vpc-attribute", "--vpc-id", vpc["VpcId"], "--attribute", "enableDnsHostnames")
    assert hostnames["EnableDnsHostnames"] == {"Value": True}
    options = aws("create-dhcp-options", "--dhcp-configurations",
                  "Key=domain-name-servers,Values=10.70.0.9,AmazonProvidedDNS")["DhcpOptions"]["DhcpOptionsId"]
    world.aws("ec2", "associate-dhcp-options", "--vpc-id", vpc["VpcId"], "--dhcp-options-id", options)
    assert aws("describe-vpcs", "--vpc-ids", vpc["VpcId"])["Vpcs"][0]["DhcpOptionsId"] == options
    interface = aws("create-network-interface", "--subnet-id", subnet["SubnetId"], "--private-ip-address", "10.70.1.9",
                    "--description", "a node")["NetworkInterface"]
    assert interface["PrivateIpAddresses"][0]["Primary"] and interface["Groups"][0]["GroupName"] == "default"
    shown = aws("describe-subnets", "--filters", f"Name=vpc-id,Values={vpc['VpcId']}")["Subnets"]
    assert [one["AvailableIpAddressCount"] for one in shown] == [250] and shown[0]["MapPublicIpOnLaunch"]

    refused = world.aws("ec2", "delete-vpc", "--vpc-id", vpc["VpcId"], check=False)
    assert "(DependencyViolation)" in refused.stderr and subnet["SubnetId"] in refused.stderr
    world.aws("ec2", "delete-network-interface", "--network-interface-id", interface["NetworkInterfaceId"])
    world.aws("ec2", "delete-subnet", "--subnet-id", subnet["SubnetId"])
    world.aws("ec2", "delete-vpc", "--vpc-id", vpc["VpcId"])
    world.aws("ec2", "delete-dhcp-options", "--dhcp-options-id", options)
    assert "(InvalidVpcID.NotFound)" in world.aws("ec2", "describe-vpcs", "--vpc-ids", vpc["VpcId"], check=False).stderr


def test_zones_regions_and_account(ec2):
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    assert [(zone["ZoneName"], zone["ZoneId"], zone["State"]) for zone in zones] == [
        (f"us-east-1{zone}", f"use1-az{n}", "available") for n, zone in enumerate("abc", 1)]
    assert [region["RegionName"] for region in ec2.describe_regions()["Regions"]] == ["us-east-1"]
    (default,) = ec2.describe_vpcs(Filters=filtered(is_default="true"))["Vpcs"]
    attribute = ec2.describe_account_attributes(AttributeNames=["default-vpc"])["AccountAttributes"][0]
    assert attribute["AttributeValues"] == [{"AttributeValue": default["VpcId"]}]
    assert code_of(ec2.create_default_vpc) == "DefaultVpcAlreadyExists"


def test_what_a_network_here_has_none_of(ec2, vpc, cluster):
    assert ec2.describe_vpc_endpoints()["VpcEndpoints"] == []
    assert ec2.describe_vpc_endpoints(Filters=filtered(vpc_id=vpc))["VpcEndpoints"] == []
    assert ec2.describe_vpc_endpoint_services()["ServiceNames"] == []
    assert ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])["InternetGateways"] == []
    assert ec2.describe_route_tables(Filters=[{"Name": "association.main", "Values": ["true"]}])["RouteTables"] == []
    assert ec2.describe_network_acls(Filters=filtered(default="true"))["NetworkAcls"] == []
    assert ec2.describe_vpc_classic_link(VpcIds=[vpc])["Vpcs"] == []
    # Nor does the gateway show as an interface.
    assert ec2.describe_network_interfaces(Filters=filtered(vpc_id=vpc))["NetworkInterfaces"] == []


def test_paginators_show_everything_once(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.61.0.0/16")["Vpc"]["VpcId"]
    made = {ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.61.{n}.0/24")["Subnet"]["SubnetId"] for n in range(12)}
    pages = list(ec2.get_paginator("describe_subnets").paginate(Filters=filtered(vpc_id=vpc),
                                                                PaginationConfig={"PageSize": 5}))
    assert [len(page["Subnets"]) for page in pages] == [5, 5, 2]
    assert {subnet["SubnetId"] for page in pages for subnet in page["Subnets"]} == made
    zones = [subnet["AvailabilityZone"] for page in pages for subnet in page["Subnets"]]
    assert all(zones.count(f"us-east-1{zone}") == 4 for zone in "abc")
    for subnet in made:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)


def test_what_a_cluster_uses_stays(world, ec2, vpc, subnets, cluster):
    assert cluster["resourcesVpcConfig"]["vpcId"] == vpc
    for refused in (error_of(ec2.delete_vpc, VpcId=vpc), error_of(ec2.delete_subnet, SubnetId=subnets[0])):
        assert refused["Code"] == "DependencyViolation" and "cluster second" in refused["Message"]
    group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
    assert code_of(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    # Subnets of two VPCs make no cluster.
    foreign = next(one for one in world.sallyport_json("status")["subnets"] if one["id"] not in subnets)["id"]
    error = error_of(world.client().create_cluster, name="torn", roleArn=ROLE, tags={"sallyport.dev/pool": "my-cluster"},
                     resourcesVpcConfig={"subnetIds": [subnets[0], foreign]})
    assert error["Code"] == "InvalidParameterException", error


def test_members_of_a_group_follow_interfaces(ec2, subnets, cluster):
    group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
    node = ec2.create_network_interface(SubnetId=subnets[0], Groups=[group],
                                        PrivateIpAddresses=[{"PrivateIpAddress": "10.60.0.20", "Primary": True},
                                                            {"PrivateIpAddress": "10.60.0.21", "Primary": False}])
    node = node["NetworkInterface"]
    ec2.get_waiter("network_interface_available").wait(NetworkInterfaceIds=[node["NetworkInterfaceId"]], WaiterConfig=QUICK)
    found = ec2.describe_network_interfaces(Filters=filtered(group_id=group))["NetworkInterfaces"]
    assert [one["NetworkInterfaceId"] for one in found] == [node["NetworkInterfaceId"]]
    assert [one["PrivateIpAddress"] for one in found[0]["PrivateIpAddresses"]] == ["10.60.0.20", "10.60.0.21"]
    assert code_of(ec2.create_network_interface, SubnetId=subnets[0], PrivateIpAddress="10.60.0.21") == "InvalidIPAddress.InUse"
    assert code_of(ec2.delete_subnet, SubnetId=subnets[0]) == "DependencyViolation"
    again = ec2.create_network_interface(SubnetId=subnets[0], ClientToken="node-2")["NetworkInterface"]
    assert ec2.create_network_interface(SubnetId=subnets[0], ClientToken="node-2")["NetworkInterface"] == again
    for interface in (node, again):
        ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    assert ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["AvailableIpAddressCount"] == 251


def test_foreign_subnets_and_groups_are_refused(world, ec2, subnets, cluster):
    default = ec2.describe_subnets(Filters=filtered(default_for_az="true", availability_zone="us-east-1a"))["Subnets"][0]
    group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
    assert code_of(ec2.create_network_interface, SubnetId=default["SubnetId"], Groups=[group]) == "InvalidParameter"
    assert code_of(ec2.create_network_interface, SubnetId=subnets[0], PrivateIpAddress="127.31.0.20") == "InvalidParameterValue"
    # The gateway's own address in its VPC is taken.
    assert code_of(ec2.create_network_interface, SubnetId=default["SubnetId"],
                   PrivateIpAddress=world.private[0]) == "InvalidIPAddress.InUse"


def test_a_second_vpc_around_a_resolver_is_refused(world, ec2):
    error = error_of(ec2.create_vpc, CidrBlock="127.31.0.0/24")
    assert error["Code"] == "InvalidVpc.Range"
    assert "CidrBlock" in error["Message"] and "%s:%d" % world.resolver in error["Message"]
    assert not ec2.describe_vpcs(Filters=filtered(cidr="127.31.0.0/24"))["Vpcs"]


def test_the_subnet_of_a_private_listener_stays(world, ec2):
    eks = world.client()
    ours, *others = sorted(ec2.describe_subnets(Filters=filtered(default_for_az="true"))["Subnets"],
                           key=lambda subnet: not subnet["CidrBlock"].startswith("127.31.0."))
    eks.create_cluster(name="elsewhere", roleArn=ROLE, tags={"sallyport.dev/pool": "my-cluster"},
                       resourcesVpcConfig={"subnetIds": [subnet["SubnetId"] for subnet in others]})
    try:
        error = error_of(ec2.delete_subnet, SubnetId=ours["SubnetId"])
        assert error["Code"] == "DependencyViolation"
        assert "%s:%d" % world.private in error["Message"] and "elsewhere" in error["Message"]
    finally:
        eks.get_waiter("cluster_active").wait(name="elsewhere", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        eks.delete_cluster(name="elsewhere")
        eks.get_waiter("cluster_deleted").wait(name="elsewhere", WaiterConfig={"Delay": 1, "MaxAttempts": 30})


def test_elastic_ips_come_from_the_pool(ec2):
    made = [ec2.allocate_address(Domain="vpc") for _ in range(4)]
    assert [one["PublicIp"] for one in made] == [f"127.0.113.{n}" for n in range(64, 68)]
    error = error_of(ec2.allocate_address, Domain="vpc")
    assert error["Code"] == "InsufficientAddressCapacity" and "elastic_ip_pool" in error["Message"]
    shown = ec2.describe_addresses(AllocationIds=[made[1]["AllocationId"]])["Addresses"]
    assert [one["PublicIp"] for one in shown] == ["127.0.113.65"]
    for one in made:
        ec2.release_address(AllocationId=one["AllocationId"])
    assert code_of(ec2.release_address, AllocationId=made[0]["AllocationId"]) == "InvalidAllocationID.NotFound"


@pytest.fixture(scope="module")
def nat(ec2, subnets):
    address = ec2.allocate_address(Domain="vpc", Address=EGRESS)["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address, ClientToken="nat")["NatGateway"]
    assert ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address, ClientToken="nat")["NatGateway"] == made
    ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[made["NatGatewayId"]], WaiterConfig=QUICK)
    return made["NatGatewayId"], address


def path_of(world, source):
    return world.sallyport_json("explain", "--cluster", "second", "--source", source)["decision"]["path"]


def warnings_of(world, cidrs, private=False):
    update = world.update("second", endpointPublicAccess=True, endpointPrivateAccess=private, publicAccessCidrs=cidrs)
    return world.sallyport_json("describe", "second", "--update", update["id"])["update"].get("warnings", [])


def test_a_nat_gateways_address_is_known(world, ec2, vpc, cluster, nat):
    assert path_of(world, EGRESS) == "vpc-egress" and path_of(world, "127.0.113.78") == "internet"
    assert any(EGRESS in warning for warning in warnings_of(world, ["127.0.0.2/32"]))
    assert not world.reaches(host_of(cluster), EGRESS)
    assert not any(EGRESS in warning for warning in warnings_of(world, ["127.0.0.2/32", f"{EGRESS}/32"]))
    assert world.reaches(host_of(cluster), EGRESS)
    assert not any(EGRESS in warning for warning in warnings_of(world, ["127.0.0.3/32"], private=True))
    gateways = list(ec2.get_paginator("describe_nat_gateways").paginate(Filter=filtered(vpc_id=vpc)))[0]["NatGateways"]
    assert gateways[0]["NatGatewayAddresses"][0]["PublicIp"] == EGRESS and gateways[0]["State"] == "available"
    assert code_of(ec2.release_address, AllocationId=nat[1]) == "InvalidIPAddress.InUse"


def test_an_elastic_ip_of_an_interface_is_egress_too(world, ec2, subnets, cluster):
    address = ec2.allocate_address(Domain="vpc")
    interface = ec2.create_network_interface(SubnetId=subnets[1])["NetworkInterface"]["NetworkInterfaceId"]
    other = ec2.create_network_interface(SubnetId=subnets[1])["NetworkInterface"]["NetworkInterfaceId"]
    ec2.associate_address(AllocationId=address["AllocationId"], NetworkInterfaceId=interface)
    assert path_of(world, address["PublicIp"]) == "vpc-egress"
    assert code_of(ec2.associate_address, AllocationId=address["AllocationId"],
                   NetworkInterfaceId=other) == "Resource.AlreadyAssociated"
    moved = ec2.associate_address(AllocationId=address["AllocationId"], NetworkInterfaceId=other, AllowReassociation=True)
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    assert path_of(world, address["PublicIp"]) == "vpc-egress"
    ec2.disassociate_address(AssociationId=moved["AssociationId"])
    assert path_of(world, address["PublicIp"]) == "internet"
    ec2.delete_network_interface(NetworkInterfaceId=other)
    ec2.release_address(AllocationId=address["AllocationId"])


def test_dns_settings_of_the_vpc(world, ec2, vpc, cluster):
    """New VPCs have DNS hostnames off: a cluster that turns private access on is told, until they are on."""
    def told():
        return any("enableDnsHostnames" in warning for warning in warnings_of(world, ["0.0.0.0/0"], private=True))
    warnings_of(world, ["0.0.0.0/0", "127.0.0.2/32"])
    assert told()
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    warnings_of(world, ["0.0.0.0/0", "127.0.0.2/32"])
    assert not told()


def test_bad_input_has_ec2s_codes(world, ec2, vpc, subnets):
    def create(block, **more):
        return code_of(ec2.create_subnet, VpcId=vpc, CidrBlock=block, **more)
    assert create("10.60.1.128/25") == "InvalidSubnet.Conflict"
    assert create("10.99.0.0/24") == create("10.60.9.0/29") == "InvalidSubnet.Range"
    assert create("10.60.9.1/24") == "InvalidParameterValue"
    assert create("10.60.9.0/24", AvailabilityZone="eu-west-1a") == "InvalidParameterValue"
    assert code_of(ec2.create_vpc, CidrBlock="10.0.0.0/8") == "InvalidVpc.Range"
    assert code_of(ec2.create_nat_gateway, SubnetId=subnets[0]) == "MissingParameter"
    assert code_of(ec2.describe_subnets, SubnetIds=["subnet-0"]) == "InvalidSubnetID.NotFound"
    assert code_of(ec2.describe_nat_gateways, NatGatewayIds=["nat-0"]) == "NatGatewayNotFound"
    unchecked = world.client("ec2", parameter_validation=False)
    assert code_of(unchecked.describe_vpcs, MaxResults=4) == "InvalidParameterValue"
    assert code_of(ec2.describe_vpcs, NextToken="forged") == "InvalidNextToken"
    assert code_of(ec2.describe_vpcs, Filters=filtered(colour="red")) == "InvalidParameterValue"
    assert code_of(ec2.create_subnet, VpcId=vpc, CidrBlock="10.60.9.0/24", OutpostArn="arn:x") == "UnknownParameter"
    assert code_of(ec2.create_subnet, VpcId=vpc, CidrBlock="10.60.9.0/24", DryRun=True) == "DryRunOperation"
    assert len(ec2.describe_subnets(Filters=filtered(vpc_id=vpc))["Subnets"]) == 2


def test_the_network_survives_a_restart(world, vpc, subnets, cluster, nat):
    def everything():
        ec2 = world.client("ec2")
        answers = [ec2.describe_vpcs(), ec2.describe_subnets(), ec2.describe_addresses(), ec2.describe_nat_gateways(),
                   ec2.describe_dhcp_options(), ec2.describe_network_interfaces(), ec2.describe_tags()]
        for answer in answers:
            del answer["ResponseMetadata"]
        return json.dumps(answers, default=str)
    before = everything()
    world.kill()
    world.start()
    assert everything() == before
    assert path_of(world, EGRESS) == "vpc-egress"


def test_a_deleted_nat_gateway_is_no_egress(world, ec2, subnets, cluster, nat):
    gateway, address = nat
    ec2 = world.client("ec2")
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[gateway], WaiterConfig=QUICK)
    assert path_of(world, EGRESS) == "internet"
    ec2.release_address(AllocationId=address)


def test_everything_goes_once_the_cluster_is_gone(world, vpc, subnets, cluster):
    ec2, eks = world.client("ec2"), world.client()
    eks.delete_cluster(name="second")
    eks.get_waiter("cluster_deleted").wait(name="second", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    for subnet in subnets:
        ec2.delete_subnet(SubnetId=subnet)
    wait_until(lambda: len(ec2.describe_security_groups(Filters=filtered(vpc_id=vpc))["SecurityGroups"]) == 1,
               5, "deletion of the cluster's group")
    ec2.delete_vpc(VpcId=vpc)
    assert code_of(ec2.describe_vpcs, VpcIds=[vpc]) == "InvalidVpcID.NotFound"
