"""The workplace host by itself: real shells in real sandboxes, driven as the API and a browser do."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess

import pytest
from websockets.exceptions import InvalidStatus

from machine import lacks
from workplace_host import SECRET, Host, processes_of
from world import BINARY, wait_until

UIDS = range(70500, 70600)
UID_SETTING = "uids = [70500, 70599]\n"


def processes() -> dict[int, int]:
    return processes_of(UIDS)


def runs(word: str) -> bool:
    with contextlib.suppress(OSError):
        return any(word.encode() in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes() for pid in processes())
    return True     # one of them ended just now: look again


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    if os.geteuid() != 0:
        lacks("not root: sessions get no user of their own here")
    with contextlib.closing(Host(tmp_path_factory.mktemp("host"), UID_SETTING + """
processes = 64
home_bytes = 8388608
memory_bytes = 268435456
sessions_a_principal = 2
""")) as running:
        yield running.start()
        assert running.stop() == 0, running.said()[-4000:]
        assert SECRET not in running.said() and "very-secret" not in running.said()
        assert "long-token" not in running.said()


def test_only_the_api_gets_in(host):
    assert host.ask(secret="0123456789abcdef0123456789abcdeX")[0] == 401
    assert host.ask(secret="")[0] == 401
    status, refused = host.ask(region="us-east-1\nrole_arn = x")
    assert status == 400 and "region" in refused["message"]
    assert host.ask(seconds=10)[0] == 400
    assert host.metric('sallyport_workplace_refused_total{reason="secret"}') >= 2


def test_who_knows_no_secret_cannot_hold_every_place(host):
    with contextlib.ExitStack() as held:
        # The machine's own addresses count as one; the API of this test is at one of them too.
        for last in range(1, 17):
            held.enter_context(socket.create_connection(("127.0.0.1", host.port), source_address=(f"127.0.0.{last}", 0)))
        wait_until(lambda: host.metric("sallyport_workplace_connections_active") == 16)
        with pytest.raises(OSError):
            host.ask()
        assert host.metric('sallyport_workplace_refused_total{reason="source"}') == 1
    wait_until(lambda: host.metric("sallyport_workplace_connections_active") == 0)
    with host.terminal():
        assert host.metric("sallyport_workplace_connections_active") == 0


def test_a_ticket_is_good_once(host):
    status, granted = host.ask()
    assert status == 201 and granted["idleSeconds"] == 900 and granted["session"].startswith("ws-")
    for ticket, secret, code in (("A" * 43, SECRET, 403), (granted["ticket"], "wrong" * 8, 401)):
        with pytest.raises(InvalidStatus) as refused:
            host.dial(ticket, secret)
        assert refused.value.response.status_code == code
    with host.dial(granted["ticket"]) as socket:
        assert socket.subprotocol == "sallyport-terminal.v1"
        with pytest.raises(InvalidStatus) as refused:
            host.dial(granted["ticket"])
        assert refused.value.response.status_code == 403
    wait_until(lambda: host.running() == 0, what="the end of the session")


def test_a_shell_with_everything_in_place(host):
    with host.terminal() as terminal:
        assert terminal.run("id -un; id -u; hostname; pwd").split() == ["user", "1000", "workplace", "/home/user"]
        assert terminal.texts[0]["type"] == "opened" and terminal.texts[0]["cluster"] == "prod"
        assert "Cluster prod" in terminal.output and "user/ann" in terminal.output
        assert terminal.run("stat -c '%a %U' ~/.kube/config ~/.aws/credentials").split() == ["600", "user"] * 2
        assert "very-secret" not in terminal.run("env; cat /proc/*/environ /proc/*/cmdline | tr '\\0' ' '")
        assert terminal.run("kubectl config current-context").strip() == "prod"
        token = terminal.run("/run/sallyport/sallyport token --cluster prod")
        assert '"kind":"ExecCredential"' in token and "k8s-aws-v1." in token
        terminal.socket.send('{"type":"resize","columns":132,"rows":43}')
        assert terminal.run("stty size").strip() == "43 132"
        assert "no job control" not in terminal.output
        terminal.type("sleep 98765\r")
        wait_until(lambda: runs("98765"), what="the sleep")
        terminal.type("\x03")             # reaches the sleep, not the shell
        wait_until(lambda: not runs("98765"), what="the end of the sleep")
        assert terminal.run("echo on").strip() == "on"
        terminal.type("exit 7\r")
        assert terminal.ended() == {"type": "ended", "reason": "exit", "code": 7, "message": "", "closed": 1000}
    wait_until(lambda: not processes(), what="the end of every process")


def test_nothing_of_the_machine_or_of_others_is_seen(host):
    with host.terminal("ann") as ann, host.terminal("bob") as bob:
        ann.run("sleep 12345 & echo mine > /tmp/mine; echo mine > ~/mine; cp /bin/true /dev/shm/mine")
        assert bob.run("cat /proc/*/cmdline | tr '\\0' ' '").count("12345") == 0
        assert bob.run("ls -A /tmp /dev/shm; ls ~").split() == ["/dev/shm:", "/tmp:"]
        seen = bob.run("ls /; ls /root /etc/shadow /var /work /sys 2>&1 | grep -vc 'No such'")
        assert seen.split()[-1] == "0" and "work" not in seen.split()
        bob.run("kill -9 -1")
        assert ann.run("kill -0 $! && echo both run").strip() == "both run"
        assert bob.run("touch /usr/x 2>/dev/null || touch /x 2>/dev/null || touch /etc/x 2>/dev/null || "
                       "unshare -U true 2>/dev/null || mount -t tmpfs none /tmp 2>/dev/null || echo none").strip() == "none"
        users = set(processes().values())
        assert len(users) == 2, users           # one for each of the two


def test_a_session_cannot_take_all_there_is(host):
    with host.terminal() as terminal, host.terminal("bob") as other:
        # As many processes as it can make, which must not be more than it may, nor keep another from working.
        made = int(terminal.run("perl -e 'while ($n < 500 && defined($p = fork)) { $p || sleep 600; $n++ } print $n'"))
        assert 16 < made < 64
        assert other.run("echo works").strip() == "works"
        # Tmpfs is memory: the home, /tmp and /dev/shm are bounded.
        for folder in ("$HOME", "/tmp", "/dev/shm"):
            other.run(f"head -c 30000000 /dev/zero > {folder}/big 2>/dev/null")
            assert int(other.run(f"stat -c %s {folder}/big")) <= 8388608
        assert other.run("perl -e '$x = q(a) x (1 << 20); print length $x'") == str(1 << 20)
        assert "Out of memory" in other.run("perl -e '$x = q(a) x (1 << 30); print length $x' 2>&1")


def test_limits_of_sessions(host):
    wait_until(lambda: host.running() == 0, what="the end of earlier sessions")
    with host.terminal(), host.terminal():
        status, refused = host.ask()
        assert status == 429 and "sessions_a_principal" in refused["message"]
        assert host.ask("bob")[0] == 201
    wait_until(lambda: host.running() == 0, what="the end of the sessions")
    assert host.ask()[0] == 201


def test_when_the_browser_leaves_everything_ends(host):
    terminal = host.terminal("eve")
    terminal.run("nohup setsid sleep 54321 >/dev/null 2>&1 </dev/null & disown; trap '' HUP TERM")
    assert processes()
    terminal.socket.socket.close()      # no close message: the connection just ends
    wait_until(lambda: not processes(), what="the end of every process")
    wait_until(lambda: "reason=gone" in host.said(), what="a word in the log")


def test_idle_sessions_end_and_are_told_before(tmp_path):
    with contextlib.closing(Host(tmp_path, UID_SETTING + "idle_seconds = 3", tls=True)) as host, \
            host.start().terminal() as terminal:
        terminal.type("while true; do echo output; sleep 0.2; done\r")    # output keeps nobody busy
        ended = terminal.ended()
        assert (ended["reason"], ended["closed"]) == ("idle", 1008)
        ending = [text for text in terminal.texts if text["type"] == "ending"]
        assert ending[0]["reason"] == "idle" and 1 <= ending[0]["seconds"] <= 3
        assert host.stop() == 0
        assert "reason=idle" in host.said()


def test_sigterm_tells_waits_and_ends(tmp_path):
    with contextlib.closing(Host(tmp_path, UID_SETTING)) as host, host.start().terminal() as terminal:
        terminal.run("trap '' HUP TERM INT")
        host.process.send_signal(signal.SIGTERM)
        terminal.wait(lambda: any(text["type"] == "ending" for text in terminal.texts))
        assert terminal.texts[-1]["reason"] == "draining"
        assert terminal.run("echo still").strip() == "still"
        ended = terminal.ended()
        assert (ended["reason"], ended["closed"]) == ("draining", 1001)
        assert host.process.wait(20) == 0
    wait_until(lambda: not processes(), what="the end of every process")


def test_a_killed_host_leaves_no_process(tmp_path):
    with contextlib.closing(Host(tmp_path, UID_SETTING)) as host, host.start().terminal() as terminal:
        terminal.run("trap '' HUP TERM; sleep 999 & true")
        host.process.kill()
        host.process.wait()
        wait_until(lambda: not processes(), what="the end of every process")


def test_check_knows_every_mistake(tmp_path):
    host = Host(tmp_path, "uids = [5]\nshell = 'bash'\nmemory = 1", api="http://10.0.0.1:8787")
    (tmp_path / "secret").chmod(0o644)
    done = subprocess.run([BINARY, "check", "--config", host.config], capture_output=True, text=True)
    assert done.returncode == 2
    for part in ("chmod 600", "plain HTTP", "uids", "shell", "memory_bytes"):
        assert part in done.stderr, done.stderr
