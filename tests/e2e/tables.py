"""Tables of who sees what in each combination of access, and the check that a change of access leads from row to row.

An endpoint table says, by host, what the name resolves to there and whether TLS to that address completes; a table of
doors says, by address and host, whether the gateway admits the host there, whatever the name resolves to. A cell is
given for each of COMBINATIONS.

ENDPOINT and DOORS are design.md section 2 written out for the hosts of topology.py, while nothing is connected to
VPC A and its DNS is fit; nothing in them is computed by the product.
"""

from __future__ import annotations

import itertools

from network import BOTH, PRIVATE_ONLY, PUBLIC_ONLY
from topology import PRIVATE, PRIVATE_B, PUBLIC

COMBINATIONS = (PUBLIC_ONLY, BOTH, PRIVATE_ONLY)
YES, NO = True, False

# Through every change between two combinations.
WALK = tuple(itertools.pairwise(
    (PUBLIC_ONLY, BOTH, PRIVATE_ONLY, PUBLIC_ONLY, PRIVATE_ONLY, BOTH, PUBLIC_ONLY)))
assert set(WALK) == set(itertools.permutations(COMBINATIONS, 2))


# host: what the name resolves to there, and whether TLS to that address completes, in each combination.
#                public only        public and private  private only
ENDPOINT = {
    "internet":  ((PUBLIC, YES),    (PUBLIC, YES),      (PRIVATE, NO)),
    "vpc-node":  ((PUBLIC, YES),    (PRIVATE, YES),     (PRIVATE, YES)),
    "bastion":   ((PUBLIC, YES),    (PRIVATE, YES),     (PRIVATE, YES)),
    "other-vpc": ((PUBLIC, YES),    (PUBLIC, YES),      (PRIVATE, NO)),
    "far-vpc":   ((PUBLIC, YES),    (PUBLIC, YES),      (PRIVATE, NO)),
    "corp":      ((PUBLIC, YES),    (PUBLIC, YES),      (PRIVATE, NO)),
}

# address, host: whether the gateway admits the host there, whatever the name resolves to.
#                               public only  both  private only
DOORS = {
    (PUBLIC, "internet"):      (YES,         YES,  NO),
    (PUBLIC, "vpc-node"):      (YES,         YES,  NO),
    (PUBLIC, "bastion"):       (YES,         YES,  NO),
    (PUBLIC, "other-vpc"):     (YES,         YES,  NO),
    (PUBLIC, "far-vpc"):       (YES,         YES,  NO),
    (PUBLIC, "corp"):          (YES,         YES,  NO),
    (PRIVATE, "internet"):     (NO,          NO,   NO),
    (PRIVATE, "vpc-node"):     (NO,          YES,  YES),
    (PRIVATE, "bastion"):      (NO,          YES,  YES),
    (PRIVATE, "other-vpc"):    (NO,          NO,   NO),
    (PRIVATE, "far-vpc"):      (NO,          NO,   NO),
    (PRIVATE, "corp"):         (NO,          NO,   NO),
    (PRIVATE_B, "internet"):   (NO,          NO,   NO),
    (PRIVATE_B, "vpc-node"):   (NO,          NO,   NO),
    (PRIVATE_B, "bastion"):    (NO,          NO,   NO),
    (PRIVATE_B, "other-vpc"):  (NO,          NO,   NO),
    (PRIVATE_B, "far-vpc"):    (NO,          NO,   NO),
    (PRIVATE_B, "corp"):       (NO,          NO,   NO),
}


def name_of(combination: str) -> str:
    return combination.replace(" ", "-")


def column(table: dict, combination: str) -> dict:
    return {row: cells[COMBINATIONS.index(combination)] for row, cells in table.items()}


def differing(seen: dict, expected: dict) -> dict:
    """The rows that differ, as {row: "seen …, expected …"}: nothing where the table holds."""
    return {row: f"seen {seen.get(row)}, expected {expected.get(row)}"
            for row in sorted({*seen, *expected}, key=str) if seen.get(row) != expected.get(row)}


def seen(net, endpoint: dict, doors: dict) -> tuple[dict, dict]:
    """What the hosts see now, in the shape of the given columns; what these expect sets the patience only."""
    def from_host(host):
        tried = {at: admitted for (at, name), admitted in doors.items() if name == host.name}
        answer = net.resolves(host.name)
        if answer[0].isdigit():
            tried.setdefault(answer, endpoint[host.name][1])
        reached = net.reached(host.name, tried)
        return (answer, reached.get(answer, NO)), reached

    views = net.everywhere(from_host, endpoint)
    return {host: views[host][0] for host in endpoint}, {(at, host): views[host][1][at] for at, host in doors}


def check_change(net, before: str, after: str, endpoint: dict, doors: dict) -> None:
    """Changes the access with a connection open at every door that `before` opens: exactly those live on that `after`
    opens too, and every host sees its row."""
    net.set_access(before)
    held = [row for row, admitted in column(doors, before).items() if admitted]
    for address, host in held:
        net.hold(host, address)

    net.set_access(after)

    expected = column(endpoint, after), column(doors, after)
    found = seen(net, *expected)
    assert differing(found[0], expected[0]) == {}
    assert differing(found[1], expected[1]) == {}
    alive = {(address, host): net.alive(host, address) for address, host in held}
    assert differing(alive, {row: expected[1][row] for row in held}) == {}
    net.drop_held()
