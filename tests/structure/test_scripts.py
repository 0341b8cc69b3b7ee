"""What the scripts promise, without running them: packages by purpose, and where they are kept."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Debian's package of each command that the guide of `make run` may print; None: comes with every Debian 12, with
# this product, or with what tests/kube/build and tests/requirements.txt make.
PACKAGE_OF = {"dig": "bind9-dnsutils", "curl": "curl", "openssl": "openssl", "etcd": "etcd-server",
              "source": None, "kubectl": None, "aws": None, "reach": None, "hold": None, "sallyport": None}


def packages(name):
    command = f". scripts/versions; echo ${name}"
    return subprocess.run(["bash", "-c", command], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()


def commands_of_the_guide():
    script = (ROOT / "scripts" / "quickstart").read_text()
    guide = script[script.index("def guide"):script.index("def main")]
    return set(re.findall(r"^  ([a-z]+) ", guide, re.MULTILINE))


def test_run_installs_every_command_its_guide_prints():
    printed = commands_of_the_guide()
    assert {"dig", "kubectl", "aws", "sallyport"} <= printed
    assert printed <= set(PACKAGE_OF), "name the package of each new command in PACKAGE_OF"
    installed = packages("BUILD_PACKAGES") + packages("RUN_PACKAGES")
    assert [name for name in printed | {"curl", "openssl", "etcd"}
            if PACKAGE_OF[name] and PACKAGE_OF[name] not in installed] == []


@pytest.mark.parametrize("cache, python", [
    ("/somewhere/else", "/somewhere/else/venv/bin/python"),
    ("", "/home/of/nobody/.cache/sallyport/venv/bin/python"),
    (None, "/home/of/nobody/.cache/sallyport/venv/bin/python"),
])
def test_ctest_runs_the_python_that_install_deps_made(tmp_path, cache, python):
    (tmp_path / "CMakeLists.txt").write_text(f"""cmake_minimum_required(VERSION 3.25)
project(sallyport NONE)
set(PROJECT_SOURCE_DIR {ROOT})
add_executable(sallyport IMPORTED)
set_target_properties(sallyport PROPERTIES IMPORTED_LOCATION /bin/true)
enable_testing()
include({ROOT}/cmake/EndToEnd.cmake)
""")
    environment = {name: value for name, value in os.environ.items() if name != "SALLYPORT_CACHE"}
    environment |= {"HOME": "/home/of/nobody"} | ({} if cache is None else {"SALLYPORT_CACHE": cache})
    subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "build"], env=environment, check=True, capture_output=True)
    pythons = re.findall(r'^add_test\(\S+ "([^"]+)"', (tmp_path / "build" / "CTestTestfile.cmake").read_text(), re.MULTILINE)
    assert len(pythons) > 5
    assert set(pythons) == {python}
