"""bench/run: the command line, and the run itself."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

from control_plane import Authority
from world import BINARY, ROOT

from . import chart, machine, measures, table
from .farm import Farm, Site, most_connections
from .programs import Failed

JSON_FILE = ROOT / "build" / "bench" / "gateway.json"
CHART_FILE = ROOT / "docs" / "bench" / "gateway.svg"
PROGRAMS = [BINARY.parent / name for name in ("bench_load", "bench_origin", "bench_seed")]


def arguments(words: list[str]) -> argparse.Namespace:
    known = [*measures.SHARED, *measures.OWN]
    parser = argparse.ArgumentParser(prog="bench/run", description="The gateway beside HAProxy and nginx, on loopback.")
    parser.add_argument("--rounds", type=int, default=None, help="rounds of each measure (5)")
    parser.add_argument("--seconds", type=float, default=None, help="measured time of one sample (1)")
    parser.add_argument("--only", action="append", metavar="MEASURE", choices=known,
                        help="may be repeated; one of " + ", ".join(known))
    parser.add_argument("--output", choices=["table", "json", "markdown"], default="table")
    parser.add_argument("--quick", action="store_true", help="2 short rounds: does it work, not how quick is it")
    parser.add_argument("--threads", type=int, default=1, help="of load and of origin, each (1)")
    parser.add_argument("--from", dest="source", type=pathlib.Path, metavar="FILE",
                        help="measure nothing; show the results in this JSON file")
    chosen = parser.parse_args(words)
    if (chosen.rounds or 1) < 1 or (chosen.seconds or 1) <= 0 or chosen.threads < 1:
        parser.error("--rounds, --seconds and --threads must be positive")
    return chosen


def effort_of(chosen: argparse.Namespace) -> measures.Effort:
    if chosen.quick:
        return measures.Effort(chosen.rounds or 2, chosen.seconds or 0.3, warmup=0.1, idle_connections=1_000,
                               sizes=(1, 40), clusters=(2, 20))
    return measures.Effort(chosen.rounds or 5, chosen.seconds or 1.0)


def run_all(site: Site, effort: measures.Effort, chosen: list[str]) -> list[dict]:
    results = []
    began = time.monotonic()

    def take(key: str, measure, *inputs) -> None:
        print(f"{key} ({time.monotonic() - began:.0f} s)", file=sys.stderr, flush=True)
        try:
            results.append(measure(site, *inputs, effort))
        except (Failed, OSError) as failure:
            site.fail(f"{key}: {failure}")

    shared = [key for key in measures.SHARED if key in chosen]
    if shared:
        print("starting origin, HAProxy, nginx and Sallyport", file=sys.stderr, flush=True)
        with Farm(site, variants=True) as farm:
            for key in shared:
                take(key, measures.SHARED[key], farm)
    for key, measure in measures.OWN.items():
        if key in chosen:
            take(key, measure)
    return results


def measured(chosen: argparse.Namespace) -> dict:
    effort = effort_of(chosen)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-bench-"))
    idle = most_connections(effort.idle_connections)
    effort = dataclasses.replace(effort, idle_connections=idle)
    site = Site(*PROGRAMS, folder, chosen.threads, max(idle + 128, 4_096),
                Authority(folder / "pki"))
    described = machine.description(BINARY)
    try:
        results = run_all(site, effort, chosen.only or [*measures.SHARED, *measures.OWN])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"date": datetime.date.today().isoformat(), "machine": described,
            "settings": {"rounds": effort.rounds, "seconds": effort.seconds, "threads": chosen.threads,
                         "quick": chosen.quick, "whole": not chosen.only},
            "measures": results, "failures": site.failures}


def main(words: list[str]) -> int:
    chosen = arguments(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))     # by way of what stops the proxies
    for program in (BINARY, *PROGRAMS):
        if not chosen.source and not program.exists():
            print(f"bench/run: {program} is missing; `make bench` builds it", file=sys.stderr)
            return 2
    results = json.loads(chosen.source.read_text()) if chosen.source else measured(chosen)
    if not chosen.source:
        JSON_FILE.parent.mkdir(parents=True, exist_ok=True)
        JSON_FILE.write_text(json.dumps(results, indent=1) + "\n")
        print(f"wrote {JSON_FILE.relative_to(ROOT)}", file=sys.stderr)
    # A partial or a quick run is no news worth a picture in the documentation.
    if results["settings"]["whole"] and not results["settings"]["quick"]:
        CHART_FILE.parent.mkdir(parents=True, exist_ok=True)
        CHART_FILE.write_text(chart.svg(results))
        print(f"wrote {CHART_FILE.relative_to(ROOT)}", file=sys.stderr)
    if chosen.output == "json":
        print(json.dumps(results, indent=1))
    elif chosen.output == "markdown":
        print(table.markdown(results))
    else:
        print(table.terminal(results, sys.stdout.isatty() and "NO_COLOR" not in os.environ))
    return 1 if results["failures"] else 0
