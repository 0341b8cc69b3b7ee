"""The arrows of the house: which room may include which. Link errors catch most breaches; this catches headers."""

import pathlib
import re

SRC = pathlib.Path(__file__).resolve().parent.parent.parent / "src"

BELOW = {
    "base": set(),
    "model": {"base"},
    "wire": {"base"},
    "net": {"wire", "base"},
    "policy": {"model", "wire", "base"},
    "iam": {"model", "wire", "base"},
    "store": {"model", "wire", "base"},
    "control": {"store", "iam", "policy", "model", "wire", "base"},
    "gateway": {"policy", "model", "wire", "base"},
    "dns": {"policy", "model", "net", "wire", "base"},
    # Runs on a machine of its own, and knows the cluster plane by its API and names alone.
    "bastion": {"net", "wire", "base"},
    "workplace": {"net", "wire", "base"},
    # A program of its own, that the control role knows by its protocol alone.
    "provider": {"model", "wire", "base"},
    # The API speaks for the control role: the one arrow between rooms of the same floor.
    "api": {"control", "store", "iam", "policy", "model", "net", "wire", "base"},
    "app": {"api", "control", "gateway", "dns", "bastion", "workplace", "store", "iam", "policy", "model", "net", "wire", "base"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def includes(src):
    graph = {}
    for path in sorted([*src.rglob("*.h"), *src.rglob("*.cc")]):
        graph[path.relative_to(src).as_posix()] = INCLUDE.findall(path.read_text())
    return graph


def breaches(src):
    found = []
    for file, targets in includes(src).items():
        room = file.split("/")[0]
        if room not in BELOW:
            found.append(f"{file}: room {room} is not in the plan")
            continue
        for target in targets:
            other = target.split("/")[0]
            if not (src / target).exists():
                found.append(f"{file} includes {target}: include paths start at src/")
            elif other != room and other not in BELOW[room]:
                found.append(f"{file} includes {target}: {room} may not see {other}")
    return found


def cycles(src):
    graph = {file: [t for t in targets if (src / t).exists()] for file, targets in includes(src).items()}
    done, path, found = set(), [], []

    def visit(file):
        if file in path:
            found.append(" -> ".join(path[path.index(file):] + [file]))
            return
        if file in done:
            return
        path.append(file)
        for target in graph.get(file, []):
            visit(target)
        path.pop()
        done.add(file)

    for file in graph:
        visit(file)
    return found


def test_every_include_points_down():
    assert len(includes(SRC)) > 50
    assert breaches(SRC) == []


def test_no_cycle_of_files():
    assert cycles(SRC) == []


def test_the_check_sees_what_it_should(tmp_path):
    (tmp_path / "gateway").mkdir()
    (tmp_path / "control").mkdir()
    (tmp_path / "gateway" / "a.h").write_text('#include "control/b.h"\n')
    (tmp_path / "control" / "b.h").write_text('#include "missing.h"\n')
    assert len(breaches(tmp_path)) == 2
    (tmp_path / "control" / "b.h").write_text('#include "gateway/a.h"\n')
    assert cycles(tmp_path) != []
