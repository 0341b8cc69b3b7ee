"""The second VPC, the far one and the corporate network of topology.py as objects of the EC2 API."""

from __future__ import annotations

import contextlib
import itertools

from topology import CIDR_B, CIDR_CORP, CIDR_FAR, EGRESS_CORP
from world import wait_until


_numbers = itertools.count(65000)


class Objects:
    """What connects networks to VPC A, made and removed as AWS defines it."""

    def __init__(self, net):
        self.net = net
        self.ec2 = net.client("ec2")
        config = net.cluster["resourcesVpcConfig"]
        self.vpc_a, self.subnets_a = config["vpcId"], config["subnetIds"]
        self.group = config["clusterSecurityGroupId"]
        self.vpc_b, self.subnets_b = self._vpc(CIDR_B, "10.30.0.0/20", "10.30.16.0/20")
        self.vpc_far, self.subnets_far = self._vpc(CIDR_FAR, "10.40.0.0/20", "10.40.16.0/20")

    def _vpc(self, block: str, *subnets: str) -> tuple[str, list[str]]:
        vpc = self.ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
        made = [self.ec2.create_subnet(VpcId=vpc, CidrBlock=subnet, AvailabilityZone=f"us-east-1{zone}")
                for subnet, zone in zip(subnets, "ab")]
        return vpc, [subnet["Subnet"]["SubnetId"] for subnet in made]

    # Peering

    def peer(self, requester: str, accepter: str, accept: bool = True) -> str:
        made = self.ec2.create_vpc_peering_connection(VpcId=requester, PeerVpcId=accepter)
        peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        if accept:
            self.accept(peering)
        return peering

    def accept(self, peering: str) -> None:
        self.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)

    def unpeer(self, peering: str) -> None:
        self.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering)

    @contextlib.contextmanager
    def peered(self, requester: str, accepter: str):
        peering = self.peer(requester, accepter)
        try:
            yield peering
        finally:
            self.unpeer(peering)

    # Transit gateway: the corporate network stands behind a VPN connection, and a static route leads there.

    def transit(self, vpc: str, subnets: list[str]) -> "Transit":
        return Transit(self, vpc, subnets)

    # Security-group rules

    def permission(self, block: str, protocol: str = "tcp", first: int = 443, last: int = 443) -> dict:
        ports = {} if protocol == "-1" else {"FromPort": first, "ToPort": last}
        return {"IpProtocol": protocol, **ports, "IpRanges": [{"CidrIp": block}]}

    def authorize(self, *permissions: dict) -> None:
        self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=list(permissions))

    def revoke(self, *permissions: dict) -> None:
        self.ec2.revoke_security_group_ingress(GroupId=self.group, IpPermissions=list(permissions))

    @contextlib.contextmanager
    def rule(self, permission: dict):
        self.authorize(permission)
        try:
            yield
        finally:
            self.revoke(permission)

    @contextlib.contextmanager
    def without_rule(self, permission: dict):
        self.revoke(permission)
        try:
            yield
        finally:
            self.authorize(permission)


class Transit:
    """A transit gateway with a VPC and a VPN connection attached."""

    def __init__(self, objects: Objects, vpc: str, subnets: list[str]):
        self._ec2 = ec2 = objects.ec2
        gateway = ec2.create_transit_gateway(Description="to the corporate network")["TransitGateway"]
        self._gateway = gateway["TransitGatewayId"]
        self._table = gateway["Options"]["AssociationDefaultRouteTableId"]
        self._wait("describe_transit_gateways", "TransitGatewayIds", self._gateway, "TransitGateways")
        attachment = ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=self._gateway, VpcId=vpc, SubnetIds=subnets)["TransitGatewayVpcAttachment"]
        self._attachment = attachment["TransitGatewayAttachmentId"]
        self._wait("describe_transit_gateway_attachments", "TransitGatewayAttachmentIds", self._attachment,
                   "TransitGatewayAttachments")
        # EC2 gives the same customer gateway for the same address and number again; each of ours has its own.
        self._customer = ec2.create_customer_gateway(
            BgpAsn=next(_numbers), IpAddress=EGRESS_CORP, Type="ipsec.1")["CustomerGateway"]["CustomerGatewayId"]
        self._vpn = ec2.create_vpn_connection(
            CustomerGatewayId=self._customer, Type="ipsec.1", TransitGatewayId=self._gateway,
            Options={"StaticRoutesOnly": True})["VpnConnection"]["VpnConnectionId"]
        found = ec2.describe_transit_gateway_attachments(Filters=[{"Name": "resource-id", "Values": [self._vpn]}])
        self._way_out = found["TransitGatewayAttachments"][0]["TransitGatewayAttachmentId"]

    def _wait(self, describe: str, ids: str, name: str, members: str) -> None:
        wait_until(lambda: getattr(self._ec2, describe)(**{ids: [name]})[members][0]["State"] == "available",
                   10, f"{name} available")

    def route(self, block: str = CIDR_CORP) -> None:
        self._ec2.create_transit_gateway_route(DestinationCidrBlock=block, TransitGatewayRouteTableId=self._table,
                                               TransitGatewayAttachmentId=self._way_out)

    def unroute(self, block: str = CIDR_CORP) -> None:
        self._ec2.delete_transit_gateway_route(DestinationCidrBlock=block, TransitGatewayRouteTableId=self._table)

    @contextlib.contextmanager
    def routed(self):
        self.route()
        try:
            yield
        finally:
            self.unroute()

    def remove(self) -> None:
        self._ec2.delete_vpn_connection(VpnConnectionId=self._vpn)
        self._ec2.delete_customer_gateway(CustomerGatewayId=self._customer)
        self._ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=self._attachment)
        self._ec2.delete_transit_gateway(TransitGatewayId=self._gateway)
