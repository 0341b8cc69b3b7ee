"""Files below /etc of one process's own: what its resolver reads."""

from __future__ import annotations

import functools
import os
import pathlib
import subprocess

from machine import lacks

_BEGIN = ("unshare", "--mount", "--propagation", "private", "sh", "-ec",
          'while [ "$1" != -- ]; do mount --bind "$1" "$2"; shift 2; done; shift; exec "$@"', "own-etc")


@functools.cache
def _possible() -> bool:
    probe = [*_BEGIN, "/dev/null", "/etc/resolv.conf", "--", "true"]
    return os.geteuid() == 0 and subprocess.run(probe, capture_output=True).returncode == 0


def own_etc(folder: pathlib.Path, **texts: str) -> tuple[str, ...]:
    """What runs a command that sees those texts as /etc/hosts (`hosts`) and /etc/resolv.conf (`resolv_conf`). The
    command is executed in its place: a signal to the process is one to the command."""
    if not _possible():
        lacks("no mount namespace here (unshare --mount, as root)")
    places = []
    for name, text in texts.items():
        file = name.replace("_", ".")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)
        places += [str(folder / file), f"/etc/{file}"]
    return (*_BEGIN, *places, "--")
