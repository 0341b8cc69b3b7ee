"""Who reaches the endpoint from where, in each combination of access and through each change between two of them.

The wires carry everything, so every refusal is Sallyport's.
"""

import itertools

import pytest

from network import ASKS, BOTH, PRIVATE_ONLY, PUBLIC_ONLY
from tables import DOORS, ENDPOINT, NO, WALK, YES, check_change, differing, name_of
from topology import EGRESS_A, EGRESS_B, EGRESS_CORP, PRIVATE, PRIVATE_B, PUBLIC

pytestmark = pytest.mark.usefixtures("objects")     # the other VPCs exist, and nothing connects them

def test_the_table_is_whole():
    assert set(DOORS) == set(itertools.product((PUBLIC, PRIVATE, PRIVATE_B), ENDPOINT))


@pytest.mark.parametrize("before, after", WALK, ids=name_of)
def test_each_change_moves_every_host_to_its_row(net, before, after):
    check_change(net, before, after, ENDPOINT, DOORS)


# publicAccessCidrs: who is admitted at the public address, by the address the host has outside.
CIDRS = {
    #                              internet  vpc-node  corp
    ("198.51.100.7/32",):          (YES,     NO,       NO),
    (f"{EGRESS_A}/32",):           (NO,      YES,      NO),
    (f"{EGRESS_CORP}/32",):        (NO,      NO,       YES),
    ("198.51.100.0/24",):          (YES,     NO,       YES),
    ("10.20.0.0/16",):             (NO,      NO,       NO),     # a VPC's own addresses are not seen at the public side
    ("0.0.0.0/1",):                (NO,      NO,       NO),
    ("128.0.0.0/1",):              (YES,     YES,      YES),
}


@pytest.mark.parametrize("cidrs", CIDRS, ids="+".join)
def test_public_cidrs_see_the_address_a_host_has_outside(net, cidrs):
    net.set_access(PUBLIC_ONLY, cidrs=list(cidrs))
    expected = dict(zip(("internet", "vpc-node", "corp"), CIDRS[cidrs]))
    seen = net.everywhere(lambda host: net.completes(host.name, PUBLIC, expected[host.name]), expected)
    assert differing(seen, expected) == {}


def test_public_cidrs_do_not_apply_to_private_arrivals(net):
    net.set_access(BOTH, cidrs=[f"{EGRESS_B}/32"])
    assert net.completes("vpc-node", PRIVATE, YES) and net.completes("bastion", PRIVATE, YES)
    assert not net.completes("vpc-node", PUBLIC, NO)
    assert net.completes("far-vpc", PUBLIC, YES)


def test_both_transports_and_each_server_say_the_same_to_every_asker(net):
    """A view belongs to the address asked, not to who asks."""
    net.set_access(BOTH)
    for host in ENDPOINT:
        for tcp in (False, True):
            assert net.resolves(host, PUBLIC, tcp) == PUBLIC
            assert net.resolves(host, ASKS["vpc-node"], tcp) == PRIVATE
            assert net.resolves(host, ASKS["other-vpc"], tcp) == PUBLIC


def test_the_kernel_drops_who_is_admitted_nowhere(net, kernel_filter):
    """User space never learns of such a connection attempt; an admitted one passes the filter uncounted."""
    dropped, denied = "sallyport_gateway_kernel_dropped_syns_total", "sallyport_gateway_denied_total"
    net.set_access(BOTH)
    before = net.metric(dropped), net.metric(denied)
    assert not net.completes("internet", PRIVATE, NO)
    after = net.metric(dropped), net.metric(denied)
    assert after[0] > before[0] and after[1] == before[1]
    assert net.completes("vpc-node", PRIVATE, YES)
    assert net.metric(dropped) == after[0]


def test_the_bastion_way(net):
    """From a host in the VPC the private-only endpoint works by its own name; from the internet it does not."""
    net.set_access(PRIVATE_ONLY)
    assert net.resolves("bastion") == net.resolves("internet") == PRIVATE
    net.hold("bastion", PRIVATE)
    assert not net.completes("internet", PRIVATE, NO)
    assert net.alive("bastion", PRIVATE)
    net.drop_held()
