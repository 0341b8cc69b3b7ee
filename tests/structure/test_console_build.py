"""The console's part of the build: what it needs, what it says without, and what it may not load."""

import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CONSOLE = ROOT / "console"


def configure(folder, *options):
    (folder / "CMakeLists.txt").write_text(f"""cmake_minimum_required(VERSION 3.25)
project(sallyport CXX)
set(PROJECT_SOURCE_DIR {ROOT})
set(SALLYPORT_TESTS OFF)
add_library(sallyport_model INTERFACE)
add_library(sallyport_options INTERFACE)
foreach(kind PACKAGE_ROOT_PATH CMAKE_PATH CMAKE_ENVIRONMENT_PATH SYSTEM_ENVIRONMENT_PATH CMAKE_SYSTEM_PATH)
  set(CMAKE_FIND_USE_${{kind}} OFF)
endforeach()
include({ROOT}/cmake/Console.cmake)
""")
    return subprocess.run(["cmake", "-S", folder, "-B", folder / "build", *options], capture_output=True, text=True)


def test_a_machine_without_npm_is_told_what_to_do(tmp_path):
    done = configure(tmp_path)
    said = " ".join(done.stderr.split())
    assert done.returncode != 0
    assert "needs node and npm" in said and "scripts/install-deps build" in said and "-DSALLYPORT_CONSOLE=OFF" in said


def test_the_console_can_be_left_out(tmp_path):
    assert configure(tmp_path, "-DSALLYPORT_CONSOLE=OFF").returncode == 0


def test_every_package_is_pinned():
    package = json.loads((CONSOLE / "package.json").read_text())
    wanted = package["dependencies"] | package["devDependencies"]
    assert len(wanted) > 10
    assert [name for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    locked = json.loads((CONSOLE / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [path for path, entry in locked.items() if path and "integrity" not in entry and "link" not in entry] == []


def test_no_source_of_the_console_names_another_origin():
    """What the browser is kept from by the policy of the page is not tried either; namespaces of SVG aside."""
    sources = [path for path in [*CONSOLE.glob("src/**/*"), *CONSOLE.glob("public/*"), CONSOLE / "index.html"]
               if path.is_file() and ".test." not in path.name]
    assert len(sources) > 30
    assert [(path.name, url) for path in sources for url in re.findall(r"https?://[^\s\"'`<>)]+", path.read_text())
            if url != "http://www.w3.org/2000/svg"] == []


def test_files_of_the_console_are_rooms_not_halls():
    sources = [*CONSOLE.glob("src/**/*.ts*"), *CONSOLE.glob("build/*.ts"), CONSOLE / "pack.mjs"]
    assert [path.name for path in sources if path.read_text().count("\n") > 300] == []
    assert [path.name for path in sources if re.search(r"\b(TODO|FIXME|XXX)\b|dangerouslySetInnerHTML|innerHTML", path.read_text())] == []
