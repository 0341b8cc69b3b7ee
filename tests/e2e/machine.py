"""What the tests need of the machine they run on."""

import os

import pytest


def lacks(what: str):
    """Ends the test: skipped on a developer's machine, failed on one that promises all the tests need (CI=true)."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
