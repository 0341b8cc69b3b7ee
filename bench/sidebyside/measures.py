"""What is measured, one function a measure. Each gives its results for all rounds, the targets taking turns in each."""

from __future__ import annotations

import contextlib
import dataclasses
import signal
import sys
import time
from collections.abc import Callable

from .farm import Farm, Site
from .medians import rotated
from .names import OURS, RIVALS, TARGETS, VARIANTS
from .programs import Failed, Load
from .results import Metric, Rounds, measure_result

SOURCES = {"source": "127.10.0.1", "sources": 64}


@dataclasses.dataclass(frozen=True)
class Effort:
    rounds: int
    seconds: float
    warmup: float = 0.2
    idle_connections: int = 10_000
    sizes: tuple[int, ...] = (1, 40, 2_048)
    clusters: tuple[int, ...] = (2, 1_000, 100_000)


def progress(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def sample_of(site: Site, what: str, run: Callable[[], dict]) -> dict[str, float]:
    """What the run measured; nothing, and a failure on record, where it did not work out."""
    try:
        return run()
    except (Failed, OSError) as failure:
        site.fail(f"{what}: {failure}")
        return {}


def flow(farm: Farm, target: str, effort: Effort, mode: str, per: str, spread: bool = False,
         **options: object) -> dict[str, float]:
    """One run of requests or connects; with `spread`, to all clusters in turn. CPU is for a million of them, or a GB."""
    proxy = farm.targets[target]
    address, name = proxy.endpoint(mode)
    named = {"names": proxy.names} if spread else {"name": name}
    load = Load(farm.site.load, address, proxy.pids, mode=mode, threads=farm.site.threads,
                **{"seconds": effort.seconds, "warmup": effort.warmup} | named | SOURCES | options)
    said, used = load.run()
    if said["errors"] or not said["requests"]:
        raise Failed(f"{said['requests']} requests and {said['errors']} errors")
    work = said["bytes"] / 1e9 if per == "gb" else said["requests"] / 1e6
    sample = {"rate": (work if per == "gb" else said["requests"]) / said["seconds"], "machine_cpu": used.machine / work,
              "p50": said["p50_us"], "p99": said["p99_us"]}
    return sample | ({"process_cpu": used.processes / work} if proxy.pids else {})


def quicker(farm: Farm, rival: str, effort: Effort, **what: object) -> str:
    """The rival's variant that does more: a short trial of both, twice."""
    rates = {name: 0.0 for name in (rival, VARIANTS[rival]) if name in farm.targets}
    short = dataclasses.replace(effort, seconds=min(0.3, effort.seconds), warmup=0.1)
    for _ in range(2):
        for name in rates:
            sample = sample_of(farm.site, f"trial of {name}", lambda name=name: flow(farm, name, short, **what))
            rates[name] += sample.get("rate", 0)
    return max(rates, key=rates.get) if rates else rival


def cost_metrics(unit: str, per: str) -> list[Metric]:
    return [Metric("rate", "throughput", unit, True),
            Metric("process_cpu", "CPU of the process", per, False),
            Metric("machine_cpu", "CPU of the machine, over direct", per, False, over_direct=True)]


def throughput(key: str, title: str, unit: str, mode: str, per: str = "requests", **options: object) -> Callable:
    """A measure of how much goes through, and what it costs."""
    def measure(site: Site, farm: Farm, effort: Effort) -> dict:
        chosen = {rival: quicker(farm, rival, effort, mode=mode, per=per, **options) for rival in RIVALS}
        rounds = Rounds(effort.rounds)
        for turn in range(effort.rounds):
            for target in rotated([name for name in TARGETS if name in farm.targets], turn):
                rounds.put(target, turn, sample_of(site, f"{key}, {target}, round {turn + 1}", lambda: flow(
                    farm, chosen.get(target, target), effort, mode, per, **options)))
        costs = "s/GB" if per == "gb" else "s/million"
        return measure_result(key, title, cost_metrics(unit, costs), rounds, {"variants": chosen})
    return measure


LATENCY_RATE = 2_000


def latency(site: Site, farm: Farm, effort: Effort) -> dict:
    rounds = Rounds(effort.rounds)
    for turn in range(effort.rounds):
        for target in rotated([name for name in TARGETS if name in farm.targets], turn):
            rounds.put(target, turn, sample_of(site, f"latency, {target}, round {turn + 1}", lambda: flow(
                farm, target, effort, "raw", "requests", kind="requests", connections=8, rate=LATENCY_RATE)))
    metrics = [Metric("p50", "p50 over direct", "µs", False, over_direct=True),
               Metric("p99", "p99 over direct", "µs", False, over_direct=True)]
    return measure_result("latency", f"raw, 8 connections, {LATENCY_RATE:,} requests/s: latency", metrics, rounds, {})


def idle(site: Site, effort: Effort) -> dict:
    """Memory is what a fresh process takes on top: each round has its own."""
    count = effort.idle_connections
    turns = min(3, effort.rounds)
    rounds = Rounds(turns)
    for turn in range(turns):
        with Farm(site) as farm:
            for target in rotated([name for name in TARGETS if name in farm.targets], turn):
                rounds.put(target, turn, sample_of(site, f"idle, {target}, round {turn + 1}",
                                                   lambda: held(farm, target, count)))
    metrics = [Metric("resident", "resident memory of the process", "B/connection", False),
               Metric("kernel", "kernel objects (slab), over direct", "B/connection", False, over_direct=True),
               Metric("tcp", "socket buffers, over direct", "B/connection", False, over_direct=True, is_compared=False)]
    return measure_result("idle", f"{count:,} idle connections (raw)", metrics, rounds, {"connections": count})


SETTLING = 0.7     # seconds that the kernel gets to give back what was closed


def held(farm: Farm, target: str, count: int) -> dict[str, float]:
    proxy = farm.targets[target]
    address, name = proxy.endpoint("raw")
    time.sleep(SETTLING)
    with Load(farm.site.load, address, proxy.pids, name=name, kind="idle", connections=count,
              **SOURCES) as load:
        load.begin()
        time.sleep(SETTLING)
        memory = load.held_memory()
        load.process.stdin.close()
        load.process.stdin = None
        said = load.end()
    if said["errors"]:
        raise Failed(f"{said['errors']} of {count} idle connections were closed")
    sample = {"kernel": memory.slab / count, "tcp": memory.tcp / count}
    return sample | ({"resident": memory.resident / count} if proxy.pids else {})


@contextlib.contextmanager
def running(proxy):
    proxy.signal(signal.SIGCONT)
    yield
    proxy.signal(signal.SIGSTOP)


def by_size(site: Site, effort: Effort, key: str, title: str, sizes: tuple[int, ...], setting: str,
            kinds: dict[str, dict]) -> dict:
    """The same work for the same proxies with little and with much to look up, side by side."""
    turns = min(3, effort.rounds)
    rounds = Rounds(turns)
    proxies = tuple(name for name in TARGETS if name != "direct")
    farms = {}
    try:
        for size in sizes:
            progress(f"{key}: starting proxies with {size:,}")
            farms[size] = Farm(site, **{setting: size}, only=proxies)
            for proxy in farms[size].targets.values():
                proxy.signal(signal.SIGSTOP)
        for turn in range(turns):
            for target in rotated(list(proxies), turn):
                for size in rotated(list(sizes), turn):
                    for kind, options in kinds.items():
                        if target not in farms[size].targets:
                            continue
                        # The others stand still: what a proxy does by itself, with much to look after, is its own cost.
                        with running(farms[size].targets[target]):
                            sample = sample_of(site, f"{key}, {size:,}, {target}, round {turn + 1}", lambda: flow(
                                farms[size], target, effort, "raw", "requests", spread=setting == "clusters",
                                **options))
                        if sample:
                            rounds.put(target, turn, {f"{kind}_{size}": sample["rate"]})
    finally:
        for farm in farms.values():
            for proxy in farm.targets.values():
                proxy.signal(signal.SIGCONT)
            farm.__exit__(None, None, None)
    metrics = []
    for kind in kinds:
        metrics += [Metric(f"{kind}_{size}", f"{kind} with {size:,}", f"{kind}/s", True) for size in sizes]
        metrics += [Metric(f"{kind}_{size}_kept", f"… {size:,} by {sizes[0]:,}", "ratio", True,
                           base=f"{kind}_{size}/{kind}_{sizes[0]}") for size in sizes[1:]]
    return measure_result(key, title, metrics, rounds, {"sizes": list(sizes)})


CONNECTS = {"kind": "connects", "connections": 32}


def cidrs(site: Site, effort: Effort) -> dict:
    return by_size(site, effort, "cidrs", "raw, by number of CIDR blocks admitted", effort.sizes, "cidrs",
                   {"connects": CONNECTS, "requests": {"kind": "requests", "connections": 32}})


def clusters(site: Site, effort: Effort) -> dict:
    return by_size(site, effort, "clusters", "raw, by number of clusters", effort.clusters, "clusters",
                   {"connects": CONNECTS})


ALLOWED_RATE, FLOOD_RATE = 2_000, 5_000


def flood(site: Site, farm: Farm, effort: Effort) -> dict:
    """Requests at a fixed rate, alone and beside attempts from a source in no list."""
    turns = min(3, effort.rounds)
    rounds = Rounds(turns)
    for turn in range(turns):
        for target in rotated([name for name in (*RIVALS, OURS) if name in farm.targets], turn):
            rounds.put(target, turn, sample_of(site, f"flood, {target}, round {turn + 1}",
                                               lambda: flooded(farm, target, effort)))
    metrics = [Metric("calm_rate", "requests/s without", "requests/s", True),
               Metric("flood_rate", "requests/s beside it", "requests/s", True),
               Metric("calm_p99", "p99 without", "µs", False),
               Metric("flood_p99", "p99 beside it", "µs", False),
               Metric("attempts", "attempts refused", "attempts/s", True, is_compared=False)]
    title = f"raw, {ALLOWED_RATE:,} requests/s and {FLOOD_RATE:,} denied attempts/s"
    return measure_result("flood", title, metrics, rounds, {})


def flooded(farm: Farm, target: str, effort: Effort) -> dict[str, float]:
    work = {"mode": "raw", "per": "requests", "kind": "requests", "connections": 32, "rate": ALLOWED_RATE}
    calm = flow(farm, target, effort, **work)
    proxy = farm.targets[target]
    lasting = effort.seconds + effort.warmup + 0.5
    address, name = proxy.endpoint("raw")
    with Load(farm.site.load, address, proxy.pids, name=name, kind="flood", rate=FLOOD_RATE, connections=2_048,
              seconds=lasting, warmup=0, source="127.77.0.1", sources=64) as attempts:
        attempts.begin()
        busy = flow(farm, target, effort, **work)
        said = attempts.end()
    if said["errors"]:
        raise Failed(f"{said['errors']} attempts of a denied source got through")
    return {"calm_rate": calm["rate"], "flood_rate": busy["rate"], "calm_p99": calm["p99"], "flood_p99": busy["p99"],
            "attempts": (said["refused"] + said["silent"]) / said["seconds"]}


# In one farm, in this order …
SHARED: dict[str, Callable] = {
    "requests": throughput("requests", "raw, 32 keep-alive connections", "requests/s", "raw",
                           kind="requests", connections=32),
    "requests-512": throughput("requests-512", "raw, 512 keep-alive connections", "requests/s", "raw",
                               kind="requests", connections=512),
    "tls": throughput("tls", "TLS 1.3, 32 keep-alive connections", "requests/s", "tls",
                      kind="requests", connections=32),
    "tls-512": throughput("tls-512", "TLS 1.3, 512 keep-alive connections", "requests/s", "tls",
                          kind="requests", connections=512),
    "connects": throughput("connects", "raw, new connections with one request", "connections/s", "raw",
                           kind="connects", connections=32),
    "tls-connects": throughput("tls-connects", "TLS 1.3, new connections, full handshake", "connections/s", "tls",
                               kind="connects", connections=32),
    "bulk": throughput("bulk", "raw, 4 downloads", "GB/s", "raw", "gb",
                       kind="requests", connections=4, answer=8 << 20),
    "bulk-up": throughput("bulk-up", "raw, 4 uploads", "GB/s", "raw", "gb",
                          kind="requests", connections=4, request=8 << 20),
    "latency": latency,
    "flood": flood,
}
# … and each in farms of its own.
OWN: dict[str, Callable] = {"idle": idle, "cidrs": cidrs, "clusters": clusters}
