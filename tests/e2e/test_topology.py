"""The test network cleans up after itself, and after runs that could not."""

import os
import subprocess
import sys

import pytest

from topology import NotAllowed, Topology, inside, namespaces, remove, remove_leftovers, run, started_at


@pytest.fixture
def made(net):
    """Nothing but a machine that has namespaces, or the reason why not."""
    names = []
    yield names
    for name in set(names) & set(namespaces()):
        remove(name)


def add(made: list[str], name: str) -> str:
    run("ip", "netns", "add", name)
    made.append(name)
    return name


def test_what_a_dead_run_left_is_removed_and_its_processes_end(made):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    token = f"sallyport-{dead.pid}-{started_at(dead.pid)}-"
    dead.wait()
    left = add(made, token + "gateway")
    with inside(left):
        still_there = subprocess.Popen(["sleep", "60"])
    assert left in remove_leftovers()
    assert left not in namespaces()
    assert still_there.wait(5) != 0


def test_a_number_used_again_is_not_the_run_that_had_it(made):
    assert add(made, f"sallyport-{os.getpid()}-1-gateway") in remove_leftovers()


def test_what_is_in_use_or_not_ours_stays(net, made):
    mine = [name for name in namespaces() if name.startswith(f"sallyport-{os.getpid()}-")]
    others = [add(made, "sallyport-of-somebody"), add(made, "somebody")]
    assert not set(remove_leftovers()) & {*mine, *others}
    assert set(mine) | set(others) <= set(namespaces())


def test_a_topology_that_fails_half_way_leaves_nothing(net, monkeypatch):
    before = set(namespaces())
    monkeypatch.setattr("topology.HOSTS", {"lost": ("198.51.100.9/24", "no-such-switch")})
    with pytest.raises(RuntimeError, match="no-such-switch"):
        Topology()
    assert set(namespaces()) == before


# A step of making the network, as a word of its command: a machine may refuse any of them.
@pytest.mark.parametrize("step", ["netns add", "sysctl", "type veth", "type bridge", "master", "rule add", "nft"])
def test_a_machine_that_refuses_is_told_from_a_mistake(net, monkeypatch, step):
    def refusing(*command, text=None):
        if step in " ".join(command) + (text or ""):
            raise RuntimeError("Read-only file system")
        return run(*command, text=text)

    before = set(namespaces())
    monkeypatch.setattr("topology.run", refusing)
    with pytest.raises(NotAllowed, match="Read-only file system"):
        Topology()
    assert set(namespaces()) == before


def test_a_namespace_that_will_not_go_keeps_no_other(net, made, monkeypatch):
    before = set(namespaces())
    topology = Topology()
    stays = topology.name("core")
    made += set(namespaces()) - before

    def refusing(name):
        if name == stays:
            raise RuntimeError("Device or resource busy")
        remove(name)

    monkeypatch.setattr("topology.remove", refusing)
    with pytest.raises(RuntimeError, match=f"{stays}: Device or resource busy"):
        topology.close()
    assert set(namespaces()) - before == {stays}
