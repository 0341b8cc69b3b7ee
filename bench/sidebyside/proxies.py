"""What is measured: the origin itself, HAProxy, nginx and Sallyport, each set up as its operator would."""

from __future__ import annotations

import contextlib
import os
import pathlib
import resource
import socket
import subprocess
import time

from control_plane import Authority, die_with_parent
from world import ZONE, World, free_port, host_of

from . import configs
from .machine import with_children
from .programs import Failed

MODES = ("raw", "tls")
LOAD_NAMES = 4_096


def wait_for_listener(address: tuple[str, int], process: subprocess.Popen, log: pathlib.Path) -> None:
    for _ in range(500):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            socket.create_connection(address, 1, source_address=("127.10.0.1", 0)).close()
            return
        time.sleep(0.02)
    raise Failed(f"does not listen at {configs.at(address)}: {log.read_text(errors='replace').strip()[-500:]}")


def write_names(folder: pathlib.Path, names: list[str]) -> pathlib.Path:
    """Names of clusters in raw mode, for a load that spreads over all: evenly chosen, as many as it takes at most."""
    file = folder / "load.names"
    file.write_text("\n".join(names[:: -(-len(names) // LOAD_NAMES)]) + "\n")
    return file


class Direct:
    """No proxy: what load and origin can do by themselves."""

    def __init__(self, origins: dict[str, str]):
        self._origins = origins
        self.pids: list[int] = []

    def endpoint(self, mode: str) -> tuple[str, str]:
        return self._origins[mode], configs.name_of(MODES.index(mode), ZONE)

    def stop(self) -> None:
        pass


class Process:
    """A proxy that runs: itself and its children."""
    _process: subprocess.Popen

    @property
    def pids(self) -> list[int]:
        return with_children(self._process.pid)

    def signal(self, number: int) -> None:
        for pid in self.pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


class Rival(Process):
    """A proxy that reads its configuration from files; its clusters' names are made up."""

    def __init__(self, name: str, folder: pathlib.Path, origins: dict[str, str], cidrs: int, clusters: int,
                 connections: int, variant: bool = False):
        folder.mkdir(parents=True)
        host = "127.66.0.1"
        names = {configs.name_of(number, ZONE): "tls" if number == MODES.index("tls") else "raw"
                 for number in range(max(2, clusters))}
        self.names = write_names(folder, [name for name, mode in names.items() if mode == "raw"])
        self._listen = (host, free_port(host))
        proxy = configs.Proxy(self._listen, configs.cidr_list(cidrs), origins, names, os.cpu_count() or 1, connections,
                              resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        if name == "nginx":
            files = configs.nginx_files(proxy, folder, buffer_kib=64 if variant else 16)
            command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        else:
            files = configs.haproxy_files(proxy, folder, splice=variant)
            command = ["haproxy", "-db", "-f", str(folder / "haproxy.cfg")]
        for file, text in files.items():
            (folder / file).write_text(text)
        log = folder / "log"
        try:
            with open(log, "wb") as out:
                self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                                 preexec_fn=die_with_parent)
        except OSError as missing:
            raise Failed(f"{command[0]}: {missing.strerror}") from None
        try:
            wait_for_listener(self._listen, self._process, log)
        except Failed:
            self.stop()
            raise

    def endpoint(self, mode: str) -> tuple[str, str]:
        return configs.at(self._listen), configs.name_of(MODES.index(mode), ZONE)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Sallyport(Process):
    """`sallyport serve`, and clusters made by the EKS API: one behind each of the origin's two modes. Where more are
    wanted, copies of the first are put into the store while Sallyport is stopped."""

    def __init__(self, folder: pathlib.Path, origins: dict[str, str], cidrs: int, clusters: int, authority: Authority,
                 seed: pathlib.Path):
        folder.mkdir(parents=True)
        self._world = World(folder, [origins["raw"]], authority, pool="raw", extra_config=f"""
[[pool]]
name = "tls"
servers = ["{origins['tls']}"]
ca_file = "{authority.cert}"
""")
        try:
            self._world.start()
            blocks = configs.cidr_list(cidrs)
            self._hosts = {mode: host_of(self._world.create(mode, pool=mode, publicAccessCidrs=blocks))
                           for mode in MODES}
            names = [self._hosts["raw"], *self._multiply(seed, clusters - len(MODES))]
            self.names = write_names(folder, names)
            self._process = self._world.process
        except Exception as error:      # whatever a step of the set-up fails with is reported, not passed on
            if self._world.process is not None:
                self._world.kill()
            raise Failed(f"{type(error).__name__}: {error}") from error

    def _multiply(self, seed: pathlib.Path, count: int) -> list[str]:
        """The server names of the copies."""
        if count <= 0:
            return []
        self._world.stop()
        store = self._world.data / "sallyport.db"
        done = subprocess.run([seed, "--database", store, "--cluster", "raw", "--zone", ZONE, "--count", str(count)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(done.stderr.strip())
        self._world.start()
        return done.stdout.split()

    def endpoint(self, mode: str) -> tuple[str, str]:
        return configs.at(self._world.public), self._hosts[mode]

    def stop(self) -> None:
        try:
            self._world.stop()
        except AssertionError as problem:
            raise Failed(str(problem)) from None
