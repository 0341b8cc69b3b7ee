"""Clients that never pause, and remember everything that went wrong."""

from __future__ import annotations

import contextlib
import itertools
import threading

import dns.message
import dns.query


class Load:
    """Runs each action in threads of its own, over and over, until the end of the block."""

    def __init__(self, **actions):
        self.done = dict.fromkeys(actions, 0)
        self.failures: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(name, action), daemon=True)
                         for name, action in actions.items()]

    def _run(self, name: str, action) -> None:
        while not self._stop.is_set():
            try:
                action()
                self.done[name] += 1
            except Exception as error:      # noqa: BLE001: whatever a client saw is the test's business
                self.failures.append(f"{name}: {type(error).__name__} {error}")

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(30)


def new_connections(world, host: str, source: str):
    def action():
        with world.connect(host, source) as connection:
            assert connection.echo()
    return action


def echoes(connections):
    """Talks over connections that stay, in turn."""
    turn = itertools.cycle(connections)

    def action():
        connection = next(turn)
        assert connection.echo(), connection.source
    return action


def names(world, host: str, udp: bool = True):
    def ask():
        query = dns.message.make_query(host, "A")
        if udp:
            return dns.query.udp(query, world.dns[0], port=world.dns[1], timeout=5)
        try:
            return dns.query.tcp(query, world.dns[0], port=world.dns[1], timeout=5)
        except (EOFError, ConnectionResetError):    # a server may close at any time, and is asked again (RFC 7766, 6.2.4)
            return dns.query.tcp(query, world.dns[0], port=world.dns[1], timeout=5)

    def action():
        answer = ask()
        assert answer.answer, answer
    return action


@contextlib.contextmanager
def kept(world, host: str, sources):
    connections = [world.connect(host, source) for source in sources]
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()
