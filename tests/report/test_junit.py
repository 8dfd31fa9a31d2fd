"""JUnit's XML: what CI systems show of a gate."""

from xml.etree import ElementTree

import pytest

from evalsite.report.junit import junit


def test_each_verdict_becomes_what_ci_systems_know():
    """Met passes, missed fails, the rest is skipped, each with its sentence; control characters are spelled
    out.
    """
    text = junit(
        "suite",
        [
            ("run-1", "A", "met", "fine"),
            ("run-1", "B", "missed", "lost <too> much\x00"),
            ("run-2", "C", "inconclusive", "cannot tell"),
            ("", "D", "pending", "no run"),
            ("run-2", "E", "vacuous", "too weak"),
        ],
    )
    suite = ElementTree.fromstring(text.partition("?>")[2])
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "1", "3")
    met, missed, inconclusive, pending, vacuous = suite
    assert [(told.tag, told.text) for told in met] == [("system-out", "fine")]
    assert missed.find("failure").get("message") == "lost <too> much␀"
    assert inconclusive.find("skipped").get("message") == "inconclusive: cannot tell"
    assert vacuous.find("skipped").get("message") == "vacuous: too weak"
    assert pending.find("skipped").get("message") == "pending: no run"


@pytest.mark.parametrize("char", "\u202e\u2066\u200f\u061c\ufeff\x1b\x7f\u2028\ufffe")
def test_nothing_shows_a_name_in_another_order_than_it_has(char):
    """Direction overrides and their kin, in names as in sentences."""
    text = junit(
        f"suite{char}",
        [(f"run{char}", f"A{char}", verdict, f"why{char}") for verdict in ("met", "missed", "pending")],
    )
    assert char not in text
    assert ElementTree.fromstring(text.partition("?>")[2]).get("failures") == "1"
