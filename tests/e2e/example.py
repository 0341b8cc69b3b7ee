"""`make run`'s example, started and pasted into as its guide says."""

import os
import pathlib
import signal
import socket
import subprocess
import sys

from machine import POLLUTION, lacks
from world import ROOT, wait_until

RUN = ROOT / "build" / "run"
OUTPUT = ROOT / "build" / "quickstart-output.txt"


class Example:
    """scripts/quickstart in an environment that would lead it astray."""

    def __init__(self):
        for address, port in (("127.0.0.1", 8787), ("127.0.0.1", 8443), ("127.0.0.1", 8053)):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((address, port))
                except OSError:
                    lacks(f"{address}:{port} is taken: the example runs already")
        with open(OUTPUT, "w") as out:
            self.process = subprocess.Popen([sys.executable, ROOT / "scripts" / "quickstart"], stdout=out, stderr=out,
                                            env=os.environ | POLLUTION)

    def said(self) -> str:
        return OUTPUT.read_text()

    def wait_for(self, text: str, seconds: float = 90) -> "Example":
        wait_until(lambda: text in self.said() or self.process.poll() is not None, seconds, text)
        assert self.process.poll() is None, self.said()
        return self

    def wait_for_guide(self) -> "Example":
        return self.wait_for("Stop with Ctrl-C")

    def stop(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)


def paste(commands: str) -> str:
    done = subprocess.run(["bash", "-c", f"source {RUN}/env.sh\n{commands}"], capture_output=True, text=True, timeout=120,
                          env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "AWS_PAGER": "", **POLLUTION})
    return done.stdout + done.stderr


def children() -> set[str]:
    """The names of the example's processes that run at this moment, but for the quickstart itself."""
    found = set()
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(word.startswith((f"{RUN}/", f"--tls-cert-file={RUN}/")) for word in command):
            found.add(pathlib.Path(command[0]).name)
    return found
