"""What the end-to-end tests stand on: the real binary on loopback, and its clients."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import queue
import random
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time

from peers import REGION, ROOT, WILDCARD, ZONE, Authority, Connection, EchoUpstream  # noqa: F401

BINARY = pathlib.Path(os.environ.get("SALLYPORT_BINARY", ROOT / "build" / "release" / "sallyport"))
AWS = pathlib.Path(sys.executable).parent / "aws"
ROLE = "arn:aws:iam::000000000000:role/eks-cluster"


def wait_until(condition, seconds: float = 15, what: str = "condition"):
    """The condition's first true value; fails the test when none came in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(0.02)


def first_line(process: subprocess.Popen, seconds: float) -> str:
    """What a process says first, or "nothing" where that does not come in time."""
    line: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: line.put(process.stdout.readline()), daemon=True).start()
    try:
        return line.get(timeout=seconds).strip()
    except queue.Empty:
        return "nothing"


def sum_of(metrics: str, start: str) -> float:
    """Of the samples whose line starts so."""
    return sum(float(line.rsplit(" ", 1)[1]) for line in metrics.splitlines() if line.startswith(start))


_given_ports: set[int] = set()


def ports_beside(first: int, last: int) -> range:
    """Ports of no clients, to whom the kernel gives those from `first` to `last`: theirs would be taken in the time until a
    server binds it. All there are where that leaves too few."""
    beside = max(range(10_240, first), range(last + 1, 65_536), key=len)
    return beside if len(beside) >= 2_000 else range(10_240, 65_536)


_PORTS = ports_beside(*map(int, pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()))


def free_port(*addresses: str) -> int:
    """A port free for TCP and UDP at each of the addresses (127.0.0.1), and given to nobody of this process before."""
    for port in random.sample(_PORTS, 200):
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for address in addresses or ("127.0.0.1",):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    held.enter_context(socket.socket(socket.AF_INET, kind)).bind((address, port))
            if port not in _given_ports:
                _given_ports.add(port)
                return port
    raise RuntimeError(f"no free port on {addresses}")


class World:
    """One Sallyport on loopback with its own folder and ports, and its clients."""

    def __init__(self, folder: pathlib.Path, pool_servers: list[str], authority: Authority, pool: str = "my-cluster",
                 extra_config: str = "", extra_gateway: str = ""):
        self.folder = folder
        self.authority = authority
        self.data = folder / "data"
        self.api = ("127.0.0.1", free_port())
        self.metrics = ("127.0.0.1", free_port())
        port = free_port("127.0.0.1", "127.31.0.10")    # of the endpoint's one URL
        self.public, self.private = ("127.0.0.1", port), ("127.31.0.10", port)
        self.dns = ("127.0.0.1", free_port())
        self.resolver = ("127.31.0.2", free_port("127.31.0.2"))
        self.process: subprocess.Popen | None = None
        self.config = folder / "sallyport.toml"
        self.log = folder / "sallyport.log"
        servers = ", ".join(f'"{server}"' for server in pool_servers)
        self.config.write_text(f"""
[server]
region = "{REGION}"
data_dir = "{self.data}"
zone = "{ZONE}"
default_vpc_cidr = "127.31.0.0/16"
[api]
listen = ["{self._at(self.api)}"]
[gateway]
public = ["{self._at(self.public)}"]
private = ["{self._at(self.private)}"]
{extra_gateway}
[dns]
public = ["{self._at(self.dns)}"]
resolvers = ["{self._at(self.resolver)}"]
[metrics]
listen = ["{self._at(self.metrics)}"]
[[pool]]
name = "{pool}"
servers = [{servers}]
ca_file = "{authority.cert}"
{extra_config}
""")

    @staticmethod
    def _at(pair: tuple[str, int]) -> str:
        return f"{pair[0]}:{pair[1]}"

    def launch(self, *options: str) -> tuple[subprocess.Popen, str]:
        """A process that serves, or failed to, and the first line it said."""
        with open(self.log, "ab") as log:
            process = subprocess.Popen([BINARY, "serve", "--config", self.config, *options], stdout=subprocess.PIPE,
                                       stderr=log, text=True)
        return process, first_line(process, 30)

    def log_text(self) -> str:
        return self.log.read_text(errors="replace")

    def start(self) -> "World":
        self.process, got = self.launch()
        assert got == "ready", f"expected 'ready', got {got!r}; log:\n{self.log_text()[-4000:]}"
        return self

    def take_over(self) -> subprocess.Popen:
        """Another process becomes the service; what is left of the one before is the caller's."""
        process, got = self.launch("--takeover")
        assert got == "ready", f"expected 'ready', got {got!r}; log:\n{self.log_text()[-6000:]}"
        before, self.process = self.process, process
        return before

    def stop(self) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("sallyport did not stop within 30 s of SIGTERM") from None
        self.process.stdout.close()
        self.process = None
        return code

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process = None

    # Clients

    def sallyport(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60,
                              env=os.environ | {"SALLYPORT_DATA_DIR": str(self.data), "NO_COLOR": "1"})
        assert not check or done.returncode == 0, f"{arguments}: {done.stderr}"
        return done

    def sallyport_json(self, *arguments: str) -> dict:
        return json.loads(self.sallyport(*arguments, "--output", "json").stdout)

    def environment(self) -> dict[str, str]:
        values = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        for word in shlex.split(self.sallyport("env", "--data-dir", str(self.data)).stdout.replace(";", " ")):
            name, separator, value = word.partition("=")
            if separator:
                values[name] = value
        values["AWS_EC2_METADATA_DISABLED"] = "true"
        values["AWS_PAGER"] = ""
        return values

    def aws(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        done = subprocess.run([AWS, *arguments], env=self.environment(), capture_output=True, text=True, timeout=60)
        assert not check or done.returncode == 0, f"aws {' '.join(arguments)}: {done.stderr}"
        return done

    def aws_json(self, *arguments: str) -> dict:
        return json.loads(self.aws(*arguments, "--output", "json").stdout)

    def client(self, service: str = "eks", **config):
        import boto3
        from botocore.config import Config
        values = self.environment()
        return boto3.client(service, region_name=REGION, endpoint_url=values["AWS_ENDPOINT_URL"],
                            verify=values.get("AWS_CA_BUNDLE"),
                            aws_access_key_id=values["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=values["AWS_SECRET_ACCESS_KEY"],
                            config=Config(retries={"max_attempts": 1, "mode": "standard"}, **config))

    def subnets(self) -> list[str]:
        return [subnet["id"] for subnet in self.sallyport_json("status")["subnets"]]

    def create(self, name: str = "my-cluster", pool: str | None = None, **vpc_config) -> dict:
        eks = self.client()
        eks.create_cluster(name=name, roleArn=ROLE, tags={"sallyport.dev/pool": pool} if pool else {},
                           resourcesVpcConfig={"subnetIds": self.subnets(), **vpc_config})
        eks.get_waiter("cluster_active").wait(name=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        return eks.describe_cluster(name=name)["cluster"]

    def update(self, name: str = "my-cluster", expect: str = "Successful", **vpc_config) -> dict:
        """Changes endpoint access and waits for the update's end."""
        eks = self.client()
        update = eks.update_cluster_config(name=name, resourcesVpcConfig=vpc_config)["update"]
        def ended():
            now = eks.describe_update(name=name, updateId=update["id"])["update"]
            return now if now["status"] != "InProgress" else None
        update = wait_until(ended, 30, "end of the update")
        assert update["status"] == expect, update
        return update

    def connect(self, host: str, source: str, to: tuple[str, int] | None = None, **options) -> Connection:
        return Connection(self.authority, host, source, to or self.public, **options)

    def reaches(self, host: str, source: str, to: tuple[str, int] | None = None, timeout: float = 4) -> bool:
        """Whether a TLS echo completes from that source; a refusal may be a reset or, in the kernel, silence."""
        try:
            with self.connect(host, source, to=to, timeout=timeout) as connection:
                return connection.echo()
        except OSError:
            return False

    def metrics_text(self) -> str:
        import urllib.request
        with urllib.request.urlopen(f"http://{self._at(self.metrics)}/metrics", timeout=5) as answer:
            return answer.read().decode()

    def metric(self, start: str) -> float:
        return sum_of(self.metrics_text(), start)


def host_of(cluster: dict) -> str:
    return cluster["endpoint"].removeprefix("https://").split(":")[0]
