"""Our own two programs, started and asked: the origin behind every proxy, and the load in front."""

from __future__ import annotations

import contextlib
import json
import pathlib
import subprocess
import threading

from control_plane import die_with_parent

from .machine import Memory, Usage, memory, usage


PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True,
         "preexec_fn": die_with_parent}


class Failed(Exception):
    """Something gave no result; the text says what and why. It is reported in the results."""


def line_of(process: subprocess.Popen, seconds: float, what: str) -> str:
    """The next line of its output. A process that says nothing in time is ended."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    line = process.stdout.readline().strip()
    timer.cancel()
    if not line:
        process.kill()
        _, errors = process.communicate()
        raise Failed(f"{what}: {(errors or '').strip() or f'no output within {seconds:.0f} s'}")
    return line


class Origin:
    """The server behind all; each target has a port of its own for each mode, so that none meets another's ports in
    TIME_WAIT."""

    def __init__(self, program: pathlib.Path, ports: dict[str, dict[str, str]], cert: pathlib.Path, key: pathlib.Path,
                 threads: int):
        addresses = [word for modes in ports.values() for mode, address in modes.items()
                     for word in (f"--{mode}", address)]
        self.process = subprocess.Popen([program, *addresses, "--cert", cert, "--key", key, "--threads", str(threads)],
                                        **PIPES)
        line_of(self.process, 10, "origin")

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate()


class Load:
    """One run of the load program against one target; measures what the target uses meanwhile."""

    def __init__(self, program: pathlib.Path, address: str, pids: list[int], seconds: float = 1,
                 **options: object):
        words = [word for option, value in options.items() for word in (f"--{option}", str(value))]
        self.pids, self.patience = pids, seconds + 90
        self.memory_before = memory(pids)
        self.process = subprocess.Popen([program, "--target", address, "--seconds", str(seconds), *words],
                                        **PIPES)

    def begin(self) -> Usage:
        line_of(self.process, self.patience, "load")
        return usage(self.pids)

    def end(self) -> dict:
        line = line_of(self.process, self.patience, "load")
        self.process.communicate()
        return json.loads(line)

    def run(self) -> tuple[dict, Usage]:
        """What the load says, and what was used from the beginning of the measured time on."""
        with self:
            before = self.begin()
            said = self.end()
            after = usage(self.pids)
        return said, Usage(after.processes - before.processes, after.machine - before.machine)

    def held_memory(self) -> Memory:
        """What all the open connections of an idle load added."""
        after = memory(self.pids)
        before = self.memory_before
        return Memory(after.resident - before.resident, after.tcp - before.tcp, after.slab - before.slab)

    def __enter__(self) -> "Load":
        return self

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.process.kill()
        with contextlib.suppress(ValueError):
            self.process.communicate()
