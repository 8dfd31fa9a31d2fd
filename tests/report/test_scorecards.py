"""The card of two models as text, Markdown, JSON and JUnit."""

import json
from xml.etree import ElementTree

import pytest

from evalsite.report.scorecards import HEADER, as_json, as_junit, as_markdown, as_text
from evalsite.stats.scorecards import scorecard
from tests.make import loaded_run


@pytest.fixture(scope="module")
def card():
    runs = [
        loaded_run(passes, 1, model=model, dataset=name, task_ids=[f"{name}/{i}" for i in range(60)])
        for name, lost in (("one", 0), ("two", 40))
        for model, passes in (("fp8", [1] * 60), ("*ternary*", [0] * lost + [1] * (60 - lost)))
    ]
    return scorecard(runs, "fp8", "*ternary*")


def test_text_has_the_verdict_the_sentences_and_a_row_for_each_thing(card):
    """What was not measured stands there as such."""
    first, sentences, table, below = as_text(card).split("\n\n")
    assert first == "MISSED. *ternary* against fp8"
    assert sentences.splitlines()[1] == (
        "More than the allowed 10 points were lost in two and functions, 2 data sets together."
    )
    rows = table.splitlines()
    assert rows[0].split() == list(HEADER)
    assert rows[2].split()[:4] == ["two", "60", "100.0", "%"]
    assert rows[2].endswith("missed")
    assert [row.split()[0] for row in rows if row.endswith("not measured")] == [
        "Other", "Calls", "Edits", "Agent", "Levels", "Distance", "Symptoms",
    ]  # fmt: skip
    assert rows[-1].startswith("All together")
    assert below == "- Data sets together: each problem counts the same."


def test_markdown_defuses_names(card):
    """A model's name is somebody's text."""
    text = as_markdown(card)
    assert text.startswith("### \\*ternary\\* against fp8\n\n**missed**\n\n- ")
    assert "| Functions | one | 60 | 100.0 % | 100.0 % | 0.0 |" in text
    assert "| Agent |  |  |  |  |  |  | not measured |" in text


def test_json_has_shares_and_what_was_not_measured(card):
    """For scripts."""
    found = json.loads(as_json(card))
    assert (found["decision"], found["weights"], found["margin"]) == ("missed", "problem", 0.1)
    measured = {section["name"]: section["measured"] for section in found["sections"]}
    assert measured["functions"]
    assert not measured["agent"]
    row = found["sections"][0]["rows"][1]
    assert row["difference"] == pytest.approx(-2 / 3)
    assert row["low"] < row["difference"] < row["high"]
    assert row["runs"][0].endswith("fp8--two")
    assert found["together"]["decision"] == "missed"


def test_junit_fails_what_is_missed_and_skips_what_was_not_measured(card):
    """One case each."""
    suite = ElementTree.fromstring(as_junit(card).encode())
    cases = {case.get("name"): [each.tag for each in case] for case in suite}
    assert cases["Functions: one"] == ["system-out"]
    assert cases["Functions: two"] == ["failure"]
    assert cases["Agent"] == ["skipped"]
    assert cases["All together"] == ["failure"]
