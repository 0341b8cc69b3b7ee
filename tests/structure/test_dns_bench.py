"""What bench/dns_run reads, asks and reports."""

import pathlib
import sys

import dns.zone
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "bench"))

import dns_load  # noqa: E402
import dns_report  # noqa: E402
import dns_world  # noqa: E402

DNSPERF = """
Statistics:

  Queries sent:         340304
  Queries completed:    340045 (99.92%)
  Queries lost:         259 (0.08%)

  Response codes:       NOERROR 289205 (85.05%), NXDOMAIN 50840 (14.95%)
  Average packet size:  request 98, response 132
  Run time (s):         3.000314
  Queries per second:   113436.460330

  Average Latency (s):  0.001105 (min 0.000018, max 0.025302)
  Latency StdDev (s):   0.001979
"""


def test_dnsperf_is_read():
    assert dns_load.parse(DNSPERF) == {
        "sent": 340304, "completed": 340045, "lost": 259, "rate": 113436.460330,
        "latency_us": pytest.approx(1105), "rcodes": ["NOERROR", "NXDOMAIN"]}
    with pytest.raises(dns_load.LoadFailed, match="Queries lost"):
        dns_load.parse(DNSPERF.replace("Queries lost", "Queries gone"))


def test_zone_has_every_name_asked_for_but_the_absent():
    ids = dns_world.endpoint_ids(20)
    assert len(set(ids)) == 20
    zone = dns.zone.from_text(dns_world.zone_file(ids), f"{dns_world.APEX}.", relativize=False)
    names = {str(name).lower() for name in zone.nodes}
    asked = dns_world.questions(ids, 1000)
    assert asked == dns_world.questions(ids, 1000)
    there = [name for name, _ in asked if f"{name.lower()}." in names]
    assert 750 < len(there) < 950
    assert {kind for _, kind in asked} == {"A", "AAAA", "HTTPS", "TXT"}
    assert any(name not in (name.lower(), name.upper()) for name in there)


def seen(rate, cpu, lost=0):
    return {"rate": rate, "cpu_per_million": cpu, "latency_us": 1.0, "lost": lost, "sent": 1000}


def test_ratios_are_of_the_same_round():
    rounds = [{"sallyport": seen(100e3, 4.0), "knot": seen(50e3, 8.0)},
              {"sallyport": seen(30e3, 3.0, lost=2), "knot": seen(30e3, 2.0)},
              {"sallyport": seen(90e3, 1.0), "knot": seen(10e3, 1.0, lost=1)}]
    result = dns_report.of_rounds(rounds)
    assert result["cpu_ratio"] == {"median": 1.0, "lowest": 0.5, "highest": 1.5}
    assert result["rate_ratio"] == {"median": 2.0, "lowest": 1.0, "highest": 9.0}
    assert result["servers"]["sallyport"]["cpu_per_million"] == {"median": 3.0, "lowest": 1.0, "highest": 4.0}
    assert (result["servers"]["sallyport"]["lost"], result["servers"]["knot"]["lost"]) == (2, 1)
    table = dns_report.table([{"transport": "udp", "clusters": 100000, **result}]).splitlines()
    assert table[0].split()[:3] == ["transport", "clusters", "server"]
    assert "90.0 (30.0-100.0)" in table[1] and "1.00 (0.50-1.50)" in table[1]
    assert "30.0 (10.0-50.0)" in table[2]
