"""The servers that are compared, each a process of its own on the cores given."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time

import dns.message
import dns.query

import dns_world

START_SECONDS = 60
KNOTD = "/usr/sbin/knotd"


def free_port():
    """Free for UDP and TCP on 127.0.0.1 just now."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            with contextlib.suppress(OSError):
                udp.bind(tcp.getsockname())
                return tcp.getsockname()[1]


class Server:
    """A server that answers for the zone, or an exception with what it said."""

    def __init__(self, name, command, port, log):
        self.name, self.port, self._log = name, port, log
        with open(log, "wb") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out)
        self._wait()

    def _wait(self):
        asked = dns.message.make_query(dns_world.APEX, "SOA")
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(Exception):
                if dns.query.udp(asked, "127.0.0.1", port=self.port, timeout=0.5).answer:
                    return
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"{self.name} does not answer: {pathlib.Path(self._log).read_text(errors='replace')}")

    def cpu_seconds(self):
        """Of all its threads, by the scheduler's own count in nanoseconds."""
        total = 0
        for task in os.scandir(f"/proc/{self._process.pid}/task"):
            with contextlib.suppress(FileNotFoundError):
                total += int(pathlib.Path(task.path, "schedstat").read_text().split()[0])
        return total / 1e9

    def memory_mib(self):
        for line in pathlib.Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def pinned(cpus, *command):
    return ["taskset", "-c", ",".join(map(str, cpus)), *map(str, command)]


def start_sallyport(binary, folder, cpus):
    port = free_port()
    command = pinned(cpus, binary, f"127.0.0.1:{port}", dns_world.ZONE, folder / "ids")
    return Server("sallyport", command, port, folder / "sallyport.log")


def knot_config(folder, port, workers):
    return f"""\
server:
    rundir: "{folder}"
    pidfile: "{folder}/knot.pid"
    listen: 127.0.0.1@{port}
    udp-workers: {workers}
    tcp-workers: {workers}
    background-workers: 1
log:
  - target: stderr
    any: error
database:
    storage: "{folder}"
zone:
  - domain: {dns_world.APEX}
    storage: "{folder}"
    file: zone
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
"""


def start_knot(folder, cpus):
    port = free_port()
    config = folder / "knot.conf"
    config.write_text(knot_config(folder, port, len(cpus)))
    return Server("knot", pinned(cpus, KNOTD, "-c", config), port, folder / "knot.log")
