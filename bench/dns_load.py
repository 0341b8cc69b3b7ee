"""dnsperf against a server, and what it saw."""

import re
import subprocess

# One connection of TCP holds what a resolver keeps in flight to one server; UDP comes from as many sockets.
CLIENTS = {"udp": 16, "tcp": 8}
OUTSTANDING = 200


class LoadFailed(RuntimeError):
    pass


def parse(text):
    """Numbers of dnsperf's statistics."""

    def number(label):
        found = re.search(rf"^\s*{label}:\s+([0-9.]+)", text, re.MULTILINE)
        if not found:
            raise LoadFailed(f"dnsperf's report lacks {label!r}: {text}")
        return float(found.group(1))

    codes = re.search(r"Response codes:\s+(.*)", text)
    return {
        "sent": int(number("Queries sent")),
        "completed": int(number("Queries completed")),
        "lost": int(number("Queries lost")),
        "rate": number("Queries per second"),
        "latency_us": number(r"Average Latency \(s\)") * 1e6,
        "rcodes": sorted(re.findall(r"([A-Z]+) \d+", codes.group(1))) if codes else [],
    }


def run(server, transport, questions, cpus, seconds):
    """One round: what dnsperf saw, and what the server's process spent on it."""
    command = ["taskset", "-c", ",".join(map(str, cpus)), "dnsperf", "-f", "inet", "-s", "127.0.0.1",
               "-p", str(server.port), "-d", str(questions), "-m", transport, "-l", str(seconds), "-e",
               "-c", str(CLIENTS[transport]), "-q", str(OUTSTANDING), "-T", "1", "-t", "2", "-O", "suppress=timeout"]
    before = server.cpu_seconds()
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    spent = server.cpu_seconds() - before
    if done.returncode != 0:
        raise LoadFailed(f"dnsperf: {done.stderr.strip() or done.stdout.strip()}")
    seen = parse(done.stdout)
    if seen["completed"] == 0:
        raise LoadFailed(f"{server.name} answered nothing: {done.stdout}")
    seen["cpu_per_million"] = spent / seen["completed"] * 1e6
    return seen
