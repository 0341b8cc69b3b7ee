"""The real `sallyport workplace` as a process, and a browser's end of its terminals."""

from __future__ import annotations

import contextlib
import json
import pathlib
import ssl
import time
import urllib.error
import urllib.request

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from control_plane import Authority
from daemon import Daemon
from world import free_port

SECRET = "0123456789abcdef0123456789abcdef"


def processes_of(uids: range) -> dict[int, int]:
    """Of the sessions: each that runs as one of their users, with who that is; not the dead that wait for the machine's init."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            uid = folder.stat().st_uid
            if uid in uids and "\nState:\tZ" not in (folder / "status").read_text():
                found[int(folder.name)] = uid
    return found


class Host(Daemon):
    """One workplace host on loopback. `settings` are lines of its [workplace] section."""

    def __init__(self, folder: pathlib.Path, settings: str = "", api: str = "http://127.0.0.1:1",
                 tls: bool = False):
        super().__init__(folder, "workplace", free_port())
        self.port = free_port()
        secret = folder / "secret"
        secret.write_text(SECRET + "\n")
        secret.chmod(0o600)
        self.trust: ssl.SSLContext | None = None
        if tls:
            authority = Authority(folder / "pki", "workplace-ca")
            cert, key = authority.issue("workplace", "/CN=workplace", ["IP:127.0.0.1"])
            settings += f'\ntls_cert_file = "{cert}"\ntls_key_file = "{key}"'
            self.trust = ssl.create_default_context(cafile=str(authority.cert))
        self.config.write_text(f"""
[workplace]
listen = ["127.0.0.1:{self.port}"]
secret_file = "secret"
api = "{api}"
{settings}
[metrics]
listen = ["127.0.0.1:{self.metrics}"]
""")

    def running(self) -> float:
        return self.metric('sallyport_workplace_sessions{state="running"}')

    # As the API does

    def ask(self, user: str = "ann", secret: str = SECRET, seconds: int = 3600, **changes) -> tuple[int, dict]:
        body = {"principalArn": f"arn:aws:iam::000000000000:user/{user}", "holder": user, "region": "us-east-1",
                "requestId": "req-1",
                "cluster": {"name": "prod", "endpoint": "https://prod.sallyport.internal",
                            "certificateAuthority": "Q0E="},
                "credentials": {"accessKeyId": "ASIA1", "secretAccessKey": "very-secret", "sessionToken": "long-token",
                                "expiration": int(time.time()) + seconds}, **changes}
        scheme = "https" if self.trust else "http"
        request = urllib.request.Request(f"{scheme}://127.0.0.1:{self.port}/v1/sessions", json.dumps(body).encode(),
                                         {"Authorization": f"Bearer {secret}"})
        try:
            with urllib.request.urlopen(request, timeout=10, context=self.trust) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def dial(self, ticket: str, secret: str = SECRET):
        scheme = "wss" if self.trust else "ws"
        return connect(f"{scheme}://127.0.0.1:{self.port}/v1/terminal", compression=None, open_timeout=15, ssl=self.trust,
                       subprotocols=["sallyport-terminal.v1", f"sallyport-ticket.{ticket}"],
                       additional_headers={"Authorization": f"Bearer {secret}"}, proxy=None)

    def terminal(self, user: str = "ann", **asked) -> "Terminal":
        status, granted = self.ask(user, **asked)
        assert status == 201, granted
        return Terminal(self.dial(granted["ticket"]), granted)


class Terminal:
    """A shell as a browser has it."""

    def __init__(self, connecting, granted: dict):
        self._connection = contextlib.ExitStack()
        self.socket = self._connection.enter_context(connecting)
        self.granted = granted
        self.texts: list[dict] = []
        self.output = ""
        self.taken = 0
        self._asked = 0

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_) -> None:
        self._connection.close()

    def receive(self, seconds: float, says_so: bool = True) -> bool:
        """Takes one message, and says that it was shown; false once the host has closed."""
        try:
            message = self.socket.recv(timeout=seconds)
        except ConnectionClosed:
            return False
        if isinstance(message, str):
            self.texts.append(json.loads(message))
        else:
            self.output += message.decode(errors="replace")
            self.taken += len(message)
            if says_so:
                with contextlib.suppress(ConnectionClosed):
                    self.socket.send(json.dumps({"type": "seen", "bytes": self.taken}))
        return True

    def wait(self, condition, seconds: float = 30):
        deadline = time.monotonic() + seconds
        while not condition():
            left = deadline - time.monotonic()
            try:
                alive = left > 0 and self.receive(left)
            except TimeoutError:
                alive = False
            assert alive or condition(), f"not seen; texts: {self.texts}; the terminal's end: {self.output[-2000:]!r}"

    def type(self, text: str) -> None:
        self.socket.send(text.encode())

    def run(self, command: str, seconds: float = 30) -> str:
        """What a command prints."""
        self._asked += 1
        start, end = f"<{self._asked}<", f">{self._asked}>"
        before = len(self.output)
        self.type(f"printf '%s' '<''{self._asked}<'; {command}; printf '%s' '>''{self._asked}>'\r")
        self.wait(lambda: end in self.output[before:], seconds)
        return self.output[before:].split(start, 1)[1].split(end, 1)[0].replace("\r\n", "\n")

    def ended(self, seconds: float = 30) -> dict:
        """The last message, with the close code."""
        while self.receive(seconds):
            pass
        return {**self.texts[-1], "closed": self.socket.close_code}
