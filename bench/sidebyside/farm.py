"""All that runs at one time: the origin and one of each target, set up alike."""

from __future__ import annotations

import contextlib
import dataclasses
import pathlib
import resource
import sys
import tempfile
from collections.abc import Callable

from control_plane import Authority
from world import WILDCARD, free_port

from .names import RIVALS, TARGETS, VARIANTS
from .programs import Failed, Origin
from .proxies import MODES, Direct, Rival, Sallyport



# Pipes for splice take descriptors too; a variant has no part in the measure of idle connections.
VARIANT_CONNECTIONS = 4_096


@dataclasses.dataclass
class Site:
    """What all farms of a run share."""
    load: pathlib.Path
    origin: pathlib.Path
    seed: pathlib.Path
    folder: pathlib.Path
    threads: int
    connections: int            # that a proxy must be able to relay at once
    authority: Authority
    failures: list[str] = dataclasses.field(default_factory=list)

    def fail(self, text: str) -> None:
        self.failures.append(text)
        print(f"  failed: {text}", file=sys.stderr, flush=True)


class Farm:
    """Targets by name; one that does not start is reported and missing. Use as a context manager."""

    def __init__(self, site: Site, cidrs: int = 40, clusters: int = 2, variants: bool = False,
                 only: tuple[str, ...] = TARGETS):
        self.site = site
        self.targets: dict[str, Direct | Rival | Sallyport] = {}
        folder = pathlib.Path(tempfile.mkdtemp(prefix="farm-", dir=site.folder))
        ports = {name: {mode: f"127.0.0.1:{free_port()}" for mode in MODES} for name in only}
        cert, key = site.authority.issue("origin", "/CN=origin", [WILDCARD])
        self._origin = Origin(site.origin, ports, cert, key, site.threads)
        makers: dict[str, Callable] = {
            "direct": lambda: Direct(ports["direct"]),
            "sallyport": lambda: Sallyport(folder / "sallyport", ports["sallyport"], cidrs, clusters, site.authority,
                                           site.seed),
        }
        for name in RIVALS:
            for key in (name, VARIANTS[name]):
                makers[key] = lambda name=name, key=key: Rival(
                    name, folder / key, ports[name], cidrs, clusters,
                    site.connections if key == name else min(site.connections, VARIANT_CONNECTIONS), variant=key != name)
        for name in (*only, *(VARIANTS.values() if variants else [])):
            try:
                self.targets[name] = makers[name]()
            except Failed as failure:
                site.fail(f"{name} with {cidrs} CIDRs and {clusters} clusters: {failure}")

    def __enter__(self) -> "Farm":
        return self

    def __exit__(self, *_) -> None:
        for name, target in self.targets.items():
            try:
                target.stop()
            except Failed as failure:
                self.site.fail(f"{name}: {failure}")
        self._origin.stop()


# What Sallyport keeps for other than relayed connections, and some more.
RESERVED_DESCRIPTORS = 2_048 + 512


def most_connections(wanted: int) -> int:
    """Of those wanted, how many a proxy can relay within the limit of open files, two a connection; raises the limit
    where that is allowed."""
    need = 2 * wanted + RESERVED_DESCRIPTORS
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard < need:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (need, need))
            hard = need
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(wanted, (hard - RESERVED_DESCRIPTORS) // 2)
