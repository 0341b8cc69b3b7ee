"""docs/compatibility.md lists exactly the operations that the tables in src/api serve."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def served_ec2():
    rows = re.compile(r'\{"([A-Z]\w+)",')
    return {name for path in (ROOT / "src" / "api" / "ec2").glob("*.cc")
            for table in re.findall(r"to_array<Entry>\(\{(.*?)\}\);", path.read_text(), re.DOTALL)
            for name in rows.findall(table)}


def listed(service):
    text = (ROOT / "docs" / "compatibility.md").read_text()
    rows = re.findall(rf"^\| {service}(?:: [^|]*)? \| (.*) \|$", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"\b[A-Z]\w+\b", row)}


def test_ec2():
    served, told = served_ec2(), listed("EC2")
    assert served, "no table found: has its form changed?"
    assert sorted(served - told) == [], "served and not in docs/compatibility.md"
    assert sorted(told - served) == [], "in docs/compatibility.md and not served"


def test_route53():
    names = re.findall(r'operation == "(\w+)"', (ROOT / "src/api/route53/route53_handlers.cc").read_text())
    assert set(names) <= listed("Route 53")
