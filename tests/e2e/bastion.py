"""The real `sallyport bastion` as a process, and ways to talk to it."""

from __future__ import annotations

import base64
import pathlib
import socket
import ssl
import urllib.parse

from control_plane import Authority
from daemon import Daemon
from world import REGION, ZONE, free_port


class Bastion(Daemon):
    """One bastion on loopback. `settings` are lines of its [bastion] section besides the listeners; `command` is what
    runs it, in front of its own command line."""

    def __init__(self, folder: pathlib.Path, settings: str, tls: bool = True, command: tuple[str, ...] = ()):
        super().__init__(folder, "bastion", free_port())
        self.folder = folder
        self.connect = ("127.0.0.1", free_port())
        self.socks = ("127.0.0.1", free_port())
        self.tls = tls
        self.command = command
        self.authority = Authority(folder / "pki", "bastion-ca")
        files = ""
        if tls:
            cert, key = self.authority.issue("bastion", "/CN=bastion", ["IP:127.0.0.1", "DNS:localhost"])
            files = f'tls_cert_file = "{cert}"\ntls_key_file = "{key}"'
        self.config.write_text(f"""
[bastion]
listen = ["127.0.0.1:{self.connect[1]}"]
socks = ["127.0.0.1:{self.socks[1]}"]
region = "{REGION}"
zone = "{ZONE}"
{files}
{settings}
[metrics]
listen = ["127.0.0.1:{self.metrics}"]
""")

    def start(self) -> "Bastion":
        return super().start(*self.command)

    def refused(self, reason: str) -> float:
        return self.metric(f'sallyport_bastion_refused_total{{reason="{reason}"}}')

    def url(self, scheme: str, user: str, secret: str) -> str:
        """As in a kubeconfig's proxy-url."""
        port = (self.socks if scheme.startswith("socks") else self.connect)[1]
        return f"{scheme}://{user}:{urllib.parse.quote(secret, safe='')}@127.0.0.1:{port}"

    # Clients that send what they are told

    def dial(self, timeout: float = 15) -> socket.socket:
        raw = socket.create_connection(self.connect, timeout=timeout)
        if not self.tls:
            return raw
        return ssl.create_default_context(cafile=str(self.authority.cert)).wrap_socket(raw, server_hostname="localhost")

    def ask(self, target: str, user: str = "", secret: str = "", method: str = "CONNECT", extra: str = "",
            after: bytes = b"") -> tuple[int, str, socket.socket]:
        """Status, the whole answer (its body only where it was refused), and the connection."""
        login = base64.b64encode(f"{user}:{secret}".encode()).decode()
        header = f"Proxy-Authorization: Basic {login}\r\n" if user else ""
        stream = self.dial()
        stream.sendall(f"{method} {target} HTTP/1.1\r\nHost: {target}\r\n{header}{extra}\r\n".encode() + after)
        answer = b""
        while b"\r\n\r\n" not in answer and (part := stream.recv(1)):
            answer += part
        status = int(answer.split(b" ")[1]) if answer else 0
        while status not in (0, 200) and (part := stream.recv(4096)):
            answer += part
        if status != 200:
            stream.close()     # as a client does that was refused; the bastion waits two seconds for it
        return status, answer.decode(), stream

    def ask_socks(self, host: str, port: int, user: str, secret: str, kind: int = 3) -> tuple[int, socket.socket]:
        """The reply code, or -1 when the login was refused, and the connection."""
        stream = socket.create_connection(self.socks, timeout=15)
        stream.sendall(b"\x05\x02\x00\x02")
        assert stream.recv(2) == b"\x05\x02"
        stream.sendall(b"\x01" + bytes([len(user)]) + user.encode() + bytes([len(secret)]) + secret.encode())
        if stream.recv(2) != b"\x01\x00":
            stream.close()
            return -1, stream
        address = bytes([len(host)]) + host.encode() if kind == 3 else socket.inet_aton(host)
        stream.sendall(b"\x05\x01\x00" + bytes([kind]) + address + port.to_bytes(2, "big"))
        reply = b""
        while len(reply) < 10 and (part := stream.recv(10 - len(reply))):
            reply += part
        if reply[1] != 0:
            stream.close()
        return reply[1], stream
