"""What /proc tells of processes and of the machine, and the machine's description."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import platform
import subprocess

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
PROC = pathlib.Path("/proc")


@dataclasses.dataclass(frozen=True)
class Usage:
    """CPU seconds since the beginning of the processes, of the machine."""
    processes: float
    machine: float


def busy_seconds(stat: str) -> float:
    """Of all CPUs, by /proc/stat: neither idle nor waiting nor taken away by the hypervisor."""
    fields = [int(field) for field in stat.splitlines()[0].split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq = fields[:7]
    return (user + nice + system + irq + softirq) / TICKS


def process_seconds(stat: str) -> float:
    """Of all threads, by /proc/PID/stat."""
    fields = stat.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def with_children(pid: int) -> list[int]:
    found = [pid]
    for task in PROC.glob(f"{pid}/task/*/children"):
        for child in task.read_text().split():
            found += with_children(int(child))
    return found


def usage(pids: list[int]) -> Usage:
    return Usage(sum(process_seconds((PROC / str(pid) / "stat").read_text()) for pid in pids),
                 busy_seconds((PROC / "stat").read_text()))


def meminfo(text: str, name: str) -> int:
    """Bytes."""
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith(f"{name}:"))


def tcp_bytes(sockstat: str) -> int:
    """Buffers of all TCP sockets."""
    words = next(line for line in sockstat.splitlines() if line.startswith("TCP:")).split()
    return int(words[words.index("mem") + 1]) * PAGE


def resident(pids: list[int]) -> int:
    return sum(int((PROC / str(pid) / "statm").read_text().split()[1]) * PAGE for pid in pids)


@dataclasses.dataclass(frozen=True)
class Memory:
    resident: int
    tcp: int
    slab: int


def memory(pids: list[int]) -> Memory:
    return Memory(resident(pids), tcp_bytes((PROC / "net" / "sockstat").read_text()),
                  meminfo((PROC / "meminfo").read_text(), "Slab"))


def first_line(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except OSError as missing:
        return f"{command[0]}: {missing.strerror}"
    return (done.stdout + done.stderr).strip().splitlines()[0]


def description(binary: pathlib.Path) -> dict:
    cpu = next((line.split(":", 1)[1].strip() for line in (PROC / "cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    return {
        "cpu": cpu, "cores": os.cpu_count(), "memory_bytes": meminfo((PROC / "meminfo").read_text(), "MemTotal"),
        "kernel": platform.release(), "haproxy": first_line("haproxy", "-v"), "nginx": first_line("nginx", "-v"),
        "sallyport": first_line(str(binary), "--version"), "load_average_before": os.getloadavg()[0],
    }
