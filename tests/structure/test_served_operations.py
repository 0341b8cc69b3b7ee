"""docs/compatibility.md lists exactly the operations that the tables in src/api serve."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def served(folder):
    rows = re.compile(r'\{"([A-Z]\w+)",')
    return {name for path in (ROOT / "src" / "api" / folder).glob("*.cc")
            for table in re.findall(r"to_array<Entry>\(\{(.*?)\}\);", path.read_text(), re.DOTALL)
            for name in rows.findall(table)}


def listed(service):
    text = (ROOT / "docs" / "compatibility.md").read_text()
    rows = re.findall(rf"^\| {service}(?:: [^|]*)? \| (.*) \|$", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"\b[A-Z]\w+\b", row)}


@pytest.mark.parametrize("folder, service", [("ec2", "EC2"), ("identity", "IAM")])
def test_tables(folder, service):
    found, told = served(folder), listed(service)
    assert found, "no table found: has its form changed?"
    assert sorted(found - told) == [], "served and not in docs/compatibility.md"
    assert sorted(told - found) == [], "in docs/compatibility.md and not served"


def test_eks():
    text = (ROOT / "src/api/eks/eks_handlers.cc").read_text()
    names = set(re.findall(r'\{"([A-Z]\w+)", &EksHandlers::', text))
    assert names, "no table found: has its form changed?"
    assert names == listed("EKS")


def test_route53():
    names = re.findall(r'operation == "(\w+)"', (ROOT / "src/api/route53/route53_handlers.cc").read_text())
    assert set(names) <= listed("Route 53")
