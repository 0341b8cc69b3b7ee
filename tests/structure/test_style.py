"""The parts of the house style that a machine can hold: file size, names, unfinished work, formatting."""

import pathlib
import re
import shutil
import subprocess

from machine import lacks

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = sorted([*(ROOT / "src").rglob("*.h"), *(ROOT / "src").rglob("*.cc"), *(ROOT / "src").rglob("*.c"),
                  *(ROOT / "fuzz").glob("*.cc")])
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|not implemented|unimplemented)\b", re.IGNORECASE)
BAD_NAME = re.compile(r"\b(?:class|struct)\s+(\w*(?:Manager|Helper|Util|Utils))\b")


def offenders(check):
    return [path.relative_to(ROOT).as_posix() for path in SOURCES if check(path)]


def test_files_are_rooms_not_halls():
    assert offenders(lambda path: path.read_text().count("\n") > 400 and not path.stem.endswith("_test")) == []


def test_headers_guard_themselves():
    assert offenders(lambda path: path.suffix == ".h" and "#pragma once" not in path.read_text()) == []


def test_names():
    assert offenders(lambda path: BAD_NAME.search(path.read_text())) == []
    assert not [folder for folder in (ROOT / "src").rglob("util*") if folder.is_dir()]


def test_nothing_is_left_unfinished():
    assert offenders(lambda path: UNFINISHED.search(path.read_text())) == []


def test_every_test_stands_beside_its_source():
    def orphan(path):
        if not path.name.endswith("_test.cc"):
            return False
        return not list(path.parent.glob("*.h"))
    assert offenders(orphan) == []


def test_formatting():
    tool = shutil.which("clang-format-16")
    if tool is None:
        lacks("clang-format-16 is not installed")
    done = subprocess.run([tool, "--dry-run", "--Werror", *map(str, SOURCES)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]


def test_no_test_skips_where_the_machine_promises_everything():
    """A skip goes by tests/e2e/machine.py or asks src/base/test_machine.h first."""
    python = [path for path in (ROOT / "tests").rglob("*.py") if path.name not in ("machine.py", "test_style.py")
              and "node_modules" not in path.parts and re.search(r"skip\(|skipif|importorskip", path.read_text())]
    cc = [path for path in SOURCES
          if "GTEST_SKIP" in path.read_text() and "test_machine_is_complete" not in path.read_text()]
    assert python + cc == []
