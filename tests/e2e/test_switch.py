"""While the access of an endpoint changes, a client that both settings admit sees no refusal.

Hosts run a steady stream of connections, each resolved afresh, while the access changes there and back; every try is
recorded and judged:

- At an address where both settings admit the host, no try fails.
- At an address that only one of them admits, a try may meet the closing door: it looked up the name before the change
  and connected after it, or was cut with the setting. It is retried at once with a new look-up, as clients do, and
  that retry succeeds: the new door is open before the name leads to it, and the name leads there before the old one
  closes.
- None stalls, as one whose SYN the kernel dropped would.

The answer turns in every view: VPC A's for its own hosts, public DNS for the corporate network behind a transit
gateway, and VPC B's, which is a foreign VPC's, for the peered one.
"""

import collections
import time

import pytest

from network import BOTH, PRIVATE_ONLY, PUBLIC_ONLY
from tables import COMBINATIONS, differing, name_of
from topology import CIDR_B, CIDR_CORP, PRIVATE, PUBLIC

pytestmark = pytest.mark.usefixtures("kernel_filter", "connected")

# change, there and back: for each host that both settings admit, the addresses the name leads it to, and which of the
# two settings admit it there. `test_the_doors` holds this against the gateway.
STEADY = {
    (PUBLIC_ONLY, BOTH): {
        "internet":  {PUBLIC: (PUBLIC_ONLY, BOTH)},
        "corp":      {PUBLIC: (PUBLIC_ONLY, BOTH)},
        "other-vpc": {PUBLIC: (PUBLIC_ONLY, BOTH)},
        "vpc-node":  {PUBLIC: (PUBLIC_ONLY, BOTH), PRIVATE: (BOTH,)},
        "bastion":   {PUBLIC: (PUBLIC_ONLY, BOTH), PRIVATE: (BOTH,)},
    },
    (BOTH, PRIVATE_ONLY): {
        "corp":      {PUBLIC: (BOTH,), PRIVATE: (BOTH, PRIVATE_ONLY)},
        "other-vpc": {PUBLIC: (BOTH,), PRIVATE: (BOTH, PRIVATE_ONLY)},
        "vpc-node":  {PRIVATE: (BOTH, PRIVATE_ONLY)},
        "bastion":   {PRIVATE: (BOTH, PRIVATE_ONLY)},
    },
    (PUBLIC_ONLY, PRIVATE_ONLY): {
        "corp":      {PUBLIC: (PUBLIC_ONLY,), PRIVATE: (PRIVATE_ONLY,)},
        "other-vpc": {PUBLIC: (PUBLIC_ONLY,), PRIVATE: (PRIVATE_ONLY,)},
        "vpc-node":  {PUBLIC: (PUBLIC_ONLY,), PRIVATE: (PRIVATE_ONLY,)},
        "bastion":   {PUBLIC: (PUBLIC_ONLY,), PRIVATE: (PRIVATE_ONLY,)},
    },
}

TIMES = 6                    # there and back, for each change
PERIOD, MOST = 0.01, 20_000  # from one attempt's beginning to the next, and the most a host makes: minutes of them
BETWEEN = 8                  # attempts of every host between two changes
STALL = 0.9                  # a try slower than this met a lost SYN, which its sender repeats after a second


@pytest.fixture(scope="module")
def connected(objects):
    """`other-vpc` and `corp` are connected networks with a rule of their own."""
    transit = objects.transit(objects.vpc_a, objects.subnets_a)
    with objects.peered(objects.vpc_a, objects.vpc_b), transit.routed(), \
            objects.rule(objects.permission(CIDR_B)), objects.rule(objects.permission(CIDR_CORP)):
        yield
    transit.remove()


@pytest.mark.parametrize("setting", COMBINATIONS, ids=name_of)
def test_the_doors(net, setting):
    """Each is open in those settings that STEADY says, and in no other: a change does close what it is to close."""
    expected = {(host, address): setting in admitting for change, hosts in STEADY.items() if setting in change
                for host, doors in hosts.items() for address, admitting in doors.items()}
    net.set_access(setting)
    seen = net.everywhere(lambda host: net.reached(
        host.name, {address: admitted for (name, address), admitted in expected.items() if name == host.name}),
        {host for host, _ in expected})
    assert differing({row: seen[row[0]][row[1]] for row in expected}, expected) == {}


def stream_through(net, before: str, after: str, hosts, times: int, between: int, **pace) -> tuple[list, dict]:
    """The changes as (began, ended), and every host's stream, which made so many attempts between any two changes."""
    net.set_access(before)
    for host in hosts:
        net.stream(host, period=PERIOD, most=MOST, **pace)
    changes = []
    for setting in (after, before) * times:
        net.everywhere(lambda host: net.more(host.name, between), hosts)
        began = time.monotonic()
        net.set_access(setting)
        changes.append((began, time.monotonic()))
    net.everywhere(lambda host: net.more(host.name, between), hosts)
    return changes, {host: net.finish(host) for host in hosts}


def overlap(one: dict, change: tuple[float, float]) -> bool:
    return one["began"] < change[1] and change[0] < one["ended"]


def faults(stream: dict, changes: list, doors: dict, settings: tuple[str, str]) -> list[str]:
    """What is wrong with a host's stream; nothing where all is as this module's docstring says."""
    tries = stream["tries"]
    failed = [one for one in tries if one["outcome"] != "ok"]
    wrong = {
        "the stream ended before the changes did": not stream["lasted"],
        "led elsewhere": {one["address"] for one in tries} != set(doors),
        "refused what both admit": any(set(doors.get(one["address"], ())) == set(settings) for one in failed),
        "refused again on its retry": any(one["turn"] == 1 for one in failed),
        "failed between changes": any(not any(overlap(one, change) for change in changes) for one in failed),
        "stalled": any(one["ended"] - one["began"] > STALL for one in tries),
    }
    return [what for what, so in wrong.items() if so]


@pytest.mark.parametrize("before, after", STEADY, ids=name_of)
def test_a_client_that_both_settings_admit_sees_no_refusal(net, before, after):
    steady = STEADY[before, after]
    changes, streams = stream_through(net, before, after, steady, TIMES, BETWEEN)

    met = collections.Counter((one["turn"], one["outcome"]) for stream in streams.values() for one in stream["tries"])
    print(f"{before} <-> {after}: {dict(met)}")
    found = {host: faults(stream, changes, steady[host], (before, after)) for host, stream in streams.items()}
    assert found == {host: [] for host in steady}, [
        (host, one) for host, stream in streams.items() for one in stream["tries"] if one["outcome"] != "ok"]
    # Something was under way during every change, and from every host during most of them.
    during = {host: [any(overlap(one, change) for one in stream["tries"]) for change in changes]
              for host, stream in streams.items()}
    assert all(map(any, zip(*during.values()))), during
    assert all(sum(seen) > len(changes) // 2 for seen in during.values()), during


def test_a_stream_through_a_refusal_is_judged_so(net):
    """The judge is not blind: `far-vpc` is no connected network, and private only does not admit it."""
    changes, streams = stream_through(net, BOTH, PRIVATE_ONLY, ["far-vpc"], 1, 2, timeout=0.3)
    doors = STEADY[BOTH, PRIVATE_ONLY]["corp"]
    assert {"refused what both admit", "refused again on its retry"} <= {
        *faults(streams["far-vpc"], changes, doors, (BOTH, PRIVATE_ONLY))}


def test_a_stream_that_runs_out_is_judged_so(net):
    net.set_access(BOTH)
    net.stream("internet", period=PERIOD, most=3)
    with pytest.raises(AssertionError, match="the stream has ended"):
        net.more("internet", 3)
    assert faults(net.finish("internet"), [], {PUBLIC: (BOTH,)}, (BOTH,)) == ["the stream ended before the changes did"]
