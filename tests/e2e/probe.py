"""A client that lives in one network namespace: reads one JSON request a line, answers each with one line.

One process a host, kept for all tests of a file, because starting an interpreter for every connection would take
longer than everything else together. Ends when its input does, so it never outlives the test.
"""

from __future__ import annotations

import concurrent.futures
import json
import socket
import ssl
import subprocess
import sys
import threading
import time

import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

from tunnels import open_tunnel


def dig(server: str, name: str, tcp: bool = False) -> str:
    """What a person sees: the addresses, joined by blanks, or the status where there is none."""
    done = subprocess.run(["dig", "+tries=2", "+time=2", *(["+tcp"] if tcp else []), f"@{server}", name, "A"],
                          capture_output=True, text=True, timeout=20)
    if done.returncode != 0:
        return "SILENCE"
    addresses = sorted(line.split()[4] for line in done.stdout.splitlines()
                       if line and not line.startswith(";") and line.split()[3] == "A")
    status = done.stdout.split("status: ", 1)[1].split(",", 1)[0]
    return " ".join(addresses) or ("NODATA" if status == "NOERROR" else status)


def look_up(server: str, name: str) -> str:
    """The same for the stream, which asks too often for a process each."""
    answer = dns.query.udp(dns.message.make_query(name, "A"), server, timeout=2)
    addresses = sorted(item.address for rrset in answer.answer for item in rrset if rrset.rdtype == dns.rdatatype.A)
    return " ".join(addresses) or dns.rcode.to_text(answer.rcode())


def echo(stream: ssl.SSLSocket, text: bytes = b"ping") -> bool:
    stream.sendall(text)
    got = b""
    while len(got) < len(text):
        part = stream.recv(len(text) - len(got))
        if not part:
            return False
        got += part
    return got == text


def open_tls(address: str, name: str, ca: str, timeout: float, port: int = 443) -> ssl.SSLSocket:
    raw = socket.create_connection((address, port), timeout=timeout)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        return ssl.create_default_context(cafile=ca).wrap_socket(raw, server_hostname=name)
    except BaseException:
        raw.close()
        raise


def attempt(address: str, name: str, ca: str, timeout: float) -> str:
    """"ok", or how it was refused."""
    try:
        with open_tls(address, name, ca, timeout) as stream:
            return "ok" if echo(stream) else "closed"
    except OSError as refused:
        return type(refused).__name__


class Stream:
    """A steady stream of connections: each resolves afresh, connects, completes TLS and gets one echo.

    A try that fails is followed by one retry at once, which resolves again: what a client is expected to do while an
    endpoint changes. Every try is recorded, and the number of attempts is bounded.
    """

    def __init__(self, period: float, most: int, **target):
        self.tries: list[dict] = []
        self._made = 0              # attempts
        self._told_to_stop = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(period, most, target), daemon=True)
        self._thread.start()

    def _run(self, period: float, most: int, target: dict) -> None:
        for number in range(most):
            began = time.monotonic()
            for turn in range(2):
                if self._try(number, turn, **target) == "ok":
                    break
            self._made += 1
            if self._stop.wait(max(0.0, began + period - time.monotonic())):
                self._told_to_stop = True
                return

    def _try(self, number: int, turn: int, server: str, name: str, ca: str, timeout: float) -> str:
        began = time.monotonic()
        try:
            address = look_up(server, name)
        except Exception as silence:      # a time-out or garbage: recorded, as any other outcome
            address = type(silence).__name__
        resolved = time.monotonic()
        outcome = attempt(address, name, ca, timeout) if address[0].isdigit() else "no address"
        self.tries.append({"attempt": number, "turn": turn, "began": began, "resolved": resolved,
                           "ended": time.monotonic(), "address": address, "outcome": outcome})
        return outcome

    def more(self, attempts: int) -> None:
        """Returns once so many more have been made from beginning to end."""
        enough = self._made + attempts + 1      # one is under way
        while self._made < enough:
            if not self._thread.is_alive():
                raise RuntimeError("the stream has ended")
            time.sleep(0.005)

    def finish(self) -> dict:
        """The tries, and whether the stream went on until it was told to stop: it may have run out, or failed."""
        self._stop.set()
        self._thread.join(20)
        return {"tries": self.tries, "lasted": self._told_to_stop}


class Probe:
    """What can be asked of this host; every public method is a request."""

    def __init__(self):
        self._held: dict[str, ssl.SSLSocket] = {}
        self._stream: Stream | None = None

    def dig(self, **question):
        return dig(**question)

    def attempts(self, timeouts: dict[str, float], **options):
        """Of several addresses at once, as {address: outcome}: a refusal that is silence takes its whole time-out."""
        with concurrent.futures.ThreadPoolExecutor(len(timeouts)) as pool:
            outcomes = pool.map(lambda item: attempt(address=item[0], timeout=item[1], **options), timeouts.items())
            return dict(zip(timeouts, outcomes))

    def wired(self, address: str):
        """Whether packets come and go: nobody listens at the port, so the host itself answers with a reset."""
        try:
            socket.create_connection((address, 9), 2).close()
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
        return True

    def hold(self, key: str, **options):
        self._held[key] = open_tls(**options)
        return echo(self._held[key])

    def through(self, key: str, **way):
        """The same through a bastion: "ok", or how it was refused, there or behind it."""
        try:
            answer, stream = open_tunnel(**way)
            if stream is None:
                return answer
            self._held[key] = stream
            return "ok" if echo(stream) else "closed"
        except OSError as refused:
            return type(refused).__name__

    def alive(self, key: str):
        try:
            return echo(self._held[key])
        except OSError:
            return False

    def cut(self, key: str, timeout: float):
        """Whether the held connection ends within the time without anything being sent on it."""
        self._held[key].settimeout(timeout)
        try:
            return not self._held[key].recv(1)
        except TimeoutError:
            return False
        except OSError:
            return True

    def drop(self):
        for stream in self._held.values():
            stream.close()
        self._held.clear()

    def stream(self, **options):
        self._stream = Stream(**options)

    def more(self, attempts: int):
        self._stream.more(attempts)

    def finish(self):
        return self._stream.finish()


def main() -> None:
    probe = Probe()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"value": getattr(probe, request.pop("do"))(**request)}
        except Exception as error:      # told to the test, which knows whether it was expected
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
