"""Peering, transit gateways and VPNs by the AWS CLI and boto3, and what they do to connections from what they join.

Every 127.0.0.0/8 address reaches every other here, so a refusal is Sallyport's own. The cluster is in the default VPC,
127.31.0.0/16; clients are in a second VPC, 127.40.0.0/16, and in a network behind a VPN, 127.50.0.0/16.
"""

import contextlib
import json
import threading

import botocore.exceptions
import pytest

from world import host_of

PEER_BLOCK, PEER_CLIENT = "127.40.0.0/16", "127.40.0.9"
REMOTE_BLOCK, REMOTE_CLIENT = "127.50.0.0/16", "127.50.0.9"
FAST = {"Delay": 1, "MaxAttempts": 5}


@pytest.fixture(scope="module")
def ec2(world):
    return world.client("ec2")


@pytest.fixture(scope="module")
def cluster(world):
    return world.create(endpointPublicAccess=True, endpointPrivateAccess=True)


@pytest.fixture(scope="module")
def host(cluster):
    return host_of(cluster)


@pytest.fixture(scope="module")
def home(cluster):
    return cluster["resourcesVpcConfig"]["vpcId"]


@pytest.fixture(scope="module")
def other(ec2):
    return ec2.create_vpc(CidrBlock=PEER_BLOCK)["Vpc"]["VpcId"]


@pytest.fixture(scope="module")
def subnets(ec2, cluster, other):
    """A subnet of either VPC."""
    made = ec2.create_subnet(VpcId=other, CidrBlock="127.40.0.0/24")["Subnet"]["SubnetId"]
    return {"home": cluster["resourcesVpcConfig"]["subnetIds"][0], "other": made}


@pytest.fixture
def others(world, host):
    """Connections that no change here is about: from within the VPC, and at the public listener."""
    with world.connect(host, "127.31.0.5", to=world.private) as inside, world.connect(host, "127.0.0.2") as outside:
        yield inside, outside
        assert inside.alive() and outside.alive(), "a connection that kept its permission was touched"


@contextlib.contextmanager
def rule(ec2, cluster, block):
    """TCP 443 from a block, in the cluster's own group."""
    group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
    permission = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": block}]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permission)
    try:
        yield
    finally:
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=permission)


class Held:
    """A private connection that is admitted, and a thread that sees its end."""

    def __init__(self, world, host, source):
        self.connection = world.connect(host, source, to=world.private)
        assert self.connection.echo()
        self.ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        self.connection.stream.settimeout(60)
        with contextlib.suppress(OSError):
            if self.connection.stream.recv(1) != b"":
                return
        self.ended.set()

    def was_cut(self):
        """The change was answered just now: the end must have come before, give or take the thread's wake-up."""
        cut = self.ended.wait(1)
        self.connection.close()
        return cut


def error_of(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]


def aws(world, *arguments):
    done = world.aws("ec2", *arguments, "--output", "json")
    return json.loads(done.stdout) if done.stdout.strip() else {}


def test_peering_admits_with_a_rule_and_its_deletion_cuts(world, ec2, cluster, host, home, other, others):
    admitted = lambda: world.reaches(host, PEER_CLIENT, to=world.private)  # noqa: E731
    with rule(ec2, cluster, PEER_BLOCK):
        assert not admitted(), "a rule alone must not admit what nothing joins"
    assert not admitted()

    made = aws(world, "create-vpc-peering-connection", "--vpc-id", other, "--peer-vpc-id", home)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    assert made["VpcPeeringConnection"]["Status"]["Code"] == "pending-acceptance"
    ec2.get_waiter("vpc_peering_connection_exists").wait(VpcPeeringConnectionIds=[peering], WaiterConfig=FAST)
    with rule(ec2, cluster, PEER_BLOCK):
        assert not admitted(), "a peering connection that awaits acceptance joins nothing"
    accepted = aws(world, "accept-vpc-peering-connection", "--vpc-peering-connection-id", peering)
    assert accepted["VpcPeeringConnection"]["Status"]["Code"] == "active"
    assert not admitted(), "no rule admits it"

    with rule(ec2, cluster, PEER_BLOCK):
        assert admitted()
        held = Held(world, host, PEER_CLIENT)
        explained = world.sallyport_json("explain", "--cluster", "my-cluster", "--source", PEER_CLIENT, "--vpc", home)
        assert explained["decision"]["allow"] and explained["decision"]["path"] == "connected-network"
        aws(world, "delete-vpc-peering-connection", "--vpc-peering-connection-id", peering)
        assert held.was_cut(), "the deletion was answered with the connection still open"
        assert not admitted()
    ec2.get_waiter("vpc_peering_connection_deleted").wait(VpcPeeringConnectionIds=[peering], WaiterConfig=FAST)


def test_a_revoked_rule_cuts_what_a_peering_brought(world, ec2, cluster, host, home, other, others):
    peering = ec2.create_vpc_peering_connection(VpcId=home, PeerVpcId=other)["VpcPeeringConnection"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])
    with rule(ec2, cluster, PEER_BLOCK):
        held = Held(world, host, PEER_CLIENT)
    assert held.was_cut()
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])


def test_a_rejected_peering_is_gone(ec2, home, other):
    peering = ec2.create_vpc_peering_connection(VpcId=home, PeerVpcId=other, TagSpecifications=[
        {"ResourceType": "vpc-peering-connection", "Tags": [{"Key": "Name", "Value": "mine"}]}])
    identity = peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    listed = ec2.describe_vpc_peering_connections(Filters=[
        {"Name": "status-code", "Values": ["pending-acceptance"]}, {"Name": "requester-vpc-info.vpc-id", "Values": [home]},
        {"Name": "accepter-vpc-info.cidr-block", "Values": [PEER_BLOCK]}, {"Name": "tag:Name", "Values": ["mine"]}])
    assert [one["VpcPeeringConnectionId"] for one in listed["VpcPeeringConnections"]] == [identity]
    again = error_of(ec2.create_vpc_peering_connection, VpcId=other, PeerVpcId=home)
    assert again["Code"] == "VpcPeeringConnectionAlreadyExists" and identity in again["Message"]
    assert ec2.reject_vpc_peering_connection(VpcPeeringConnectionId=identity)["Return"] is True
    assert ec2.describe_vpc_peering_connections()["VpcPeeringConnections"] == []
    gone = error_of(ec2.accept_vpc_peering_connection, VpcPeeringConnectionId=identity)
    assert gone["Code"] == "InvalidVpcPeeringConnectionID.NotFound"


def test_overlapping_blocks_are_refused_by_name(ec2, home, other):
    overlapping = ec2.create_vpc(CidrBlock="127.31.64.0/20")["Vpc"]["VpcId"]
    refused = error_of(ec2.create_vpc_peering_connection, VpcId=home, PeerVpcId=overlapping)
    assert "127.31.64.0/20" in refused["Message"] and "127.31.0.0/16" in refused["Message"]
    assert "itself" in error_of(ec2.create_vpc_peering_connection, VpcId=home, PeerVpcId=home)["Message"]
    ec2.delete_vpc(VpcId=overlapping)

    peering = ec2.create_vpc_peering_connection(VpcId=home, PeerVpcId=other)["VpcPeeringConnection"]
    refused = error_of(ec2.associate_vpc_cidr_block, VpcId=other, CidrBlock="127.31.128.0/24")
    assert refused["Code"] == "CidrConflict" and peering["VpcPeeringConnectionId"] in refused["Message"]
    assert error_of(ec2.delete_vpc, VpcId=other)["Code"] == "DependencyViolation"
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])


def test_a_transit_gateway_admits_what_its_routes_lead_to(world, ec2, cluster, host, home, other, subnets, others):
    """Attached VPCs by propagation; the network behind a VPN by a static route; a black hole takes either away."""
    reaches = lambda source: world.reaches(host, source, to=world.private)  # noqa: E731
    made = aws(world, "create-transit-gateway", "--description", "hub")["TransitGateway"]
    gateway, table = made["TransitGatewayId"], made["Options"]["AssociationDefaultRouteTableId"]
    assert made["State"] == "available"

    def attach(vpc, subnet):
        attachment = aws(world, "create-transit-gateway-vpc-attachment", "--transit-gateway-id", gateway, "--vpc-id", vpc,
                         "--subnet-ids", subnet)["TransitGatewayVpcAttachment"]
        assert attachment["State"] == "available" and attachment["SubnetIds"] == [subnet]
        return attachment["TransitGatewayAttachmentId"]

    customer = ec2.create_customer_gateway(Type="ipsec.1", IpAddress="203.0.113.1", BgpAsn=65000)["CustomerGateway"]
    vpn = ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=customer["CustomerGatewayId"],
                                    TransitGatewayId=gateway)["VpnConnection"]["VpnConnectionId"]
    tunnel = ec2.describe_transit_gateway_attachments(Filters=[
        {"Name": "resource-id", "Values": [vpn]}])["TransitGatewayAttachments"][0]["TransitGatewayAttachmentId"]
    with rule(ec2, cluster, "127.0.0.0/8"):
        attached = [attach(home, subnets["home"])]
        assert not reaches(PEER_CLIENT) and not reaches(REMOTE_CLIENT)
        attached.append(attach(other, subnets["other"]))
        assert reaches(PEER_CLIENT) and not reaches(REMOTE_CLIENT)

        route = ("--transit-gateway-route-table-id", table, "--destination-cidr-block", REMOTE_BLOCK)
        made = aws(world, "create-transit-gateway-route", *route, "--transit-gateway-attachment-id", tunnel)["Route"]
        assert made["State"] == "active" and made["TransitGatewayAttachments"][0]["ResourceType"] == "vpn"
        assert reaches(REMOTE_CLIENT)
        found = aws(world, "search-transit-gateway-routes", "--transit-gateway-route-table-id", table,
                    "--filters", "Name=state,Values=active")["Routes"]
        assert {(one["DestinationCidrBlock"], one["Type"]) for one in found} == {
            ("127.31.0.0/16", "propagated"), (PEER_BLOCK, "propagated"), (REMOTE_BLOCK, "static")}

        peer, remote = Held(world, host, PEER_CLIENT), Held(world, host, REMOTE_CLIENT)
        aws(world, "replace-transit-gateway-route", *route, "--blackhole")
        assert remote.was_cut()
        assert not reaches(REMOTE_CLIENT)
        assert not peer.ended.is_set()
        ec2.create_transit_gateway_route(TransitGatewayRouteTableId=table, DestinationCidrBlock="127.40.0.0/24",
                                         Blackhole=True)
        assert peer.was_cut()
        assert not reaches(PEER_CLIENT) and reaches("127.40.1.9")

        assert error_of(ec2.delete_transit_gateway, TransitGatewayId=gateway)["Code"] == "IncorrectState"
        last = Held(world, host, "127.40.1.9")
        aws(world, "delete-transit-gateway-vpc-attachment", "--transit-gateway-attachment-id", attached.pop())
        assert last.was_cut()
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attached.pop())
    ec2.delete_vpn_connection(VpnConnectionId=vpn)
    ec2.delete_customer_gateway(CustomerGatewayId=customer["CustomerGatewayId"])
    assert ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"] == []
    ec2.delete_transit_gateway(TransitGatewayId=gateway)
    assert error_of(ec2.describe_transit_gateways, TransitGatewayIds=[gateway])["Code"] == \
        "InvalidTransitGatewayID.NotFound"


def test_what_a_peers_transit_gateway_reaches_stays_outside(world, ec2, cluster, host, home, other, subnets, others):
    peering = ec2.create_vpc_peering_connection(VpcId=home, PeerVpcId=other)["VpcPeeringConnection"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])
    vgw = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=vgw, VpcId=other)
    customer = ec2.create_customer_gateway(Type="ipsec.1", IpAddress="203.0.113.1")["CustomerGateway"]
    vpn = ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=customer["CustomerGatewayId"], VpnGatewayId=vgw,
                                    Options={"StaticRoutesOnly": True})["VpnConnection"]["VpnConnectionId"]
    ec2.create_vpn_connection_route(VpnConnectionId=vpn, DestinationCidrBlock=REMOTE_BLOCK)
    with rule(ec2, cluster, "127.0.0.0/8"):
        assert world.reaches(host, PEER_CLIENT, to=world.private)
        assert not world.reaches(host, REMOTE_CLIENT, to=world.private)
    ec2.delete_vpn_connection(VpnConnectionId=vpn)
    ec2.detach_vpn_gateway(VpnGatewayId=vgw, VpcId=other)
    ec2.delete_vpn_gateway(VpnGatewayId=vgw)
    ec2.delete_customer_gateway(CustomerGatewayId=customer["CustomerGatewayId"])
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])


def test_a_vpn_route_admits_the_network_behind_it(world, ec2, cluster, host, home, others):
    reaches = lambda: world.reaches(host, REMOTE_CLIENT, to=world.private)  # noqa: E731
    customer = aws(world, "create-customer-gateway", "--type", "ipsec.1", "--ip-address", "203.0.113.7",
                   "--bgp-asn", "65000")["CustomerGateway"]["CustomerGatewayId"]
    vgw = aws(world, "create-vpn-gateway", "--type", "ipsec.1")["VpnGateway"]["VpnGatewayId"]
    vpn = aws(world, "create-vpn-connection", "--type", "ipsec.1", "--customer-gateway-id", customer,
              "--vpn-gateway-id", vgw, "--options", '{"StaticRoutesOnly":true}')["VpnConnection"]
    assert "operator's own" in vpn["CustomerGatewayConfiguration"]
    identity = vpn["VpnConnectionId"]
    ec2.get_waiter("vpn_connection_available").wait(VpnConnectionIds=[identity], WaiterConfig=FAST)
    ec2.get_waiter("customer_gateway_available").wait(CustomerGatewayIds=[customer], WaiterConfig=FAST)
    route = ("--vpn-connection-id", identity, "--destination-cidr-block", REMOTE_BLOCK)
    with rule(ec2, cluster, REMOTE_BLOCK):
        aws(world, "create-vpn-connection-route", *route)
        assert not reaches(), "its gateway is attached to no VPC"
        attached = aws(world, "attach-vpn-gateway", "--vpn-gateway-id", vgw, "--vpc-id", home)
        assert attached["VpcAttachment"] == {"State": "attached", "VpcId": home}
        assert reaches()
        held = Held(world, host, REMOTE_CLIENT)
        aws(world, "delete-vpn-connection-route", *route)
        assert held.was_cut() and not reaches()
        ec2.create_vpn_connection_route(VpnConnectionId=identity, DestinationCidrBlock=REMOTE_BLOCK)
        held = Held(world, host, REMOTE_CLIENT)
        aws(world, "detach-vpn-gateway", "--vpn-gateway-id", vgw, "--vpc-id", home)
        assert held.was_cut()
    assert error_of(ec2.delete_customer_gateway, CustomerGatewayId=customer)["Code"] == "IncorrectState"
    aws(world, "delete-vpn-connection", "--vpn-connection-id", identity)
    ec2.get_waiter("vpn_connection_deleted").wait(VpnConnectionIds=[identity], WaiterConfig=FAST)
    aws(world, "wait", "vpn-connection-deleted", "--vpn-connection-ids", identity)
    gone = ec2.describe_vpn_connections(VpnConnectionIds=[identity])["VpnConnections"]
    assert [one["State"] for one in gone] == ["deleted"]
    aws(world, "delete-vpn-gateway", "--vpn-gateway-id", vgw)
    aws(world, "delete-customer-gateway", "--customer-gateway-id", customer)
    assert ec2.describe_vpn_connections()["VpnConnections"] == []


def test_connections_outlast_a_restart(world, ec2, cluster, host, home, other):
    peering = ec2.create_vpc_peering_connection(VpcId=home, PeerVpcId=other)["VpcPeeringConnection"]
    identity = peering["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=identity)
    ec2.modify_vpc_peering_connection_options(
        VpcPeeringConnectionId=identity, RequesterPeeringConnectionOptions={"AllowDnsResolutionFromRemoteVpc": True})
    before = ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    assert before[0]["RequesterVpcInfo"]["PeeringOptions"]["AllowDnsResolutionFromRemoteVpc"] is True
    with rule(ec2, cluster, PEER_BLOCK):
        world.stop()
        world.start()
        assert ec2.describe_vpc_peering_connections()["VpcPeeringConnections"] == before
        assert world.reaches(host, PEER_CLIENT, to=world.private)
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=identity)
