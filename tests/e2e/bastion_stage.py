"""What stands around a bastion that is tested for faults: an API, a resolver and an endpoint that do what they are told."""

from __future__ import annotations

import concurrent.futures
import contextlib
import http.server
import socket
import ssl
import threading
import time

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from bastion import Bastion
from world import REGION, ZONE, free_port

USER, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
NAME = f"{'0123456789ABCDEF' * 2}.gr1.{REGION}.eks.{ZONE}"
WELCOME = (200, b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>"
                b"</GetCallerIdentityResponse>")
REJECTED = (403, b"<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>")


class Api:
    """Answers every POST with `answer`, a status and a body; counts them. Over TLS with `tls`, certificate and key."""

    def __init__(self, tls=None):
        self.answer, self.asked, self.delay, self.seen = WELCOME, 0, 0.0, []
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                api.asked += 1
                api.seen.append(str(self.headers) + self.rfile.read(int(self.headers["Content-Length"])).decode())
                time.sleep(api.delay)
                status, body = api.answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        # Its end is waited for as long as it may sleep between two looks.
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def serve(loop):
    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    return thread


def end(listener, thread):
    """Closes it once its thread has ended: one still waiting keeps the port, and would take what comes to the next socket
    with the same descriptor."""
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RD)
    thread.join(10)
    listener.close()


class Resolver:
    """Answers A with `addresses`, or every question with `rcode`; silent when it is None. `zone` is all it knows."""

    def __init__(self, address="127.0.0.1", port=None, zone="."):
        self.addresses, self.rcode, self.truncate = ["127.0.0.1"], 0, False
        self.heard, self.asked, self.zone = 0, [], zone
        self.port = port or free_port()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((address, self.port))
            self._tcp = socket.create_server((address, self.port))
        except OSError:
            self._socket.close()
            raise
        self._threads = serve(self._serve), serve(self._serve_tcp)

    def _reply(self, wire):
        query = dns.message.from_wire(wire)
        reply = dns.message.make_response(query)
        question = query.question[0]
        self.asked.append(question.name.to_text().lower())
        known = question.name.is_subdomain(dns.name.from_text(self.zone))
        reply.set_rcode(self.rcode if known else dns.rcode.NXDOMAIN)
        if known and self.rcode == 0 and question.rdtype == dns.rdatatype.A:
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "A", *self.addresses))
        return reply

    def _serve(self):
        while True:
            try:
                wire, peer = self._socket.recvfrom(4096)
            except OSError:
                return
            if not wire:
                return
            self.heard += 1
            if self.rcode is None:
                continue
            reply = self._reply(wire)
            if self.truncate:
                reply.answer.clear()
                reply.flags |= dns.flags.TC
            self._socket.sendto(reply.to_wire(), peer)

    def _serve_tcp(self):
        while True:
            try:
                stream, _ = self._tcp.accept()
            except OSError:
                return
            with stream:
                wire = stream.recv(4096)[2:]
                reply = self._reply(wire).to_wire()
                stream.sendall(len(reply).to_bytes(2, "big") + reply)

    def close(self):
        for listener, thread in zip((self._socket, self._tcp), self._threads):
            end(listener, thread)


class Endpoint:
    """A plain TCP server; `serve`, at first `talk`, is called with each connection."""

    def __init__(self, talk):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.serve = talk
        self._thread = serve(self._accept)

    def _accept(self):
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._run, args=(stream,), daemon=True).start()

    def _run(self, stream):
        with stream:
            try:
                self.serve(stream)
            except OSError:
                pass

    def close(self):
        end(self._listener, self._thread)


def echo(stream):
    while data := stream.recv(65536):
        stream.sendall(data)


def side_by_side(*waits):
    """What each of the functions gives, run at the same time; the first exception is raised when all have ended."""
    with concurrent.futures.ThreadPoolExecutor(len(waits)) as threads:
        return [future.result() for future in [threads.submit(wait) for wait in waits]]


class Stage:
    """All of them with a bastion between. Without `resolver` it is told of one of its own."""

    def __init__(self, folder, settings="", tls=True, resolver=None, api=None, command=()):
        self.endpoint = Endpoint(echo)
        self.resolver = resolver or Resolver()
        self.api = api or Api()
        if resolver is None:
            settings += f'\nresolver = "127.0.0.1:{self.resolver.port}"'
        if api is None:
            settings += f'\napi = "http://127.0.0.1:{self.api.port}"'
        self.target = f"{NAME}:{self.endpoint.port}"
        try:
            self.bastion = Bastion(folder, f"port = {self.endpoint.port}\n{settings}\n", tls, command).start()
        except BaseException:
            self._close_peers()
            raise

    def open(self, after=b""):
        status, answer, stream = self.bastion.ask(self.target, USER, SECRET, after=after)
        assert status == 200, answer
        return stream

    def close(self):
        try:
            assert self.bastion.stop() == 0, self.bastion.said()[-3000:]
        finally:
            self._close_peers()
        assert SECRET not in self.bastion.said()

    def _close_peers(self):
        for part in (self.api, self.resolver, self.endpoint):
            part.close()
