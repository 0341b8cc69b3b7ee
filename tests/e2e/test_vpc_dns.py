"""The preconditions of private DNS, each on and off, in each combination of access: what a node of the VPC sees.

design.md section 2: the VPC's resolver answers with private addresses where enableDnsSupport and enableDnsHostnames
are true and the DHCP options name AmazonProvidedDNS; else as public DNS does; without enableDnsSupport not at all.
What the name resolves to changes nothing about who is admitted where.
"""

import itertools

import pytest

from network import BOTH, PRIVATE_ONLY, PUBLIC_ONLY
from tables import COMBINATIONS, name_of
from topology import PRIVATE, PUBLIC, RESOLVER_A

ON, OFF = True, False
REFUSED = "REFUSED"

# support, hostnames, AmazonProvidedDNS: what the VPC's resolver answers in each combination.
#                  public only  public and private  private only
RESOLVER = {
    (ON, ON, ON):    (PUBLIC,     PRIVATE,            PRIVATE),
    (ON, ON, OFF):   (PUBLIC,     PUBLIC,             PRIVATE),
    (ON, OFF, ON):   (PUBLIC,     PUBLIC,             PRIVATE),
    (ON, OFF, OFF):  (PUBLIC,     PUBLIC,             PRIVATE),
    (OFF, ON, ON):   (REFUSED,    REFUSED,            REFUSED),
    (OFF, ON, OFF):  (REFUSED,    REFUSED,            REFUSED),
    (OFF, OFF, ON):  (REFUSED,    REFUSED,            REFUSED),
    (OFF, OFF, OFF): (REFUSED,    REFUSED,            REFUSED),
}
# What public DNS answers, and where the node is admitted, whatever the preconditions.
PUBLIC_DNS = dict(zip(COMBINATIONS, (PUBLIC, PUBLIC, PRIVATE)))
DOORS = {
    PUBLIC_ONLY:  {PUBLIC: True, PRIVATE: False},
    BOTH:         {PUBLIC: True, PRIVATE: True},
    PRIVATE_ONLY: {PUBLIC: False, PRIVATE: True},
}


class Vpc:
    """VPC A's preconditions."""

    def __init__(self, net):
        self._ec2 = net.client("ec2")
        self.id = net.cluster["resourcesVpcConfig"]["vpcId"]
        self._options = {ON: self.options("AmazonProvidedDNS"), OFF: self.options("192.168.50.53")}

    def options(self, *servers: str) -> str:
        made = self._ec2.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name-servers", "Values": list(servers)}])
        return made["DhcpOptions"]["DhcpOptionsId"]

    def associate(self, options: str) -> None:
        self._ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=self.id)

    def support(self, on: bool) -> None:
        self._ec2.modify_vpc_attribute(VpcId=self.id, EnableDnsSupport={"Value": on})

    def hostnames(self, on: bool) -> None:
        self._ec2.modify_vpc_attribute(VpcId=self.id, EnableDnsHostnames={"Value": on})

    def set(self, support: bool, hostnames: bool, amazon: bool) -> None:
        self.support(ON)     # EC2 turns hostnames on only where there is support
        self.hostnames(hostnames)
        self.associate(self._options[amazon])
        self.support(support)


@pytest.fixture(scope="module")
def vpc(net):
    return Vpc(net)


def test_the_table_is_whole():
    assert set(RESOLVER) == set(itertools.product((ON, OFF), repeat=3))


def word(on: bool) -> str:
    return "on" if on else "off"


@pytest.mark.parametrize("combination", COMBINATIONS, ids=name_of)
@pytest.mark.parametrize("preconditions", RESOLVER, ids=lambda row: "-".join(map(word, row)))
def test_what_a_node_resolves_and_reaches(net, vpc, combination, preconditions):
    net.set_access(combination)
    vpc.set(*preconditions)

    answer = net.resolves("vpc-node")      # at once: nothing is waited for
    assert answer == RESOLVER[preconditions][COMBINATIONS.index(combination)]
    assert net.resolves("vpc-node", RESOLVER_A, tcp=True) == answer
    assert net.resolves("vpc-node", PUBLIC) == PUBLIC_DNS[combination]
    assert net.reached("vpc-node", DOORS[combination]) == DOORS[combination]
    if answer != REFUSED:
        assert net.completes("vpc-node", answer, True)


# domain-name-servers of the DHCP options: whether they count as AmazonProvidedDNS.
SERVERS = {
    ("AmazonProvidedDNS",): ON,
    ("192.168.50.53", "AmazonProvidedDNS"): ON,
    ("192.168.50.53",): OFF,
    ("192.168.50.53", "192.168.50.54"): OFF,
}


@pytest.mark.parametrize("servers", SERVERS, ids="+".join)
def test_amazon_provided_dns_among_other_servers(net, vpc, servers):
    net.set_access(BOTH)
    vpc.set(ON, ON, ON)
    vpc.associate(vpc.options(*servers))
    assert net.resolves("vpc-node") == (PRIVATE if SERVERS[servers] else PUBLIC)


def test_no_dhcp_options_at_all_name_no_server(net, vpc):
    net.set_access(BOTH)
    vpc.set(ON, ON, ON)
    vpc.associate("default")
    assert net.resolves("vpc-node") == PUBLIC
    vpc.set(ON, ON, ON)
    assert net.resolves("vpc-node") == PRIVATE


def test_preconditions_touch_no_connection(net, vpc):
    net.set_access(BOTH)
    vpc.set(ON, ON, ON)
    net.hold("vpc-node", PRIVATE)
    for preconditions in RESOLVER:
        vpc.set(*preconditions)
        assert net.alive("vpc-node", PRIVATE)
    net.drop_held()
