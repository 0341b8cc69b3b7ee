"""Sallyport on the gateway host of topology.py, its clients on the other hosts, and what they see of an endpoint."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import pathlib
import subprocess
import sys
import threading

from topology import (CIDR_A, HOSTS, PRIVATE, PRIVATE_B, PUBLIC, RESOLVER_A, RESOLVER_B, NotAllowed, Topology, inside)
from world import REGION, ZONE, Authority, EchoUpstream, World, host_of, wait_until

# Whom each host's resolver asks: the VPC's own resolver inside a VPC that has one, else public DNS.
ASKS = {"internet": PUBLIC, "vpc-node": RESOLVER_A, "bastion": RESOLVER_A, "other-vpc": RESOLVER_B,
        "far-vpc": PUBLIC, "corp": PUBLIC}

PUBLIC_ONLY, BOTH, PRIVATE_ONLY = "public only", "public and private", "private only"
SETTINGS = {
    PUBLIC_ONLY: {"endpointPublicAccess": True, "endpointPrivateAccess": False},
    BOTH: {"endpointPublicAccess": True, "endpointPrivateAccess": True},
    PRIVATE_ONLY: {"endpointPublicAccess": False, "endpointPrivateAccess": True},
}

# How long is waited for what must come, and for what must not. A refusal may be silence: the kernel drops the SYN of
# a source that nobody admits.
PATIENCE, SILENCE = 10, 1.2


class Host:
    """The probe process on one host."""

    def __init__(self, topology: Topology, name: str):
        self.name = name
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", topology.name(name), sys.executable, pathlib.Path(__file__).parent / "probe.py"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, do: str, **arguments):
        with self._lock:
            self._process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise AssertionError(f"{self.name}: {do} {arguments}: {answer['error']}")
        return answer["value"]

    def close(self) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class Network(World):
    """A World on real addresses: the test's own thread is on the gateway host, so its API is at hand.

    The API is TLS, because a bastion asks it from another host.
    """

    def __init__(self, folder: pathlib.Path, topology: Topology, upstream: EchoUpstream, authority: Authority):
        self.folder, self.authority, self.upstream = folder, authority, upstream
        self.topology = topology
        self.data = folder / "data"
        self.config, self.log = folder / "sallyport.toml", folder / "sallyport.log"
        self.api, self.metrics = ("127.0.0.1", 8787), ("127.0.0.1", 9787)
        self.public, self.private = (PUBLIC, 443), (PRIVATE, 443)
        self.dns, self.resolver = (PUBLIC, 53), (RESOLVER_A, 53)
        self.process: subprocess.Popen | None = None
        cert, key = authority.issue("api", "/CN=sallyport", ["IP:127.0.0.1", f"IP:{PRIVATE}"])
        self.config.write_text(f"""
[server]
region = "{REGION}"
data_dir = "{self.data}"
zone = "{ZONE}"
default_vpc_cidr = "{CIDR_A}"
[api]
listen = ["127.0.0.1:8787", "{PRIVATE}:8787"]
tls_cert_file = "{cert}"
tls_key_file = "{key}"
[gateway]
public = ["{PUBLIC}:443"]
private = ["{PRIVATE}:443", "{PRIVATE_B}:443"]
[dns]
public = ["{PUBLIC}:53"]
resolvers = ["{RESOLVER_A}:53", "{RESOLVER_B}:53"]
[metrics]
listen = ["127.0.0.1:9787"]
[[pool]]
name = "my-cluster"
servers = ["{upstream.address}:{upstream.port}"]
ca_file = "{authority.cert}"
""")
        self.hosts = {name: Host(topology, name) for name in HOSTS}
        self._clients: dict = {}     # kept: making one takes longer than what a test asks of it
        self.cluster: dict = {}
        self.host = ""

    def open(self) -> "Network":
        """Waits for the wires, then starts Sallyport with one cluster in VPC A."""
        for address in (PUBLIC, PRIVATE, PRIVATE_B):
            for name, host in self.hosts.items():
                wait_until(lambda: host.ask("wired", address=address), PATIENCE, f"a wire from {name} to {address}")
        self.start()
        self.cluster = self.create()
        self.host = host_of(self.cluster)
        return self

    def close(self) -> None:
        for host in self.hosts.values():
            host.close()
        for client in self._clients.values():
            client.close()
        code = self.stop()
        assert code == 0, self.log.read_text(errors="replace")[-4000:]

    def environment(self) -> dict[str, str]:
        return super().environment() | {"AWS_CA_BUNDLE": str(self.authority.cert)}

    def client(self, service: str = "eks", **config):
        if service not in self._clients:
            self._clients[service] = super().client(service, **config)
        return self._clients[service]

    def everywhere(self, ask, names=tuple(HOSTS)) -> dict:
        """`ask(host)` for every host, or every one named, at once, as {name: value}."""
        with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
            return dict(zip(names, pool.map(ask, [self.hosts[name] for name in names])))

    def stream(self, host: str, timeout: float = 3, **pace) -> None:
        """Begins a steady stream of connections on the host; `finish` ends it and gives what Stream.finish does."""
        self.hosts[host].ask("stream", server=ASKS[host], name=self.host, ca=str(self.authority.cert),
                             timeout=timeout, **pace)

    def more(self, host: str, attempts: int) -> None:
        """Returns once the host's stream has made so many more."""
        self.hosts[host].ask("more", attempts=attempts)

    def finish(self, host: str) -> dict:
        return self.hosts[host].ask("finish")

    # What a client on a host sees

    def resolves(self, host: str, server: str | None = None, tcp: bool = False) -> str:
        return self.hosts[host].ask("dig", server=server or ASKS[host], name=self.host, tcp=tcp)

    def reached(self, host: str, expected: dict[str, bool]) -> dict[str, bool]:
        """Whether a TLS echo completes at each address. What is expected sets the patience only."""
        outcomes = expected and self.hosts[host].ask(
            "attempts", name=self.host, ca=str(self.authority.cert),
            timeouts={address: PATIENCE if admitted else SILENCE for address, admitted in expected.items()})
        print(f"{host} {outcomes}")     # shown with a failure: how each was refused
        return {address: outcome == "ok" for address, outcome in outcomes.items()}

    def completes(self, host: str, address: str, expected: bool) -> bool:
        return self.reached(host, {address: expected})[address]

    def hold(self, host: str, address: str, key: str | None = None) -> None:
        """Opens a connection that stays until it is cut or dropped."""
        assert self.hosts[host].ask("hold", key=key or address, address=address, name=self.host,
                                    ca=str(self.authority.cert), timeout=PATIENCE)

    def alive(self, host: str, address: str) -> bool:
        return self.hosts[host].ask("alive", key=address)

    def was_cut(self, host: str, address: str) -> bool:
        return self.hosts[host].ask("cut", key=address, timeout=PATIENCE)

    def drop_held(self) -> None:
        self.everywhere(lambda host: host.ask("drop"))

    # Changes of access

    def set_access(self, to: str, cidrs: list[str] | None = None) -> dict | None:
        """The update that brought the combination about, or nothing where it was there already."""
        now = self.client().describe_cluster(name="my-cluster")["cluster"]["resourcesVpcConfig"]
        wanted = dict(SETTINGS[to])
        if wanted["endpointPublicAccess"]:
            wanted["publicAccessCidrs"] = cidrs or ["0.0.0.0/0"]
        if all(now[key] == value for key, value in wanted.items()):
            return None
        return self.update(**wanted)


@contextlib.contextmanager
def network(folder: pathlib.Path):
    """The topology with Sallyport running in it; raises NotAllowed where the machine has no namespaces for us."""
    with contextlib.closing(Topology()) as topology, inside(topology.name("gateway")):
        authority = Authority(folder)
        with contextlib.closing(EchoUpstream(authority)) as upstream:
            with contextlib.closing(Network(folder, topology, upstream, authority)) as made:
                yield made.open()


__all__ = ["ASKS", "BOTH", "PRIVATE_ONLY", "PUBLIC_ONLY", "Network", "NotAllowed", "network"]
