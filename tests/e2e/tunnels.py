"""Ways through a bastion to an endpoint, as a client goes them: for probe.py, on the host that it lives on."""

from __future__ import annotations

import base64
import socket
import ssl

import urllib3.util.ssltransport


def _read(stream, size: int) -> bytes:
    got = b""
    while len(got) < size and (part := stream.recv(size - len(got))):
        got += part
    return got


def by_connect(stream: ssl.SSLSocket, name: str, port: int, user: str, secret: str) -> str:
    """The status of the answer."""
    login = base64.b64encode(f"{user}:{secret}".encode()).decode()
    stream.sendall(f"CONNECT {name}:{port} HTTP/1.1\r\nHost: {name}:{port}\r\n"
                   f"Proxy-Authorization: Basic {login}\r\n\r\n".encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n") and (part := stream.recv(1)):
        answer += part
    return answer.split(b" ")[1].decode() if answer else "closed"


def by_socks(stream: socket.socket, name: str, port: int) -> str:
    """The reply code. The name is the other end's to resolve."""
    stream.sendall(b"\x05\x01\x00")
    if _read(stream, 2) != b"\x05\x00":
        return "login refused"
    stream.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name.encode() + port.to_bytes(2, "big"))
    reply = _read(stream, 10)
    return str(reply[1]) if len(reply) == 10 else "closed"


def open_tunnel(proxy: list, name: str, ca: str, timeout: float, port: int = 443, proxy_ca: str | None = None,
                login: list | None = None):
    """How the bastion answered, and TLS with the endpoint inside the tunnel where there is one."""
    stream = socket.create_connection(tuple(proxy), timeout=timeout)
    try:
        if proxy_ca:
            stream = ssl.create_default_context(cafile=proxy_ca).wrap_socket(stream, server_hostname=proxy[0])
            answer, good = by_connect(stream, name, port, *login), "200"
        else:
            answer, good = by_socks(stream, name, port), "0"
        if answer == good:
            # TLS inside TLS is what the standard library cannot do.
            context = ssl.create_default_context(cafile=ca)
            return answer, urllib3.util.ssltransport.SSLTransport(stream, context, server_hostname=name)
    except BaseException:
        stream.close()
        raise
    stream.close()
    return answer, None
