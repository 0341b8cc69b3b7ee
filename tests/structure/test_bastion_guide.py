"""docs/bastion.md lists every reason of a refusal, with the answer that the bastion gives."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def given():
    """What the product does: (status or "reset", reason)."""
    source = (ROOT / "src" / "bastion" / "refusal.cc").read_text()
    return {*((status, name) for name, status in re.findall(r'\{"([a-z-]+)", "(\d{3}) ', source)),
            *(("reset", name) for name in re.findall(r'\breset\("([a-z-]+)"\)', source))}


def documented():
    """Rows as "| 403 | `wrong-port`, … | cure |", which may stand for several answers."""
    rows = re.findall(r"^\| (reset|\d{3}(?:, \d{3})*) \| ((?:`[a-z-]+`(?:, )?)+) \|", (ROOT / "docs" / "bastion.md").read_text(),
                      re.MULTILINE)
    return [(set(answers.split(", ")), set(re.findall(r"`([a-z-]+)`", reasons))) for answers, reasons in rows]


def test_every_refusal_is_documented_with_its_answer():
    assert len(given()) > 15
    for answer, reason in given():
        assert any(answer in answers and reason in reasons for answers, reasons in documented()), (answer, reason)


def test_nothing_is_documented_that_is_not_given():
    for answers, reasons in documented():
        assert answers == {answer for answer, reason in given() if reason in reasons}, (answers, reasons)
