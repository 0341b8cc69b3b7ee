"""The two ends of a relayed connection: a TLS upstream behind the gateway, and a raw client in front of it."""

from __future__ import annotations

import contextlib
import pathlib
import socket
import ssl
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "kube"))
from control_plane import Authority  # noqa: E402

ZONE = "sallyport.internal"
REGION = "us-east-1"
WILDCARD = f"DNS:*.gr1.{REGION}.eks.{ZONE}"


class EchoUpstream:
    """A TLS server that sends back what it gets, and counts the connections that reached it."""

    def __init__(self, authority: Authority, address: str = "127.0.0.1"):
        cert, key = authority.issue("upstream", "/CN=upstream", [WILDCARD])
        self.authority = authority
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(cert, key)
        self._listener = socket.create_server((address, 0), backlog=512)
        self.address, self.port = self._listener.getsockname()
        self.accepted = 0          # all, with Sallyport's own health checks (one in two seconds)
        self.connections = 0       # those that sent application data: health and certificate checks do not
        self._lock = threading.Lock()
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def close(self) -> None:
        # Ends the accept under way: left blocked, it may take a connection of whoever gets the descriptor's number next.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join(10)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(120)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._context.wrap_socket(connection, server_side=True) as stream:
                counted = False
                while data := stream.recv(65536):
                    if not counted:
                        counted = True
                        with self._lock:
                            self.connections += 1
                    stream.sendall(data)


class Connection:
    """A TLS connection from a chosen source address through the gateway."""

    def __init__(self, authority: Authority, host: str, source: str, to: tuple[str, int], timeout: float = 8):
        self.source = source
        raw = socket.create_connection(to, timeout=timeout, source_address=(source, 0))
        context = ssl.create_default_context(cafile=str(authority.cert))
        try:
            self.stream = context.wrap_socket(raw, server_hostname=host)
        except BaseException:
            raw.close()
            raise

    def echo(self, text: bytes = b"ping") -> bool:
        self.stream.sendall(text)
        got = b""
        while len(got) < len(text):
            part = self.stream.recv(len(text) - len(got))
            if not part:
                return False
            got += part
        return got == text

    def alive(self) -> bool:
        try:
            return self.echo()
        except OSError:
            return False

    def is_cut(self) -> bool:
        """Whether the other end is gone at this very moment, nothing being under way."""
        self.stream.setblocking(False)
        try:
            return self.stream.recv(1) == b""
        except ssl.SSLWantReadError:
            return False
        except OSError:
            return True
        finally:
            self.stream.setblocking(True)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.stream.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
