"""Runs a program nearly as a systemd unit has it run: its system calls, its capabilities, a user that is not root.

    python under_unit.py UNIT UID PROGRAM [ARGUMENT...]

Of the unit it reads SystemCallFilter, AmbientCapabilities and CapabilityBoundingSet; sets of calls are expanded by
systemd-analyze. x86-64 alone: numbers of calls are those of <asm/unistd_64.h>.
"""

import ctypes
import errno
import os
import pathlib
import re
import struct
import subprocess
import sys

NUMBERS = pathlib.Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
X86_64 = 0xC000003E     # AUDIT_ARCH_X86_64
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06      # BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K
SET_NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2


def setting(unit: pathlib.Path, key: str) -> list[str]:
    [line] = re.findall(rf"^{key}=(.*)$", unit.read_text(), re.MULTILINE)
    return line.split()


def expanded(names: list[str]) -> set[str]:
    """Of sets and calls; what a filter that lists what is allowed always has is in it too."""
    calls: set[str] = set()
    waiting, known = [*names, "@default"], set()
    while waiting:
        name = waiting.pop()
        if not name.startswith("@"):
            calls.add(name)
        elif name not in known:
            known.add(name)
            said = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
            waiting += [line.strip() for line in said.stdout.splitlines()[1:] if not line.strip().startswith("#")]
    return calls - {""}


def program(allowed: list[int]) -> bytes:
    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)
    steps = [step(LOAD, 4), step(EQUAL, X86_64, 1, 0), step(RETURN, REFUSE), step(LOAD, 0)]
    for number in allowed:
        steps += [step(EQUAL, number, 0, 1), step(RETURN, ALLOW)]
    return b"".join([*steps, step(RETURN, REFUSE)])


def confine(calls: set[str]) -> None:
    numbers = dict(re.findall(r"^#define __NR_(\w+)\s+(\d+)$", NUMBERS.read_text(), re.MULTILINE))
    code = program(sorted(int(numbers[call]) for call in calls if call in numbers))
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(code)
    described = struct.pack("=HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
    for arguments in ((SET_NO_NEW_PRIVS, 1, 0, 0, 0), (SET_SECCOMP, FILTER, described, 0, 0)):
        if libc.prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


def main() -> None:
    unit, uid, *command = pathlib.Path(sys.argv[1]), *sys.argv[2:]
    held = [name.removeprefix("CAP_").lower() for name in setting(unit, "AmbientCapabilities")]
    assert setting(unit, "CapabilityBoundingSet") == setting(unit, "AmbientCapabilities")
    only = ",".join(["-all", *(f"+{name}" for name in held)])
    drop = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", f"--bounding-set={only}",
            f"--inh-caps={only}", f"--ambient-caps={only}"]
    # setpriv sets them up by calls that the unit's program has no need of: so the filter comes after, in another start.
    if "--confined" not in command:
        os.execvp(drop[0], [*drop, sys.executable, __file__, str(unit), uid, "--confined", *command])
    command.remove("--confined")
    confine(expanded(setting(unit, "SystemCallFilter")))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
