"""Connected networks: refused until something connects them and a security-group rule admits TCP 443 from them.

The wires carry their packets all the time, so a refusal is Sallyport's; `other-vpc` is to be connected by peering,
`corp` by a transit gateway's static route, `far-vpc` only to the other VPC, which must not help it.
"""

import contextlib

import pytest

from network import BOTH, PRIVATE_ONLY
from tables import NO, WALK, YES, check_change, name_of
from topology import CIDR_A, CIDR_B, CIDR_CORP, CIDR_FAR, PRIVATE, PRIVATE_B, PUBLIC


@pytest.fixture(scope="module")
def transit(objects):
    """Between VPC A and the corporate network; its static route is a test's to make."""
    made = objects.transit(objects.vpc_a, objects.subnets_a)
    yield made
    made.remove()


@pytest.fixture
def connect(objects, request):
    """host: how it is connected, as a context."""
    return {
        "other-vpc": lambda: objects.peered(objects.vpc_a, objects.vpc_b),
        "corp": lambda: request.getfixturevalue("transit").routed(),
    }


# connected, a rule: whether the host is admitted at the private address.
NEEDS_BOTH = {
    (NO, NO): NO,
    (NO, YES): NO,
    (YES, NO): NO,
    (YES, YES): YES,
}


@pytest.mark.parametrize("host, block", [("other-vpc", CIDR_B), ("corp", CIDR_CORP)])
@pytest.mark.parametrize("connected, ruled", NEEDS_BOTH)
def test_a_connection_and_a_rule_are_both_needed(net, objects, connect, host, block, connected, ruled):
    net.set_access(PRIVATE_ONLY)
    with contextlib.ExitStack() as stack:
        if connected:
            stack.enter_context(connect[host]())
        if ruled:
            stack.enter_context(objects.rule(objects.permission(block)))
        assert net.resolves(host) == PRIVATE
        assert net.completes(host, PRIVATE, NEEDS_BOTH[connected, ruled]) == NEEDS_BOTH[connected, ruled]
    assert not net.completes(host, PRIVATE, NO)


# With connection and rule in place. A foreign VPC's resolver sees the public view.
# host: what the name resolves to there, and whether TLS to that address completes, in each combination.
#                public only        public and private  private only
ENDPOINT = {
    "other-vpc": ((PUBLIC, YES),    (PUBLIC, YES),      (PRIVATE, YES)),
    "corp":      ((PUBLIC, YES),    (PUBLIC, YES),      (PRIVATE, YES)),
    "far-vpc":   ((PUBLIC, YES),    (PUBLIC, YES),      (PRIVATE, NO)),
    "vpc-node":  ((PUBLIC, YES),    (PRIVATE, YES),     (PRIVATE, YES)),
}
# address, host: whether the gateway admits the host there.
#                             public only  both  private only
DOORS = {
    (PUBLIC, "other-vpc"):   (YES,         YES,  NO),
    (PUBLIC, "corp"):        (YES,         YES,  NO),
    (PUBLIC, "far-vpc"):     (YES,         YES,  NO),
    (PUBLIC, "vpc-node"):    (YES,         YES,  NO),
    (PRIVATE, "other-vpc"):  (NO,          YES,  YES),
    (PRIVATE, "corp"):       (NO,          YES,  YES),
    (PRIVATE, "far-vpc"):    (NO,          NO,   NO),
    (PRIVATE, "vpc-node"):   (NO,          YES,  YES),
}


@pytest.mark.parametrize("before, after", WALK, ids=name_of)
def test_each_change_moves_connected_hosts_to_their_row(net, objects, connect, before, after):
    with connect["other-vpc"](), connect["corp"](), objects.rule(objects.permission("0.0.0.0/0")):
        check_change(net, before, after, ENDPOINT, DOORS)


def test_peering_is_not_transitive(net, objects):
    """C is peered with B and B with A: C is refused in spite of a rule for it, and so is what is routed to B."""
    net.set_access(BOTH)
    with objects.peered(objects.vpc_a, objects.vpc_b), objects.peered(objects.vpc_b, objects.vpc_far), \
            objects.rule(objects.permission("0.0.0.0/0")):
        transit = objects.transit(objects.vpc_b, objects.subnets_b)
        transit.route()
        try:
            assert net.completes("other-vpc", PRIVATE, YES)
            assert not net.completes("far-vpc", PRIVATE, NO)
            assert not net.completes("corp", PRIVATE, NO)
            with objects.peered(objects.vpc_far, objects.vpc_a):
                assert net.completes("far-vpc", PRIVATE, YES)
        finally:
            transit.unroute()
            transit.remove()


def test_a_peering_connection_counts_once_it_is_accepted(net, objects):
    net.set_access(BOTH)
    with objects.rule(objects.permission(CIDR_B)):
        peering = objects.peer(objects.vpc_b, objects.vpc_a, accept=False)
        assert not net.completes("other-vpc", PRIVATE, NO)
        objects.accept(peering)
        assert net.completes("other-vpc", PRIVATE, YES)
        net.hold("other-vpc", PRIVATE)
        objects.unpeer(peering)
        assert net.was_cut("other-vpc", PRIVATE)
        assert not net.completes("other-vpc", PRIVATE, NO)
    net.drop_held()


def test_the_listener_of_another_vpc_admits_nobody(net, objects, connect):
    net.set_access(BOTH)
    with connect["other-vpc"](), objects.rule(objects.permission("0.0.0.0/0")):
        reached = net.everywhere(lambda host: net.completes(host.name, PRIVATE_B, NO))
    assert not any(reached.values()), reached


def test_a_revoked_rule_cuts_exactly_what_it_admitted(net, objects, connect):
    net.set_access(BOTH)
    with connect["other-vpc"](), connect["corp"](), objects.rule(objects.permission(CIDR_B)):
        objects.authorize(objects.permission(CIDR_CORP))
        for host in ("other-vpc", "corp", "vpc-node", "bastion"):
            net.hold(host, PRIVATE)
        net.hold("internet", PUBLIC)
        before = net.metric("sallyport_gateway_connections_cut_total")

        objects.revoke(objects.permission(CIDR_CORP))

        assert net.was_cut("corp", PRIVATE)
        assert all(net.alive(host, PRIVATE) for host in ("other-vpc", "vpc-node", "bastion"))
        assert net.alive("internet", PUBLIC)
        assert net.metric("sallyport_gateway_connections_cut_total") == before + 1
        assert not net.completes("corp", PRIVATE, NO)
    net.drop_held()


def test_a_route_that_goes_cuts_what_came_by_it(net, objects, connect):
    net.set_access(BOTH)
    with objects.rule(objects.permission(CIDR_CORP)):
        with connect["corp"]():
            net.hold("corp", PRIVATE)
            net.hold("vpc-node", PRIVATE)
        assert net.was_cut("corp", PRIVATE)
        assert net.alive("vpc-node", PRIVATE)
    net.drop_held()


# protocol, first and last port, block: whether the rule admits corp, 192.168.50.20, to the endpoint.
RULES = {
    ("tcp", 443, 443, CIDR_CORP): YES,
    ("tcp", 443, 443, "192.168.50.20/32"): YES,
    ("tcp", 443, 443, "192.168.50.21/32"): NO,
    ("tcp", 443, 443, CIDR_FAR): NO,
    ("tcp", 400, 500, CIDR_CORP): YES,
    ("tcp", 0, 65535, CIDR_CORP): YES,
    ("tcp", 444, 65535, CIDR_CORP): NO,
    ("tcp", 22, 22, CIDR_CORP): NO,
    ("udp", 443, 443, CIDR_CORP): NO,
    ("-1", None, None, CIDR_CORP): YES,
}


@pytest.mark.parametrize("protocol, first, last, block", RULES)
def test_what_a_rule_admits(net, objects, connect, protocol, first, last, block):
    net.set_access(PRIVATE_ONLY)
    admitted = RULES[protocol, first, last, block]
    with connect["corp"](), objects.rule(objects.permission(block, protocol, first, last)):
        assert net.completes("corp", PRIVATE, admitted) == admitted


def test_members_of_the_cluster_security_group_need_no_rule_of_their_own(net, objects):
    """Without the rule for the VPC's block the group admits the addresses of its network interfaces, and no other."""
    net.set_access(PRIVATE_ONLY)
    subnet = objects.ec2.describe_subnets(Filters=[
        {"Name": "vpc-id", "Values": [objects.vpc_a]}, {"Name": "cidr-block", "Values": ["10.20.0.0/20"]}])
    subnet = subnet["Subnets"][0]["SubnetId"]
    net.hold("vpc-node", PRIVATE)
    with objects.without_rule(objects.permission(CIDR_A)):
        assert net.was_cut("vpc-node", PRIVATE)
        assert not net.completes("vpc-node", PRIVATE, NO)
        interface = objects.ec2.create_network_interface(
            SubnetId=subnet, PrivateIpAddress="10.20.1.50", Groups=[objects.group])["NetworkInterface"]
        assert net.completes("vpc-node", PRIVATE, YES)
        assert not net.completes("bastion", PRIVATE, NO)
        net.drop_held()
        net.hold("vpc-node", PRIVATE)
        objects.ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
        assert net.was_cut("vpc-node", PRIVATE)
    assert net.completes("vpc-node", PRIVATE, YES) and net.completes("bastion", PRIVATE, YES)
    net.drop_held()
