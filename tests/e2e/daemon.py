"""A long-running part of Sallyport as a process: started, asked for its metrics, stopped."""

from __future__ import annotations

import pathlib
import signal
import subprocess
import urllib.request
from typing import Self

from world import BINARY, first_line, sum_of


class Daemon:
    """`sallyport NAME` with a configuration that the class of the part writes, with [metrics] at a port of loopback."""

    def __init__(self, folder: pathlib.Path, name: str, metrics: int):
        folder.mkdir(parents=True, exist_ok=True)
        self.name, self.metrics = name, metrics
        self.log = folder / f"{name}.log"
        self.config = folder / f"{name}.toml"
        self.binary: str | pathlib.Path = BINARY
        self.process: subprocess.Popen | None = None

    def start(self, *command: str) -> Self:
        """`command` is what runs it, in front of its own command line."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*command, self.binary, self.name, "--config", self.config],
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        got = first_line(self.process, 20)
        if got != "ready":
            self.close()
            raise AssertionError(f"expected 'ready', got {got!r}; log:\n{self.said()}")
        return self

    def stop(self, seconds: float = 30) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.close()
            raise AssertionError(f"the {self.name} did not stop within {seconds} s of SIGTERM") from None
        self.process.stdout.close()
        return code

    def close(self) -> None:
        """Leaves nothing behind, whatever became of the test."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def metric(self, start: str) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics", timeout=5) as answer:
            return sum_of(answer.read().decode(), start)
