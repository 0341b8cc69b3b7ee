"""The API's part of the workplace: OpenWorkplace, the upgrade of a browser's connection, and the relay to a host that
answers in capitals."""

import base64
import contextlib
import hashlib
import json
import secrets
import socket
import ssl
import struct
import threading
import time
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from world import REGION, World, wait_until

SECRET = "f" * 20 + "0123456789abcdef"
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class CapitalHost:
    """Speaks as a workplace host does; what is typed comes back in capitals."""

    def __init__(self, authority):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*authority.issue("workplace", "/CN=workplace", ["DNS:localhost"]))
        self.asked: list[dict] = []
        self.heads: list[str] = []
        self.status, self.says = 201, None
        self.tickets: list[str] = []
        self.refuses = False    # terminals
        self.gone = threading.Semaphore(0)
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)    # a thread waits in accept
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self._listener.accept()[0],), daemon=True).start()

    def _serve(self, raw):
        with contextlib.suppress(OSError), self._tls.wrap_socket(raw, server_side=True) as peer, peer.makefile("rb") as reader:
            head = "".join(iter(lambda: reader.readline().decode(), "\r\n"))
            self.heads.append(head)
            headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head.splitlines()[1:])}
            if head.startswith("POST /v1/sessions "):
                self._grant(peer, json.loads(reader.read(int(headers["content-length"]))))
            elif self.refuses:
                peer.sendall(b"HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n")
            else:
                self._talk(peer, reader, headers["sec-websocket-key"])

    def _grant(self, peer, asked):
        self.asked.append(asked)
        self.tickets.append(secrets.token_urlsafe(32))
        body = json.dumps(self.says or {"ticket": self.tickets[-1], "session": "ws-0123456789abcdef", "idleSeconds": 900,
                                        "endsAt": 1764400000}).encode()
        peer.sendall(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (self.status, len(body), body))

    def _talk(self, peer, reader, key):
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        greeting = b"\x81\x05hello"
        peer.sendall((f"HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n"
                      "Sec-WebSocket-Protocol: sallyport-terminal.v1\r\n\r\n").encode() + greeting)
        try:
            while head := reader.read(2):
                size = head[1] & 0x7f
                size = struct.unpack("!H", reader.read(2))[0] if size == 126 else size
                mask, data = reader.read(4), reader.read(size)
                data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
                if head[0] & 0xf == 8:
                    peer.sendall(b"\x88\x02" + data[:2])
                    break
                peer.sendall(b"\x82\x7e" + struct.pack("!H", size) + data.upper())
        finally:
            self.gone.release()


class Setting:
    def __init__(self, world, host):
        self.world, self.host = world, host

    def ask(self, keys=None, cluster="my-cluster", body=b"", world=None):
        """POST of the console: status and answer."""
        world = world or self.world
        values = world.environment()
        keys = keys or Credentials(values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"])
        request = AWSRequest("POST", f"{values['AWS_ENDPOINT_URL']}/sallyport/clusters/{cluster}/workplace", data=body)
        SigV4Auth(keys, "sallyport", REGION).add_auth(request)
        prepared = request.prepare()
        try:
            with urllib.request.urlopen(urllib.request.Request(prepared.url, body, dict(prepared.headers)), timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def dial(self, ticket):
        return connect(f"ws://127.0.0.1:{self.world.api[1]}/sallyport/workplace", compression=None, proxy=None,
                       subprotocols=["sallyport-terminal.v1", f"sallyport-ticket.{ticket}"])

    def records(self, name):
        return [event for event in map(json.loads, (line for file in sorted((self.world.data / "audit").glob("*.jsonl"))
                                                    for line in file.read_text().splitlines()))
                if event["eventName"] == name]


@pytest.fixture(scope="module")
def setting(tmp_path_factory, authority, upstream):
    folder = tmp_path_factory.mktemp("relay")
    (folder / "secret").write_text(SECRET + "\n")
    (folder / "secret").chmod(0o600)
    with contextlib.closing(CapitalHost(authority)) as host:
        world = World(folder, [f"127.0.0.1:{upstream.port}"], authority, extra_config=f"""
[workplace]
url = "https://localhost:{host.port}"
ca_file = "{authority.cert}"
secret_file = "secret"
check_seconds = 1
""")
        world.start()
        world.create()
        yield Setting(world, host)
        assert world.stop() == 0, world.log_text()[-4000:]
        told = world.log_text() + "".join(file.read_text() for file in (world.data / "audit").rglob("*.jsonl"))
        for secret in (SECRET, *host.tickets, *(asked["credentials"]["secretAccessKey"] for asked in host.asked)):
            assert secret not in told


def test_a_terminal_is_relayed_with_credentials_of_the_caller(setting):
    status, granted = setting.ask(body=b"{}")
    assert status == 200 and granted == {"ticket": setting.host.tickets[-1], "session": "ws-0123456789abcdef",
                                         "idleSeconds": 900, "endsAt": 1764400000}
    asked = setting.host.asked[-1]
    assert asked["principalArn"] == "arn:aws:iam::000000000000:root" and asked["holder"] == "000000000000"
    assert asked["cluster"]["name"] == "my-cluster"
    assert "BEGIN CERTIFICATE" in base64.b64decode(asked["cluster"]["certificateAuthority"]).decode()
    given = asked["credentials"]
    sts = boto3.client("sts", region_name=REGION, endpoint_url=setting.world.environment()["AWS_ENDPOINT_URL"],
                       aws_access_key_id=given["accessKeyId"], aws_secret_access_key=given["secretAccessKey"],
                       aws_session_token=given["sessionToken"])
    assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::000000000000:root"

    with setting.dial(granted["ticket"]) as browser:
        assert browser.subprotocol == "sallyport-terminal.v1"
        assert browser.recv(timeout=10) == "hello"
        long = b"kubectl get pods " * 3000
        browser.send(long)
        assert browser.recv(timeout=10) == long.upper()
        assert setting.world.metric("sallyport_workplace_relays_active") == 1
    assert setting.host.gone.acquire(timeout=10)
    wait_until(lambda: setting.world.metric("sallyport_workplace_relays_active") == 0)
    assert setting.host.heads[-1].count(f"Authorization: Bearer {SECRET}") == 1
    opened, = setting.records("OpenWorkplace")
    closed, = setting.records("CloseWorkplace")
    assert opened["responseElements"]["session"] == "ws-0123456789abcdef" and opened["readOnly"] is False
    details = closed["serviceEventDetails"]
    assert details["session"] == "ws-0123456789abcdef" and details["clusterName"] == "my-cluster"
    assert details["accessKeyId"] == given["accessKeyId"] and details["durationSeconds"] >= 0
    assert details["reason"] == "closed"
    assert details["bytesFromBrowser"] > len(long) and details["bytesToBrowser"] > len(long)
    assert closed["userIdentity"]["arn"] == "arn:aws:iam::000000000000:root"


def refused(setting, ticket):
    with pytest.raises(InvalidStatus) as refusal, setting.dial(ticket):
        pass
    return refusal.value.response.status_code


def test_a_ticket_is_good_once_and_for_this_server_alone(setting):
    assert refused(setting, "A" * 43) == 403
    ticket = setting.ask()[1]["ticket"]
    with setting.dial(ticket) as browser:
        assert browser.recv(timeout=10) == "hello"
        assert refused(setting, ticket) == 403
    assert refused(setting, "short") == 400


def raw(setting, text, more=b""):
    with socket.create_connection(setting.world.api, timeout=20) as peer:
        peer.sendall(text.replace("\n", "\r\n").encode() + more)
        return b"".join(iter(lambda: peer.recv(65536), b"")).decode(errors="replace")


def upgrade(ticket, extra="", line="GET /sallyport/workplace HTTP/1.1"):
    return (f"{line}\nHost: a\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Protocol: sallyport-terminal.v1, "
            f"sallyport-ticket.{ticket}\n{extra}\n")


def test_nothing_is_smuggled_past_the_upgrade(setting):
    ticket = setting.ask()[1]["ticket"]
    before = len(setting.host.heads)
    behind = b"GET /console/settings.json HTTP/1.1\r\nHost: a\r\n\r\n"
    for text in (upgrade(ticket, "Content-Length: 0\n"), upgrade(ticket, "Transfer-Encoding: chunked\n"),
                 upgrade(ticket, line="POST /sallyport/workplace HTTP/1.1"),
                 upgrade(ticket, line="GET /sallyport/workplace HTTP/1.0"),
                 upgrade(ticket).replace("Version: 13", "Version: 8"), upgrade(ticket).replace("Upgrade: websocket", "Upgrade: h2c"),
                 upgrade(ticket, "X-Long: " + "x" * 17000 + "\n"), upgrade("B" * 43)):
        answer = raw(setting, text, behind)
        assert answer.startswith("HTTP/1.1 4") and answer.count("HTTP/1.1 ") == 1 and "101" not in answer.split("\r\n")[0]
    assert len(setting.host.heads) == before, "the host heard of a refused upgrade"
    # What came early goes on as the terminal's, after 101: a masked frame "hi", then Close.
    frames = b"\x82\x82\0\0\0\0hi" + b"\x88\x82\0\0\0\0\x03\xe8"
    answer = raw(setting, upgrade(ticket, "X-Mine: secret-of-the-browser\n"), frames)
    assert answer.startswith("HTTP/1.1 101 ") and "hello" in answer and "HI" in answer
    head = setting.host.heads[-1]
    assert "X-Mine" not in head and head.startswith("GET /v1/terminal HTTP/1.1\r\n")


def test_what_the_host_refuses_is_told(setting):
    host = setting.host
    with contextlib.ExitStack() as after:
        after.callback(lambda: (setattr(host, "status", 201), setattr(host, "says", None)))
        host.status, host.says = 429, {"message": "you have 4 sessions already"}
        status, error = setting.ask()
        assert status == 400 and "4 sessions already" in error["message"]
        host.status, host.says = 401, {"message": "no"}
        status, error = setting.ask()
        assert status == 503 and "secret" in error["message"] and f"localhost:{host.port}" in error["message"]
        host.status, host.says = 201, {"ticket": "x"}
        assert setting.ask()[0] == 503
    assert setting.ask(cluster="other")[0] == 404
    assert setting.ask(body=b'{"x": 1}')[0] == 400


def test_policies_decide_and_sessions_end_with_their_key(setting):
    world = setting.world
    iam = world.client("iam")
    for name, policy in (("ann", "AdministratorAccess"), ("eve", "ReadOnlyAccess")):
        iam.create_user(UserName=name)
        iam.attach_user_policy(UserName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    made = {name: iam.create_access_key(UserName=name)["AccessKey"] for name in ("ann", "eve")}
    keys = {name: Credentials(key["AccessKeyId"], key["SecretAccessKey"]) for name, key in made.items()}
    status, error = setting.ask(keys["eve"])
    assert status == 403 and "sallyport:OpenWorkplace" in error["message"] and "cluster/my-cluster" in error["message"]
    assert setting.ask(keys["ann"])[0] == 200
    given = setting.host.asked[-1]["credentials"]
    session = Credentials(given["accessKeyId"], given["secretAccessKey"], given["sessionToken"])
    assert given["expiration"] - time.time() <= 8 * 3600, "they are good for longer than a session can last"
    assert setting.ask(session)[0] == 200, "a session may open a workplace"
    assert setting.host.asked[-1]["credentials"]["expiration"] <= given["expiration"]
    iam.update_access_key(UserName="ann", AccessKeyId=made["ann"]["AccessKeyId"], Status="Inactive")
    assert setting.ask(session)[0] == 403


def user(iam, name):
    iam.create_user(UserName=name)
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


def end_of(setting, browser):
    """What a browser is told of its terminal's end, with the close code and the reason in the record of it."""
    told = json.loads(browser.recv(timeout=10))
    with pytest.raises(ConnectionClosed):
        browser.recv(timeout=10)
    recorded = setting.records("CloseWorkplace")[-1]["serviceEventDetails"]["reason"]
    return told["type"], told["reason"], browser.close_code, recorded


def test_a_terminal_ends_with_what_it_was_allowed_by(setting):
    iam = setting.world.client("iam")
    dora, carl, fay = (user(iam, name) for name in ("dora", "carl", "fay"))
    setting.world.create("short-lived", "my-cluster")
    with contextlib.ExitStack() as browsers:
        dials = ((dora, "my-cluster"), (carl, "my-cluster"), (fay, "short-lived"))
        by_key, by_policy, by_cluster = (
            browsers.enter_context(setting.dial(setting.ask(keys, cluster)[1]["ticket"])) for keys, cluster in dials)
        for browser in (by_key, by_policy, by_cluster):
            assert browser.recv(timeout=10) == "hello"
        iam.update_access_key(UserName="dora", AccessKeyId=dora.access_key, Status="Inactive")
        assert end_of(setting, by_key) == ("ended", "revoked", 1008, "key-invalid")
        iam.detach_user_policy(UserName="carl", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        assert end_of(setting, by_policy) == ("ended", "revoked", 1008, "not-allowed")
        by_cluster.send(b"still here")
        assert by_cluster.recv(timeout=10) == b"STILL HERE"
        setting.world.client().delete_cluster(name="short-lived")
        assert end_of(setting, by_cluster) == ("ended", "revoked", 1008, "cluster-deleted")


def test_sessions_are_counted_against_who_assumed_the_role(setting):
    iam = setting.world.client("iam")
    gus = user(iam, "gus")
    iam.create_role(RoleName="shells", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::000000000000:user/gus"}}]}))
    iam.attach_role_policy(RoleName="shells", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    sts = boto3.client("sts", region_name=REGION, endpoint_url=setting.world.environment()["AWS_ENDPOINT_URL"],
                       aws_access_key_id=gus.access_key, aws_secret_access_key=gus.secret_key)
    holders = set()
    for name in ("one", "another"):
        given = sts.assume_role(RoleArn="arn:aws:iam::000000000000:role/shells", RoleSessionName=name)["Credentials"]
        assert setting.ask(Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))[0] == 200
        assert setting.host.asked[-1]["principalArn"].endswith(f":assumed-role/shells/{name}")
        holders.add(setting.host.asked[-1]["holder"])
    assert holders == {iam.get_user(UserName="gus")["User"]["UserId"]}


def test_a_ticket_that_opens_nothing_is_recorded(setting):
    ticket = setting.ask()[1]["ticket"]
    setting.host.refuses = True
    try:
        assert refused(setting, ticket) == 503
    finally:
        setting.host.refuses = False
    assert setting.records("CloseWorkplace")[-1]["serviceEventDetails"]["reason"] == "not-opened"


def test_a_successor_takes_over_and_browsers_are_told(setting):
    world = setting.world
    with setting.dial(setting.ask()[1]["ticket"]) as browser:
        assert browser.recv(timeout=10) == "hello"
        before = world.take_over()
        with pytest.raises(ConnectionClosed):
            browser.recv(timeout=10)
        assert browser.close_code == 1001 and before.wait(30) == 0
        before.stdout.close()
    with setting.dial(setting.ask()[1]["ticket"]) as browser:
        assert browser.recv(timeout=10) == "hello"


def test_the_server_stops_and_tells_browsers(setting):
    world = setting.world
    with setting.dial(setting.ask()[1]["ticket"]) as browser:
        assert browser.recv(timeout=10) == "hello"
        assert world.stop() == 0
        with pytest.raises(ConnectionClosed):
            browser.recv(timeout=10)
        assert browser.close_code == 1001
    assert setting.records("CloseWorkplace")
    setting.host.close()
    world.start()
    status, error = setting.ask()
    assert status == 503 and f"the workplace host at localhost:{setting.host.port}" in error["message"]
