"""The bastion between an API, a resolver and endpoints that do what the test wants: delays, lies, dead ends."""

import base64
import contextlib
import socket
import subprocess
import threading
import time

import dns.rcode
import pytest

from bastion_stage import NAME, REJECTED, SECRET, USER, WELCOME, Stage, side_by_side
from world import BINARY, wait_until


@pytest.fixture(params=[True, False], ids=["tls", "plain"])
def stage(tmp_path, request):
    made = Stage(tmp_path, tls=request.param)
    yield made
    made.close()


@pytest.fixture
def plain(tmp_path):
    made = Stage(tmp_path, "idle_seconds = 2\nmax_connections = 8", tls=False)
    yield made
    made.close()


def received(stream, count):
    got = b""
    while len(got) < count and (part := stream.recv(count - len(got))):
        got += part
    return got


def test_bytes_sent_with_the_request_arrive(stage):
    with stage.open(after=b"early") as stream:
        assert received(stream, 5) == b"early"


def test_the_request_is_signed_and_holds_no_secret(stage):
    stage.open().close()
    assert stage.api.asked == 1
    sent = stage.api.seen[0]
    assert "Action=GetCallerIdentity" in sent and f"Credential={USER}/" in sent and "/sts/aws4_request" in sent
    assert SECRET not in sent


def test_half_close_from_the_client(stage):
    def last_words(stream):
        while stream.recv(65536):
            pass
        stream.sendall(b"after your end")
    stage.endpoint.serve = last_words
    with stage.open() as stream:
        stream.sendall(b"x" * 100_000)
        # Of the TCP connection: Python cannot send TLS's own end and then go on reading.
        socket.socket.shutdown(stream, socket.SHUT_WR)
        assert received(stream, 14) == b"after your end"
        assert stream.recv(1) == b""


def test_half_close_from_the_endpoint(stage):
    got = []

    def first_words(stream):
        stream.sendall(b"all I have to say")
        stream.shutdown(socket.SHUT_WR)
        while data := stream.recv(65536):
            got.append(data)
    stage.endpoint.serve = first_words
    with stage.open() as stream:
        assert received(stream, 17) == b"all I have to say"
        assert stream.recv(1) == b""
        for _ in range(20):
            stream.sendall(b"y" * 5_000)
    wait_until(lambda: sum(map(len, got)) == 100_000, 10, "the client's bytes")


def test_a_slow_reader_holds_the_sender_back_and_loses_nothing(stage):
    sent = []

    def flood(stream):
        stream.settimeout(30)
        for _ in range(1000):
            stream.sendall(b"z" * 65536)
            sent.append(65536)
    stage.endpoint.serve = flood
    with stage.open() as stream:
        stream.settimeout(30)
        time.sleep(1.5)
        held = sum(sent)
        time.sleep(0.5)
        assert sum(sent) == held < 1000 * 65536, "the sender was not held back"
        rss = [int(line.split()[1]) for line in open(f"/proc/{stage.bastion.process.pid}/status") if "VmRSS" in line][0]
        assert rss < 200_000
        count = 0
        while part := stream.recv(1 << 20):
            count += len(part)
        assert count == 1000 * 65536


def test_every_address_is_tried(stage):
    stage.resolver.addresses = ["127.99.0.1", "127.99.0.2", "127.0.0.1"]
    with stage.open() as stream:
        stream.sendall(b"hello")
        assert received(stream, 5) == b"hello"
    stage.resolver.addresses = ["127.99.0.1"]
    status, answer, _ = stage.bastion.ask(stage.target, USER, SECRET)
    assert status == 502 and "No address of the endpoint" in answer
    assert stage.bastion.ask_socks(NAME, stage.endpoint.port, USER, SECRET)[0] == 5


def test_a_truncated_answer_is_asked_for_by_tcp(stage):
    stage.resolver.truncate = True
    stage.open().close()


@pytest.mark.parametrize("rcode, reason", [(dns.rcode.NXDOMAIN, "no-such-name"), (dns.rcode.REFUSED, "lookup-failed"),
                                           (dns.rcode.SERVFAIL, "lookup-failed"), (None, "lookup-failed")])
def test_names_that_do_not_resolve(tmp_path, rcode, reason):
    with contextlib.closing(Stage(tmp_path)) as stage:
        stage.resolver.rcode = rcode
        (status, answer, _), (socks, _) = side_by_side(
            lambda: stage.bastion.ask(stage.target, USER, SECRET),
            lambda: stage.bastion.ask_socks(NAME, stage.endpoint.port, USER, SECRET))
        assert status == 502 and "name" in answer
        assert socks == 4
        assert stage.bastion.refused(reason) == 2


def test_addresses_that_no_endpoint_has(stage):
    stage.resolver.addresses = ["169.254.169.254", "224.0.0.1", "0.0.0.0"]
    status, answer, _ = stage.bastion.ask(stage.target, USER, SECRET)
    assert status == 502 and "addresses that no endpoint has" in answer
    assert stage.bastion.ask_socks(NAME, stage.endpoint.port, USER, SECRET)[0] == 4
    assert stage.bastion.refused("bad-address") == 2
    stage.resolver.addresses.append("127.0.0.1")
    stage.open().close()


@pytest.mark.parametrize("answer", [
    (500, b"oops"), (200, b"<html>Welcome to nginx</html>"), (403, b"<html>Forbidden</html>"), (404, b""),
    (403, b"<Code>SignatureDoesNotMatch</Code><Message>Signature expired: 20261124T000000Z is now earlier</Message>"),
    (200, b"x" * 100_000),
])
def test_an_api_that_does_not_say_who_lets_nobody_in(tmp_path, answer):
    with contextlib.closing(Stage(tmp_path)) as stage:
        stage.api.answer = answer
        status, text, _ = stage.bastion.ask(stage.target, USER, SECRET)
        assert status == 503 and "cannot be reached" in text
        assert stage.bastion.ask_socks(NAME, stage.endpoint.port, USER, SECRET)[0] == -1
        assert stage.bastion.refused("api-unavailable") == 2
        if b"expired" in answer[1]:
            assert "clock" in stage.bastion.said()
        stage.api.answer = WELCOME  # and nothing of it is remembered
        stage.open().close()


def test_a_silent_api_is_waited_for_five_seconds(tmp_path):
    def wait(tls):
        with contextlib.closing(Stage(tmp_path / str(tls), tls=tls)) as stage:
            stage.api.delay = 30
            started = time.monotonic()
            status, _, _ = stage.bastion.ask(stage.target, USER, SECRET)
            assert status == 503 and 4 < time.monotonic() - started < 8
    side_by_side(lambda: wait(True), lambda: wait(False))


def test_the_same_login_at_once_is_one_question(stage):
    stage.api.delay = 1
    threads = [threading.Thread(target=lambda: stage.open().close()) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stage.api.asked == 1


def test_guessing_is_slowed_and_the_owner_still_passes(stage):
    stage.open().close()
    stage.api.answer = REJECTED
    statuses = [stage.bastion.ask(stage.target, USER, f"guess-{i}")[0] for i in range(40)]
    assert statuses[:10] == [407] * 10 and set(statuses[11:]) == {429}
    assert stage.api.asked <= 13
    # One guess again and again is one question, and what is no key at all none.
    asked = stage.api.asked
    for _ in range(5):
        assert stage.bastion.ask(stage.target, USER, "guess-0")[0] == 407
        assert stage.bastion.ask(stage.target, "x\x01y", "z")[0] == 407
        assert stage.bastion.ask_socks(NAME, 443, "short", "z")[0] == -1
    assert stage.api.asked == asked
    stage.open().close()


def test_an_idle_tunnel_ends_and_a_busy_one_does_not(plain):
    idle, busy = plain.open(), plain.open()
    started = time.monotonic()
    for _ in range(8):
        time.sleep(0.5)
        busy.sendall(b"x")
        assert busy.recv(1) == b"x"
    idle.settimeout(5)
    try:
        assert idle.recv(1) == b""
    except ConnectionResetError:
        pass
    assert time.monotonic() - started < 6
    assert plain.bastion.metric("sallyport_bastion_tunnels_idle_total") == 1
    busy.close()


def test_past_the_limit_new_ones_are_refused_and_old_ones_live(plain):
    streams = [plain.open() for _ in range(8)]
    for _ in range(3):
        with pytest.raises((OSError, AssertionError)):
            plain.open()
    for stream in streams:
        stream.sendall(b"still")
        assert received(stream, 5) == b"still"
    assert plain.bastion.refused("overload") >= 3
    for stream in streams:
        stream.close()
    wait_until(lambda: plain.bastion.metric("sallyport_bastion_tunnels_active") == 0, 5, "the tunnels' end")
    plain.open().close()


def test_strangers_leave_room_for_who_logs_in(plain):
    tunnel = plain.open()
    silent = [socket.create_connection(plain.bastion.connect, timeout=5) for _ in range(4)]  # half of max_connections
    wait_until(lambda: plain.bastion.metric("sallyport_bastion_connections_not_logged_in") == 4, 5, "the strangers")
    with pytest.raises((OSError, AssertionError)):
        plain.open()
    assert plain.bastion.refused("stranger-limit") == 1 and plain.bastion.refused("overload") == 0
    tunnel.sendall(b"still")
    assert received(tunnel, 5) == b"still"
    silent.pop().close()
    wait_until(lambda: plain.bastion.metric("sallyport_bastion_connections_not_logged_in") == 3, 5, "a stranger's end")
    plain.open().close()
    for stream in [tunnel, *silent]:
        stream.close()


BASIC = base64.b64encode(f"{USER}:{SECRET}".encode()).decode()


@pytest.mark.parametrize("raw, status", [
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
    (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
    (b"CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    (b"CONNECT host HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    (b"CONNECT host:0 HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    (b"CONNECT host:65536 HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    (b"CONNECT host:443 HTTP/1.1\r\nContent-Length: 5\r\n\r\n", b"400"),
    (b"CONNECT host:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
    (b"CONNECT host:443 HTTP/9.9\r\n\r\n", b"400"),
    (b"CONNECT host:443 HTTP/1.1\r\nbad header\r\n\r\n", b"400"),
    (b"CONNECT host:443 HTTP/1.1\r\nX: " + b"a" * 17_000 + b"\r\n\r\n", b"431"),
    (b"CONNECT host:443 HTTP/1.1\r\nX: " + b"a" * 40_000, b"431"),
    (b"CONNECT host:443 HTTP/1.1\r\nProxy-Authorization: Basic !!!\r\n\r\n", b"407"),
    (b"CONNECT host:443 HTTP/1.1\r\nProxy-Authorization: Bearer x\r\n\r\n", b"407"),
    (f"CONNECT host:443 HTTP/1.1\r\nProxy-Authorization: Basic {BASIC}\r\nProxy-Authorization: Basic {BASIC}\r\n\r\n"
     .encode(), b"400"),
], ids=lambda value: repr(value[:40]))
def test_bad_requests(plain, raw, status):
    with socket.create_connection(plain.bastion.connect, timeout=10) as stream:
        stream.sendall(raw)
        assert stream.recv(4096).split(b" ")[1] == status
    plain.open().close()


@pytest.mark.parametrize("raw, answer", [
    (b"\x04\x01\x01\xbb\xc0\x00\x02\x01user\x00", b""),
    (b"GET / HTTP/1.1\r\n\r\n", b""),
    (b"\x05\x01\x00", b"\x05\xff"),
    (b"\x05\x01\x02\x05\x01", b"\x05\x02\x01\x01"),
    (b"\x05\x01\x02\x01\x00\x01x", b"\x05\x02\x01\x01"),
    (b"\x05\x01\x02\x01" + bytes([20]) + USER.encode() + bytes([40]) + SECRET.encode() + b"\x05\x02\x00\x01",
     b"\x05\x02\x01\x00\x05\x07\x00\x01\x00\x00\x00\x00\x00\x00"),
    (b"\x05\x01\x02\x01" + bytes([20]) + USER.encode() + bytes([40]) + SECRET.encode() + b"\x05\x01\x00\x09\x00",
     b"\x05\x02\x01\x00\x05\x08\x00\x01\x00\x00\x00\x00\x00\x00"),
], ids=lambda value: repr(value[:40]))
def test_bad_socks(plain, raw, answer):
    with socket.create_connection(plain.bastion.socks, timeout=10) as stream:
        stream.sendall(raw)
        got = b""
        try:
            while part := stream.recv(4096):
                got += part
        except ConnectionResetError:
            pass
        assert got == answer
    plain.open().close()


def test_what_takes_ten_seconds(tmp_path):
    """One test of two waits, side by side: they cost the time of one."""
    with contextlib.ExitStack() as stages:
        cutting, draining = [stages.enter_context(contextlib.closing(Stage(tmp_path / name, tls=False)))
                             for name in ("cutting", "draining")]
        side_by_side(lambda: the_slow_are_cut(cutting), lambda: a_drain_ends_with_a_tunnel_that_stays(draining))


def the_slow_are_cut(stage):
    started = time.monotonic()
    slow = [socket.create_connection(at, timeout=15) for at in (stage.bastion.connect, stage.bastion.socks)]
    slow[0].sendall(b"CONNECT host:443 HTTP/1.1\r\n")
    slow[1].sendall(b"\x05\x02\x00")
    for stream in slow:
        with stream, contextlib.suppress(ConnectionResetError):
            assert stream.recv(1) == b""
    assert 8 < time.monotonic() - started < 13
    assert stage.bastion.refused("timeout") == 2


def a_drain_ends_with_a_tunnel_that_stays(stage):
    with stage.open() as stream:
        stage.bastion.process.terminate()
        started = time.monotonic()
        while time.monotonic() - started < 8:
            time.sleep(0.5)
            stream.sendall(b"x")
            assert stream.recv(1) == b"x"
        assert stage.bastion.process.wait(10) == 0
        assert 9 < time.monotonic() - started < 15


def test_configuration_errors_come_all_at_once(tmp_path):
    config = tmp_path / "bastion.toml"
    config.write_text("""[bastion]
listen = ["192.0.2.1:3128"]
socks = ["192.0.2.1:1080", "127.0.0.1"]
api = "http://192.0.2.1:8787"
region = "here"
resolvr = "10.0.0.2:53"
idle_seconds = 0
""")
    for command in (["check"], ["bastion"]):
        done = subprocess.run([BINARY, *command, "--config", config], capture_output=True, text=True, timeout=20)
        assert done.returncode == 2
        for line in (2, 3, 4, 5, 6, 7):
            assert f"{config}:{line}: [bastion]" in done.stderr, (line, done.stderr)
        assert "did you mean resolver?" in done.stderr and "allow_plaintext_socks" in done.stderr
