"""Hosts on real addresses: network namespaces, the wires between them, and address translation where AWS has it.

    internet 198.51.100.7 ──┐                        ┌── vpc-node 10.20.1.50, bastion 10.20.2.9
                            core ── 203.0.113.0/24 ──┤
    corp 192.168.50.20 ── transit ───────────────── vpc-a ── vpc-b ── other-vpc 10.30.1.50
                                                     │         └───── far-vpc 10.40.1.50
                                gateway 203.0.113.10 ┘ 10.20.1.10, 10.30.1.10

The wires carry every packet between any two hosts, connected by an AWS object or not: whatever is refused in a test
was refused by Sallyport. Only the source address follows AWS: what leaves a VPC or the corporate network for the
internet is rewritten to that network's public address.

All interfaces are made inside the namespaces, so nothing of the machine's own network is touched. A name carries
the process that made it; what a dead run left behind is recognised by that, and removed.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import pathlib
import re
import shutil
import signal
import subprocess

PUBLIC = "203.0.113.10"        # the gateway's public address
PRIVATE = "10.20.1.10"         # its private address in VPC A
PRIVATE_B = "10.30.1.10"       # its private address in VPC B
RESOLVER_A, RESOLVER_B = "10.20.0.2", "10.30.0.2"
CIDR_A, CIDR_B, CIDR_FAR, CIDR_CORP = "10.20.0.0/16", "10.30.0.0/16", "10.40.0.0/16", "192.168.50.0/24"
EGRESS_A, EGRESS_B, EGRESS_CORP = "203.0.113.77", "203.0.113.88", "198.51.100.60"

# host: its address and the router it stands behind. How it looks at the public address is the router's business.
HOSTS = {
    "internet": ("198.51.100.7/24", "core"),
    "vpc-node": ("10.20.1.50/16", "vpc-a"),
    "bastion": ("10.20.2.9/16", "vpc-a"),
    "other-vpc": ("10.30.1.50/16", "vpc-b"),
    "far-vpc": ("10.40.1.50/16", "far"),
    "corp": ("192.168.50.20/24", "transit"),
}

# router: its address on the switch its hosts share.
SWITCHES = {
    "core": "198.51.100.1/24",
    "public": "203.0.113.1/24",     # where the gateway's public side and the NAT gateways stand
    "vpc-a": "10.20.0.1/16",
    "vpc-b": "10.30.0.1/16",
    "far": "10.40.0.1/16",
    "transit": "192.168.50.1/24",
}
HOUSE = {"public": "core", "far": "vpc-b"}     # a switch that stands in another router's namespace
ROUTERS = ("core", "vpc-a", "vpc-b", "transit")
FORWARDING = ("net.ipv4.ip_forward=1",)        # a router's settings

# Between two routers: names and addresses of both ends.
LINKS = [
    ("vpc-a", "169.254.1.1/30", "vpc-b", "169.254.1.2/30"),
    ("vpc-a", "169.254.2.1/30", "transit", "169.254.2.2/30"),
]

# A router's leg on a switch of `core`, with the address it translates to when a packet leaves there.
LEGS = [("vpc-a", "public", EGRESS_A), ("vpc-b", "public", EGRESS_B), ("transit", "core", EGRESS_CORP)]

ROUTES = {
    "core": [(CIDR_A, EGRESS_A), (CIDR_B, EGRESS_B), (CIDR_FAR, EGRESS_B), (CIDR_CORP, EGRESS_CORP)],
    "vpc-a": [(CIDR_B, "169.254.1.2"), (CIDR_FAR, "169.254.1.2"), (CIDR_CORP, "169.254.2.2"), ("default", "203.0.113.1")],
    "vpc-b": [(CIDR_A, "169.254.1.1"), (CIDR_CORP, "169.254.1.1"), ("default", "203.0.113.1")],
    "transit": [(CIDR_A, "169.254.2.1"), (CIDR_B, "169.254.2.1"), (CIDR_FAR, "169.254.2.1"), ("default", "198.51.100.1")],
}

# The gateway's legs: device, switch, addresses. It answers on the leg its own address belongs to.
GATEWAY = [
    ("public", "public", [f"{PUBLIC}/24"], "203.0.113.1"),
    ("vpc-a", "vpc-a", [f"{RESOLVER_A}/16", f"{PRIVATE}/16"], "10.20.0.1"),
    ("vpc-b", "vpc-b", [f"{RESOLVER_B}/16", f"{PRIVATE_B}/16"], "10.30.0.1"),
]

_NAME = re.compile(r"^sallyport-(\d+)-(\d+)-")
_count = itertools.count(1)     # a process may make more than one


class NotAllowed(Exception):
    """This machine or user cannot make network namespaces; the text says what refused."""


def run(*command: str, text: str | None = None) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def started_at(pid: int) -> str | None:
    """When the process began, in clock ticks: with its number, an identity that is not used twice."""
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    return None


def namespaces() -> list[str]:
    return [line.split()[0] for line in run("ip", "netns", "list").splitlines() if line.strip()]


def remove(name: str) -> None:
    """Ends what still runs in the namespace, all of it begun by the run that made it, and deletes it."""
    for pid in map(int, run("ip", "netns", "pids", name).split()):
        if pid != os.getpid():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
    run("ip", "netns", "delete", name)


def remove_leftovers() -> list[str]:
    """Removes the namespaces of runs that died before they could."""
    removed = []
    for name in namespaces():
        made_by = _NAME.match(name)
        if made_by and started_at(int(made_by[1])) != made_by[2]:
            with contextlib.suppress(RuntimeError):     # another run may be removing it too
                remove(name)
                removed.append(name)
    return removed


@contextlib.contextmanager
def inside(name: str):
    """The calling thread, and every process and thread it starts, use the namespace's network."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(handle: int) -> None:
        if libc.setns(handle, 0x40000000) != 0:     # CLONE_NEWNET
            raise OSError(ctypes.get_errno(), "setns")

    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            enter(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            enter(home)
    finally:
        os.close(home)


class Topology:
    """The whole network of this module's docstring, from construction to `close`."""

    def __init__(self):
        for tool in ("ip", "nft"):
            if shutil.which(tool) is None:
                raise NotAllowed(f"{tool} is not installed")
        self._prefix = f"sallyport-{os.getpid()}-{started_at(os.getpid())}-{next(_count)}-"
        self._try_one()
        remove_leftovers()
        try:
            self._build()
        except BaseException:
            self.close()
            raise

    def name(self, role: str) -> str:
        return self._prefix + role

    def close(self) -> None:
        """Removes all of them, also when one will not go: what went wrong is told at the end."""
        failures = []
        for name in namespaces():
            if name.startswith(self._prefix):
                try:
                    remove(name)
                except Exception as failure:      # whatever it is, the others must go
                    failures.append(f"{name}: {failure}")
        if failures:
            raise RuntimeError("; ".join(failures))

    def _try_one(self) -> None:
        """What `_build` does, each kind of step once, so that a refusal of the machine is told from a mistake of ours."""
        try:
            self._make("trial", *FORWARDING)
            self._ip("trial", "link add one type veth peer name two", f"address add {EGRESS_A}/24 dev one",
                     "link set one up", "link add switch type bridge", "link set two master switch up",
                     f"route add default via {SWITCHES['public'].split('/')[0]} table 100",
                     f"rule add from {EGRESS_A} table 100")
            self._translate(self.name("trial"), "one", EGRESS_A)
            with inside(self.name("trial")):
                pass
        except (RuntimeError, OSError) as refused:
            raise NotAllowed(str(refused)) from None
        finally:
            self.close()

    @staticmethod
    def _translate(namespace: str, device: str, to: str) -> None:
        run("ip", "netns", "exec", namespace, "nft", "-f", "-", text=f"""
            table ip egress {{
              chain out {{
                type nat hook postrouting priority srcnat;
                oifname "{device}" snat to {to}
              }}
            }}""")

    def _ip(self, role: str, *lines: str) -> None:
        run("ip", "-netns", self.name(role), "-batch", "-", text="\n".join(lines) + "\n")

    def _make(self, role: str, *settings: str) -> None:
        run("ip", "netns", "add", self.name(role))
        self._ip(role, "link set lo up")
        # Packets of one connection may come and go by different legs, as between any two networks.
        run("ip", "netns", "exec", self.name(role), "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0",
            "net.ipv4.conf.default.rp_filter=0", *settings)

    def _plug(self, role: str, device: str, switch: str, *addresses: str) -> None:
        """A leg of `role` on a switch."""
        house = HOUSE.get(switch, switch)
        port = f"{role}"[:15]
        self._ip(role, f"link add {device} type veth peer name {port} netns {self.name(house)}",
                 *(f"address add {address} dev {device}" for address in addresses), f"link set {device} up")
        self._ip(house, f"link set {port} master {switch}-sw up")

    def _build(self) -> None:
        for router in ROUTERS:
            self._make(router, *FORWARDING)
        for switch, address in SWITCHES.items():
            self._ip(HOUSE.get(switch, switch), f"link add {switch}-sw type bridge",
                     f"address add {address} dev {switch}-sw", f"link set {switch}-sw up")
        for one, its, other, the_others in LINKS:
            self._ip(one, f"link add to-{other} type veth peer name to-{one} netns {self.name(other)}",
                     f"address add {its} dev to-{other}", f"link set to-{other} up")
            self._ip(other, f"address add {the_others} dev to-{one}", f"link set to-{one} up")
        for router, switch, address in LEGS:
            self._plug(router, "out", switch, f"{address}/24")
            self._translate(self.name(router), "out", address)
        for router, routes in ROUTES.items():
            self._ip(router, *(f"route add {block} via {via}" for block, via in routes))

        self._make("gateway")
        for number, (device, switch, addresses, router) in enumerate(GATEWAY, 100):
            self._plug("gateway", device, switch, *addresses)
            rules = [f"rule add from {address.split('/')[0]} table {number}" for address in addresses]
            self._ip("gateway", f"route add default via {router} table {number}", *rules)
        self._ip("gateway", "route add default via 203.0.113.1")

        for host, (address, switch) in HOSTS.items():
            self._make(host)
            self._plug(host, "eth0", switch, address)
            self._ip(host, f"route add default via {SWITCHES[switch].split('/')[0]}")
