"""While the access of an endpoint changes, a client that both settings admit sees no refusal.

Hosts run a steady stream of connections, each resolved afresh, while the access changes there and back; every try is
recorded and judged:

- At an address where both settings admit the host, no try fails.
- At an address that only one of them admits, a try may meet the closing door: it looked up the name before the change
  and connected after it, or was cut with the setting. It is retried at once with a new look-up, as clients do, and
  that retry succeeds: the new door is open before the name leads to it, and the name leads there before the old one
  closes.
- None stalls, as one whose SYN the kernel dropped would.
"""

import collections
import time

import pytest

from network import BOTH, PRIVATE_ONLY, PUBLIC_ONLY
from tables import NO, YES, name_of
from topology import PRIVATE, PUBLIC

# change, there and back: for each host that both settings admit, whether they both do at its public and private door.
STEADY = {
    #                               at the public address, at the private one
    (PUBLIC_ONLY, BOTH): {
        "internet": {PUBLIC: YES},
        "corp":     {PUBLIC: YES},
        "vpc-node": {PUBLIC: YES, PRIVATE: NO},
        "bastion":  {PUBLIC: YES, PRIVATE: NO},
    },
    (BOTH, PRIVATE_ONLY): {
        "vpc-node": {PRIVATE: YES},
        "bastion":  {PRIVATE: YES},
    },
    (PUBLIC_ONLY, PRIVATE_ONLY): {
        "vpc-node": {PUBLIC: NO, PRIVATE: NO},
        "bastion":  {PUBLIC: NO, PRIVATE: NO},
    },
}

TIMES = 5                  # there and back, for each change
PERIOD, MOST = 0.02, 600   # the pause between attempts, and the most a host makes
SETTLE = 0.12              # seconds of stream between changes
STALL = 0.9                # a try slower than this met a lost SYN, which its sender repeats after a second


def stream_through(net, before: str, after: str, hosts) -> tuple[list, dict]:
    """The changes as (began, ended), and every host's tries."""
    net.set_access(before)
    for host in hosts:
        net.stream(host, period=PERIOD, most=MOST)
    changes = []
    for _ in range(TIMES):
        for setting in (after, before):
            time.sleep(SETTLE)
            began = time.monotonic()
            net.set_access(setting)
            changes.append((began, time.monotonic()))
    time.sleep(SETTLE)
    return changes, {host: net.finish(host) for host in hosts}


@pytest.mark.parametrize("before, after", STEADY, ids=name_of)
def test_a_client_that_both_settings_admit_sees_no_refusal(net, before, after):
    steady = STEADY[before, after]
    changes, tries = stream_through(net, before, after, steady)

    for host, records in tries.items():
        assert len(records) < 2 * MOST, "the stream ended before the changes did"
        assert {one["address"] for one in records} == set(steady[host]), f"{host} was led elsewhere"
        failed = [one for one in records if one["outcome"] != "ok"]
        assert not [one for one in failed if steady[host][one["address"]]], f"{host} was refused what both admit"
        assert not [one for one in failed if one["turn"] == 1], f"{host} was refused again on its retry"
        assert not [one for one in failed if not any(one["began"] < ended and began < one["ended"]
                                                     for began, ended in changes)], f"{host} failed between changes"
        assert not [one for one in records if one["ended"] - one["began"] > STALL], f"{host} stalled"
    met = collections.Counter((one["turn"], one["outcome"]) for records in tries.values() for one in records)
    print(f"{before} <-> {after}: {dict(met)}")
    assert met[0, "ok"] > len(steady) * len(changes), "too few connections to have seen anything"


def test_a_stream_notices_a_refusal(net):
    """The judge above is not blind: a stream over a setting that does not admit its host records the refusals."""
    net.set_access(PUBLIC_ONLY, cidrs=["192.0.2.0/24"])
    net.stream("internet", period=PERIOD, most=2, timeout=0.3)
    time.sleep(0.2)
    tries = net.finish("internet")
    assert tries and all(one["outcome"] != "ok" for one in tries)
