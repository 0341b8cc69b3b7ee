"""The public path out of a VPC: its NAT gateway's address is what publicAccessCidrs see, and Sallyport knows it."""

import pytest

from network import BOTH, PRIVATE_ONLY, PUBLIC_ONLY
from tables import NO, YES
from topology import EGRESS_A, EGRESS_B, PUBLIC

INTERNET = "198.51.100.7/32"


@pytest.fixture(scope="module")
def nat(net):
    """A NAT gateway at the address that the VPC's router translates to."""
    ec2 = net.client("ec2")
    address = ec2.allocate_address(Domain="vpc", Address=EGRESS_A)
    assert address["PublicIp"] == EGRESS_A
    gateway = ec2.create_nat_gateway(SubnetId=net.subnets()[0], AllocationId=address["AllocationId"])["NatGateway"]
    assert gateway["NatGatewayAddresses"][0]["AllocationId"] == address["AllocationId"]
    return gateway["NatGatewayId"]


def path_of(net, source: str) -> str:
    return net.sallyport_json("explain", "--cluster", "my-cluster", "--source", source)["decision"]["path"]


def test_the_path_has_a_name_once_the_nat_gateway_exists(net, request):
    assert path_of(net, EGRESS_A) == "internet"
    request.getfixturevalue("nat")
    assert path_of(net, EGRESS_A) == "vpc-egress"
    assert path_of(net, EGRESS_B) == path_of(net, "198.51.100.7") == "internet"


# combination, publicAccessCidrs: whether the node completes TLS to what the name resolves to there, and whether the
# update that brings it about carries a warning that names the address.
LEFT_OUT = {
    (PUBLIC_ONLY, (INTERNET,)):                    (NO,  YES),
    (PUBLIC_ONLY, (INTERNET, f"{EGRESS_A}/32")):   (YES, NO),
    (PUBLIC_ONLY, ("203.0.113.0/24",)):            (YES, NO),
    (BOTH, (INTERNET,)):                           (YES, NO),
}


@pytest.mark.parametrize("combination, cidrs", LEFT_OUT,
                         ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "+".join(value))
def test_cidrs_that_leave_out_the_vpcs_own_egress(net, nat, combination, cidrs):
    net.set_access(PRIVATE_ONLY)
    reaches, warned = LEFT_OUT[combination, cidrs]
    update = net.set_access(combination, cidrs=list(cidrs))
    described = net.sallyport_json("describe", "my-cluster", "--update", update["id"])["update"]
    assert any(EGRESS_A in warning for warning in described.get("warnings", [])) == warned, described
    address = net.resolves("vpc-node")
    assert net.completes("vpc-node", address, reaches) == reaches
    assert net.completes("internet", PUBLIC, INTERNET in cidrs) == (INTERNET in cidrs)


def test_a_denial_on_that_path_says_so_in_log_and_explain(net, nat):
    net.set_access(PUBLIC_ONLY, cidrs=[INTERNET])
    # Another cluster that admits everyone lets the source past the kernel's filter, so that the refusal is written.
    net.create("open", pool="my-cluster")
    assert not net.completes("vpc-node", PUBLIC, NO)
    assert f"source={EGRESS_A} path=vpc-egress listener={PUBLIC}:443" in net.log.read_text()
    denied = net.sallyport_json("explain", "--cluster", "my-cluster", "--source", EGRESS_A)["decision"]
    assert denied["allow"] is False and denied["path"] == "vpc-egress" and denied["reason"] == "no-public-cidr-match"
