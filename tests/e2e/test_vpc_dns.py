"""The preconditions of private DNS, each on and off, in each combination of access and through each change between two.

design.md section 2: the VPC's resolver answers with private addresses where enableDnsSupport and enableDnsHostnames
are true and the DHCP options name AmazonProvidedDNS; else as public DNS does; without enableDnsSupport not at all.
What the name resolves to changes nothing about who is admitted where, and nothing for hosts elsewhere.
"""

import itertools

import pytest

from network import BOTH
from tables import COMBINATIONS, DOORS, ENDPOINT, WALK, check_change, column, differing, name_of, seen
from topology import PRIVATE, PUBLIC, RESOLVER_A

pytestmark = pytest.mark.usefixtures("objects")     # the other VPCs exist, and nothing connects them

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
# What public DNS answers, whatever the preconditions.
PUBLIC_DNS = dict(zip(COMBINATIONS, (PUBLIC, PUBLIC, PRIVATE)))
IN_THE_VPC = ("vpc-node", "bastion")
DOORS_OF_THE_VPC = {(address, host): cells for (address, host), cells in DOORS.items() if host in IN_THE_VPC}


def endpoint(preconditions) -> dict:
    """What every host sees of the endpoint: all but those in the VPC see what they do with all preconditions met."""
    row = tuple((answer, answer != REFUSED) for answer in RESOLVER[preconditions])
    return ENDPOINT | dict.fromkeys(IN_THE_VPC, row)


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


def test_all_on_is_the_table_of_a_fit_vpc():
    assert endpoint((ON, ON, ON)) == ENDPOINT


def test_the_table_is_whole():
    assert set(RESOLVER) == set(itertools.product((ON, OFF), repeat=3))


def word(on: bool) -> str:
    return "on" if on else "off"


def words(preconditions) -> str:
    return "-".join(map(word, preconditions))


@pytest.mark.parametrize("combination", COMBINATIONS, ids=name_of)
@pytest.mark.parametrize("preconditions", RESOLVER, ids=words)
def test_what_each_host_resolves_and_reaches(net, vpc, combination, preconditions):
    net.set_access(combination)
    vpc.set(*preconditions)

    expected = column(endpoint(preconditions), combination), column(DOORS_OF_THE_VPC, combination)
    found = seen(net, *expected)      # at once: nothing is waited for
    assert differing(found[0], expected[0]) == {}
    assert differing(found[1], expected[1]) == {}
    for host in IN_THE_VPC:
        assert net.resolves(host, RESOLVER_A, tcp=True) == expected[0][host][0]
        assert net.resolves(host, PUBLIC) == PUBLIC_DNS[combination]


@pytest.mark.parametrize("before, after", WALK, ids=name_of)
@pytest.mark.parametrize("preconditions", [(ON, OFF, ON), (OFF, ON, ON)], ids=words)
def test_each_change_moves_every_host_to_its_row(net, vpc, preconditions, before, after):
    vpc.set(*preconditions)
    check_change(net, before, after, endpoint(preconditions), DOORS)


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
