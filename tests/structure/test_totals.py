"""scripts/totals and scripts/test: no green without results."""

import pathlib
import shutil
import subprocess

import pytest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts"

GTEST = """Running 4 tests
[  SKIPPED ] Kernel.Drops (0 ms)
[==========] 4 tests from 1 test suite ran. (1 ms total)
[  PASSED  ] 3 tests.
[  SKIPPED ] 1 test, listed below:
[  SKIPPED ] Kernel.Drops
"""
GTEST_FAILED = """[  PASSED  ] 3 tests.
[  FAILED  ] 2 tests, listed below:
[  FAILED  ] A.B
"""
PYTEST = """SKIPPED [1] e2e/test_dns.py:19: dig is not installed
7 passed, 2 skipped, 1 warning in 12.34s
"""


def totals(folder, *arguments):
    done = subprocess.run([SCRIPTS / "totals", folder, *arguments], capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def write(path, *cases):
    """Runs ctest over commands that print and exit as the cases say."""
    folder = path.parent / f"{path.stem}-ctest"
    folder.mkdir()
    lines = []
    for number, (output, code) in enumerate(cases):
        text = folder / f"{number}.txt"
        text.write_text(output)
        lines.append(f'add_test(case{number} "/bin/sh" "-c" "cat {text}; exit {code}")')
    (folder / "CTestTestfile.cmake").write_text("\n".join(lines))
    subprocess.run(["ctest", "--test-dir", folder, "--output-junit", path, "--test-output-truncation", "head"],
                   capture_output=True)


def test_counts_what_the_programs_counted(tmp_path):
    write(tmp_path / "release.xml", (GTEST, 0), (PYTEST, 0), ("no summary", 0))
    code, lines = totals(tmp_path, "0", "release")
    assert code == 0
    assert lines[-1] == "11 passed, 0 failed, 3 skipped"
    assert "skipped: release case0 Kernel.Drops" in lines
    assert "skipped: release case1 e2e/test_dns.py:19: dig is not installed" in lines


def test_the_summary_counts_though_the_output_is_long(tmp_path):
    write(tmp_path / "release.xml", ("chatter\n" * 5000 + GTEST, 0))
    assert totals(tmp_path, "0", "release")[1][-1] == "3 passed, 0 failed, 1 skipped"


@pytest.mark.parametrize("output, code, last", [
    (GTEST_FAILED, 1, "3 passed, 2 failed, 0 skipped"),
    (GTEST, 1, "3 passed, 1 failed, 1 skipped"),          # such as a leak found at exit
    ("1 failed, 2 passed, 1 error in 0.5s\n", 1, "2 passed, 2 failed, 0 skipped"),
    ("killed half-way", 137, "0 passed, 1 failed, 0 skipped"),
])
def test_a_failed_program_fails_the_run(tmp_path, output, code, last):
    write(tmp_path / "asan.xml", (output, code))
    status, lines = totals(tmp_path, "0", "asan")
    assert status == 1
    assert lines == ["failed: asan case0", last] or lines[0] == "failed: asan case0" and lines[-1] == last


def test_a_program_that_is_missing_has_failed(tmp_path):
    (tmp_path / "asan.xml").write_text('<testsuite><testcase name="unit.a" status="notrun">'
                                       '<skipped message="Unable to find executable"/></testcase></testsuite>')
    assert totals(tmp_path, "0", "asan") == (1, ["failed: asan unit.a", "0 passed, 1 failed, 0 skipped"])


@pytest.mark.parametrize("text", [None, "", "<testsuite", "<testsuite tests='0'/>"])
def test_a_stage_without_results_has_failed(tmp_path, text):
    write(tmp_path / "release.xml", (GTEST, 0))
    if text is not None:
        (tmp_path / "tsan.xml").write_text(text)
    status, lines = totals(tmp_path, "0", "release", "tsan")
    assert status == 1
    assert lines[-2].startswith("failed: tsan: ")
    assert lines[-1] == "3 passed, 1 failed, 1 skipped"


def test_what_broke_elsewhere_counts_and_nothing_is_not_success(tmp_path):
    write(tmp_path / "release.xml", (GTEST, 0))
    assert totals(tmp_path, "2", "release")[1][-1] == "3 passed, 2 failed, 1 skipped"
    assert totals(tmp_path, "0") == (1, ["0 passed, 0 failed, 0 skipped"])


RESULTS = """while [ $# -gt 0 ]; do case $1 in --output-junit) echo '<testsuite><testcase name="a" status="run"/></testsuite>' >"$2";;
esac; shift; done"""


@pytest.mark.parametrize("ctest, last", [
    (RESULTS, "3 passed, 0 failed, 0 skipped"),
    (RESULTS + "; exit 8", "3 passed, 0 failed, 0 skipped"),    # the results say what failed
    (RESULTS + "; kill -KILL $$", "3 passed, 3 failed, 0 skipped"),
    (RESULTS + "; exit 1", "3 passed, 3 failed, 0 skipped"),
    ("exit 0", "0 passed, 3 failed, 0 skipped"),
])
def test_a_stage_counts_only_if_ctest_did_its_work(tmp_path, ctest, last):
    for folder in ("scripts", "bin"):
        (tmp_path / folder).mkdir()
    for name in ("test", "totals"):
        shutil.copy(SCRIPTS / name, tmp_path / "scripts" / name)
    for path, text in (("bin/cmake", "exit 0"), ("bin/ctest", ctest), ("scripts/lint", "exit 0")):
        (tmp_path / path).write_text("#!/bin/bash\n" + text)
        (tmp_path / path).chmod(0o755)
    done = subprocess.run([tmp_path / "scripts" / "test"], capture_output=True, text=True,
                          env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "HOME": str(tmp_path)})
    assert done.stdout.splitlines()[-1] == last, done.stdout
    assert (done.returncode == 0) is (" 0 failed" in last)
