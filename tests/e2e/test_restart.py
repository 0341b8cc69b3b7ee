"""A new process takes over from the one that serves: nobody is refused, and access stays enforced in both."""

import os
import pathlib
import re
import signal
import socket
import stat
import subprocess
import sys

import pytest

from load import Load, echoes, kept, names, new_connections
from machine import lacks
from world import free_port, host_of, wait_until

# A successor that speaks the protocol so far as to have the store, and dies.
DIES_WITH_THE_STORE = """
import socket, struct, sys
peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
peer.connect(sys.argv[1])
peer.send(struct.pack("!IHB", 3, 1, 0))
while True:
    message, descriptors, _, _ = socket.recv_fds(peer, 65536, 253)
    if message[6] == 3:
        print("has the store", flush=True)
        if sys.argv[2] == "die":
            sys.exit()
        sys.stdin.read()
"""


@pytest.fixture
def serving(fresh_world):
    """A world with one cluster, and its host."""
    fresh_world.start()
    return fresh_world, host_of(fresh_world.create())


def ends(process: subprocess.Popen, seconds: float = 20) -> int:
    code = process.wait(seconds)
    process.stdout.close()
    return code


def test_nobody_notices_that_processes_take_turns(serving):
    world, host = serving
    eks = world.client()
    with kept(world, host, [f"127.0.0.{n}" for n in range(10, 22)]) as relays:
        before = []
        with Load(first=new_connections(world, host, "127.0.0.2"), second=new_connections(world, host, "127.0.0.3"),
                  third=new_connections(world, host, "127.0.0.4"), relays=echoes(relays), udp=names(world, host),
                  tcp=names(world, host, udp=False)) as load:
            for _ in range(3):
                so_far = dict(load.done)
                before.append(world.take_over())
                wait_until(lambda: all(load.done[name] > so_far[name] + 40 for name in so_far), 60,
                               "load on the successor")
        assert load.failures == []
        assert all(relay.alive() for relay in relays)
        assert [ends(process) for process in before[1:]] == [0, 0]
        assert before[0].poll() is None, "relays keep the first process"
        assert eks.describe_cluster(name="my-cluster")["cluster"]["status"] == "ACTIVE"
    assert ends(before[0]) == 0


def test_calls_of_the_api_wait_for_the_successor(serving):
    world, _ = serving
    eks = world.client()

    def call():
        assert eks.describe_cluster(name="my-cluster")["cluster"]["status"] == "ACTIVE"

    def closes_after_it(request, **_):
        request.headers["Connection"] = "close"

    eks.meta.events.register("before-send", closes_after_it)
    with Load(api=call, health=lambda: world.metrics_text()) as load:
        for _ in range(3):
            so_far = dict(load.done)
            assert ends(world.take_over()) == 0
            wait_until(lambda: all(load.done[name] > so_far[name] + 5 for name in so_far), 30, "calls to the successor")
    assert load.failures == []


def test_a_revocation_reaches_relays_of_every_process_before(serving):
    world, host = serving
    world.update(publicAccessCidrs=["127.0.0.0/28"])
    before, relays = [], []
    for n in range(3):
        relays.append((world.connect(host, f"127.0.0.{2 + n}"), world.connect(host, f"127.0.0.{8 + n}")))
        before.append(world.take_over())
    assert world.sallyport_json("status")["gateway"]["connectionsInherited"] == 6
    eks = world.client()
    update = eks.update_cluster_config(name="my-cluster", resourcesVpcConfig={
        "publicAccessCidrs": ["127.0.0.0/29"]})["update"]
    while update["status"] == "InProgress":
        update = eks.describe_update(name="my-cluster", updateId=update["id"])["update"]
    # Nothing is waited for: on loopback a reset is there when the call that sends it returns.
    assert [relay.is_cut() for _, relay in relays] == [True] * 3, "Successful with revoked connections still open"
    assert update["status"] == "Successful", update
    assert all(relay.alive() for relay, _ in relays)
    assert world.sallyport_json("describe", "my-cluster", "--update", update["id"])["update"]["connectionsCut"] == 3
    assert world.metric("sallyport_gateway_connections_cut_total") == 3
    assert not world.reaches(host, "127.0.0.9")
    for relay, _ in relays:
        relay.close()
    assert [ends(process) for process in before] == [0, 0, 0]


def test_one_that_starts_after_a_crash_judges_them_too(serving):
    world, host = serving
    stays, goes = world.connect(host, "127.0.0.2"), world.connect(host, "127.0.0.3")
    before = world.take_over()
    world.kill()
    world.start()
    assert stays.alive() and goes.alive(), "relays of the first process outlive the second's end"
    world.update(publicAccessCidrs=["127.0.0.2/32"])
    assert goes.is_cut()
    assert stays.alive()
    stays.close()
    assert ends(before) == 0


def test_a_successor_knows_whom_the_kernel_dropped_before(fresh_world):
    world = fresh_world.start()
    if world.metric("sallyport_gateway_kernel_filter_active") != 1:
        lacks("no eBPF for Sallyport here: the kernel filter is not active")
    host = host_of(world.create(publicAccessCidrs=["127.0.0.2/32"]))

    def dropped(source):
        told = world.sallyport_json("traffic", "--cluster", "my-cluster")["traffic"]
        return sum(one["connections"] for one in told["unnamed"]["sources"]
                   if (one["source"], one.get("droppedBy")) == (source, "kernel-filter"))

    assert not world.reaches(host, "127.0.0.7", timeout=0.5)
    before = dropped("127.0.0.7")
    assert before > 0
    assert ends(world.take_over()) == 0
    assert dropped("127.0.0.7") == before, "what the process before had dropped is forgotten"
    assert not world.reaches(host, "127.0.0.7", timeout=0.5)
    assert not world.reaches(host, "127.0.0.8", timeout=0.5)
    assert dropped("127.0.0.7") > before, "its count goes on"
    assert dropped("127.0.0.8") > 0
    assert world.reaches(host, "127.0.0.2")


def test_a_predecessor_that_does_not_answer_is_ended(serving):
    world, host = serving
    relay = world.connect(host, "127.0.0.3")
    before = world.take_over()
    before.send_signal(signal.SIGSTOP)
    update = world.update(publicAccessCidrs=["127.0.0.2/32"])
    assert relay.is_cut()
    assert update["status"] == "Successful"
    assert ends(before) == -signal.SIGKILL


def test_relays_end_at_the_deadline(tmp_path, serving):
    world, host = serving
    world.config.write_text(world.config.read_text().replace("[server]", "[server]\nhandover_drain_seconds = 1"))
    assert ends(world.take_over()) == 0
    relay = world.connect(host, "127.0.0.2")
    assert ends(world.take_over()) == 0
    assert relay.is_cut()
    assert world.reaches(host, "127.0.0.2")


def test_the_end_of_the_service_is_the_end_of_all_its_processes(serving):
    world, host = serving
    relay = world.connect(host, "127.0.0.2")
    before = world.take_over()
    assert world.stop() == 0
    assert ends(before) == 0
    assert relay.is_cut()


def test_a_signal_starts_the_successor(serving):
    world, host = serving
    relay = world.connect(host, "127.0.0.2")
    before = world.process
    before.send_signal(signal.SIGUSR2)
    successor = int(wait_until(lambda: re.search(r"process (\d+) serves now", world.log_text()), 20, "a successor")[1])
    try:
        assert before.poll() is None and relay.alive()
        world.update(publicAccessCidrs=["127.0.0.3/32"])
        assert relay.is_cut()
        assert ends(before) == 0
        assert world.reaches(host, "127.0.0.3")
    finally:
        world.process = None
        os.kill(successor, signal.SIGTERM)
        wait_until(lambda: not pathlib.Path(f"/proc/{successor}").exists() or
                   " Z " in pathlib.Path(f"/proc/{successor}/stat").read_text(), 30, "the successor's end")


def assert_serves(world, host, process):
    """That process has everything, with the API and its store."""
    assert process.poll() is None
    assert world.process is process
    assert world.reaches(host, "127.0.0.2")
    world.update(publicAccessCidrs=["127.0.0.2/32", "127.0.0.4/32"])
    assert not world.reaches(host, "127.0.0.3", timeout=1)
    world.update(publicAccessCidrs=["0.0.0.0/0"])
    assert world.sallyport_json("status")["clusters"] is not None
    names(world, host)()
    names(world, host, udp=False)()
    assert "sallyport_" in world.metrics_text()


def test_a_successor_with_a_broken_configuration_changes_nothing(serving):
    world, host = serving
    right = world.config.read_text()
    world.config.write_text(right + "nonsense = ")
    process, said = world.launch("--takeover")
    assert (said, ends(process)) == ("", 2)
    world.config.write_text(right)
    assert_serves(world, host, world.process)


def test_a_successor_that_cannot_start_gives_everything_back(serving):
    world, host = serving
    right = world.config.read_text()
    with kept(world, host, ["127.0.0.2", "127.0.0.3"]) as relays, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        world.config.write_text(right.replace("[metrics]\nlisten = [", f'[metrics]\nlisten = ["127.0.0.1:{taken.getsockname()[1]}", '))
        with Load(new=new_connections(world, host, "127.0.0.2"), relays=echoes(relays), udp=names(world, host)) as load:
            process, said = world.launch("--takeover")
            assert (said, ends(process, 30)) == ("", 1)
            wait_until(lambda: "served by this process again" in world.log_text(), 20, "everything taken back")
        assert load.failures == []
        world.config.write_text(right)
        assert_serves(world, host, world.process)
    ends(world.take_over())
    assert_serves(world, host, world.process)


def test_a_successor_that_dies_with_the_store_loses_nothing(serving):
    world, host = serving
    for how in ("die", "be killed"):
        successor = subprocess.Popen([sys.executable, "-c", DIES_WITH_THE_STORE, world.data / "handover.sock", how],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert successor.stdout.readline() == "has the store\n"
        # The API's callers wait, the gateway and DNS go on.
        assert world.reaches(host, "127.0.0.2")
        names(world, host)()
        successor.kill()
        successor.wait()
        assert_serves(world, host, world.process)
    assert world.take_over().wait(20) == 0


def test_the_socket_is_for_this_user_alone(serving):
    world, _ = serving
    assert stat.S_IMODE(os.stat(world.data / "handover.sock").st_mode) == 0o600


def test_listeners_come_and_go_with_the_configuration(serving):
    world, host = serving
    first = world.public
    second = ("127.0.0.1", free_port("127.0.0.1", "127.31.0.10"))
    world.config.write_text(world.config.read_text().replace(f':{first[1]}"', f':{second[1]}"'))
    relay = world.connect(host, "127.0.0.2")
    assert ends(world.take_over()) == 0, "a relay of a listener that is gone is cut"
    assert relay.is_cut()
    assert world.reaches(host, "127.0.0.2", to=second)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(first, timeout=2)
    world.public = second


def test_without_a_predecessor_it_starts_as_always(fresh_world):
    fresh_world.process, said = fresh_world.launch("--takeover")
    assert said == "ready"
