"""The benchmark's arithmetic and texts, without running it: medians, ratios, configurations, table, picture."""

import pathlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "bench"))
from sidebyside import chart, configs, machine, medians, results, table  # noqa: E402
from sidebyside.results import Metric, Rounds  # noqa: E402

RATE = Metric("rate", "throughput", "requests/s", True)
CPU = Metric("process_cpu", "CPU, over direct", "s/million", False, over_direct=True)
KEPT = Metric("kept", "… 40 by 1", "ratio", True, base="rate/base")
SAMPLES = {"direct": [(100, 10), (110, 10)], "haproxy": [(50, 30), (40, 50)], "nginx": [(40, 20), (80, 40)],
           "sallyport": [(60, 15), (40, 30)]}


def rounds_of(samples):
    rounds = Rounds(2)
    for target, values in samples.items():
        for turn, (rate, cpu) in enumerate(values):
            rounds.put(target, turn, {"rate": rate, "process_cpu": cpu, "base": 20})
    return rounds


def document(samples=None, failures=(), quick=False):
    measure = results.measure_result("requests", "raw, <32> connections", [RATE, CPU], rounds_of(samples or SAMPLES), {})
    return {"date": "2026-01-02", "settings": {"rounds": 2, "seconds": 1.0, "threads": 1, "quick": quick, "whole": True},
            "machine": {"cpu": "A CPU", "cores": 2, "kernel": "6", "haproxy": "H 2", "nginx": "n 1", "sallyport": "s"},
            "measures": [measure], "failures": list(failures)}


def test_spread_leaves_out_rounds_that_gave_nothing():
    assert medians.spread([3, None, 1, 8]) == medians.Spread(3, 1, 8)
    assert medians.spread([None, None]) is None


@pytest.mark.parametrize("more, expected", [(True, [60 / 50, 0.5]), (False, [60 / 40, 1.0])])
def test_ratio_is_to_the_better_rival_of_the_same_round(more, expected):
    assert medians.ratios([60, 40], [[50, 40], [40, 80]], more) == expected


def test_no_ratio_without_a_value_a_rival_or_a_positive_rival():
    assert medians.ratios([1, None, 3, 4, -1], [[None, 5, -1, 2, 2]], True) == [None, None, None, 2, None]


def test_each_target_goes_first_in_its_turn():
    orders = [medians.rotated(["a", "b", "c"], turn) for turn in range(4)]
    assert [order[0] for order in orders] == ["a", "b", "c", "a"]
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)


def test_over_direct_is_of_the_same_round_and_not_for_direct_itself():
    rounds = rounds_of(SAMPLES)
    assert rounds.values("haproxy", CPU) == [20, 40]
    assert rounds.values("direct", CPU) == [None, None]
    assert rounds.values("sallyport", KEPT) == [3, 2]


def test_result_of_a_metric():
    found = results.metric_result(rounds_of(SAMPLES), RATE)
    assert found["targets"]["sallyport"] == {"median": 50, "min": 40, "max": 60, "rounds": [60, 40]}
    assert found["ratio_to_better_rival"]["rounds"] == [1.2, 0.5]
    assert found["better"] == "more"


def test_missing_proxy_is_a_gap_and_not_a_zero():
    samples = {name: values for name, values in SAMPLES.items() if name != "sallyport"}
    found = results.metric_result(rounds_of(samples), RATE)
    assert found["targets"]["sallyport"] is None and found["ratio_to_better_rival"] is None
    assert "Sallyport" in table.terminal(document(samples), False)
    xml.etree.ElementTree.fromstring(chart.svg(document(samples)))


@pytest.mark.parametrize("value, text", [(0, "0"), (0.0123, "0.0123"), (1.2345, "1.23"), (45.67, "45.7"), (999, "999"),
                                         (51234, "51,200"), (-51234, "-51,200"), (2345678, "2.35 M"), (1e-9, "1.0e-09")])
def test_numbers_have_three_digits_that_count(value, text):
    assert table.number(value) == text


@pytest.mark.parametrize("median, better, expected", [(1.1, "more", 1), (1.1, "less", -1), (0.9, "more", -1),
                                                      (0.9, "less", 1), (1.01, "more", 0)])
def test_verdict(median, better, expected):
    metric = {"better": better, "ratio_to_better_rival": {"median": median}}
    assert table.verdict(metric) == expected


def test_table_is_plain_without_colours_and_says_what_failed():
    shown = document(failures=["nginx: did not start"])
    plain = table.terminal(shown, False)
    assert "\033" not in plain and "\033[" in table.terminal(shown, True)
    assert "FAILED: nginx: did not start" in plain
    assert "50.0 [40.0 60.0]" in plain and "0.85 [0.50 1.20]" in plain
    assert "quick" not in plain and "quick" in table.terminal(document(quick=True), False)


def test_table_columns_line_up():
    lines = [line for line in table.terminal(document(), False).splitlines() if "[" in line and "Median" not in line]
    assert len(lines) == 2 and len({len(line) for line in lines}) == 1


def test_markdown_is_a_table_of_as_many_columns_in_each_row():
    lines = [line for line in table.markdown(document()).splitlines() if line.startswith("|")]
    assert len(lines) == 4 and {line.count("|") for line in lines} == {7}


def test_picture_is_well_formed_escaped_and_follows_the_scheme():
    picture = chart.svg(document())
    root = xml.etree.ElementTree.fromstring(picture)
    names = [element.get("class") for element in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert names.count("sallyport") == names.count("haproxy") == names.count("nginx") == 2
    assert "prefers-color-scheme: dark" in picture and "raw, &lt;32&gt; connections" in picture
    assert not any("class" in element.attrib and float(element.get("width")) < 0
                   for element in root.iter("{http://www.w3.org/2000/svg}rect"))


def test_bars_are_shares_of_the_longest_and_never_negative():
    metric = results.metric_result(rounds_of(SAMPLES | {"sallyport": [(60, 1), (40, 1)]}), CPU)
    lengths = {name: length for name, _, length in chart.bars(metric)}
    assert lengths["haproxy"] == 1 and lengths["sallyport"] == 0


def proxy(cidrs):
    return configs.Proxy(("127.66.0.1", 4443), configs.cidr_list(cidrs), {"raw": "127.0.0.1:1", "tls": "127.0.0.1:2"},
                         {configs.name_of(0, "x.internal"): "raw", configs.name_of(1, "x.internal"): "tls"}, 2, 1000, 4096)


def test_lists_of_cidrs_have_their_size_and_no_block_twice():
    for size in (1, 40, 2048):
        assert len(set(configs.cidr_list(size))) == size
    assert not [cidr for cidr in configs.cidr_list(2048)[1:] if not cidr.startswith("10.")]


@pytest.mark.parametrize("splice", [False, True])
def test_haproxy_configuration(tmp_path, splice):
    files = configs.haproxy_files(proxy(40), tmp_path, splice)
    assert ("option splice-auto" in files["haproxy.cfg"]) == splice
    assert files["cidrs.list"].count("\n") == 40 and files["names.map"].count("\n") == 2
    accept(tmp_path, files, ["haproxy", "-c", "-f", str(tmp_path / "haproxy.cfg")])


@pytest.mark.parametrize("cidrs", [1, 2048])
def test_nginx_configuration(tmp_path, cidrs):
    files = configs.nginx_files(proxy(cidrs), tmp_path, 16)
    assert ("deny all" in files["nginx.conf"]) == (cidrs == 1)
    assert ("geo $admitted" in files["nginx.conf"]) == (cidrs == 2048)
    accept(tmp_path, files, ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])


def accept(folder, files, command):
    """The program itself takes the configuration, where it is installed: what it is for is a benchmark's to need."""
    for name, text in files.items():
        (folder / name).write_text(text)
    if shutil.which(command[0]):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_what_proc_tells():
    stat = "cpu  100 10 50 900 5 3 7 2 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n"
    assert machine.busy_seconds(stat) * machine.TICKS == 170
    line = "12 (a (b) c) S 1 12 12 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 100 1000 10"
    assert machine.process_seconds(line) * machine.TICKS == 300
    assert machine.meminfo("MemTotal: 10 kB\nSlab:   25 kB\n", "Slab") == 25 * 1024
    assert machine.tcp_bytes("sockets: used 9\nTCP: inuse 5 orphan 0 tw 1 alloc 6 mem 3\n") == 3 * machine.PAGE
