"""How a distance's figures are written."""

import pytest

from evalsite.report.distance import limits, sentences, shown
from evalsite.stats.distance.found import load_distance
from evalsite.stats.intervals import Interval
from tests.distance.make import write_distance


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.8791, "%", "87.9 %"),
        (-0.0448, "%", "-4.5 %"),
        (-0.0004, "%", "0.0 %"),
        (0.04312, "nats", "0.0431 nats"),
        (1.84, "", "1.84"),
        (2.5e6, "", "2.50e+06"),
    ],
)
def test_figures_have_a_unit_and_no_sign_that_rounds_to_nothing(value, unit, said):
    assert shown(value, unit) == said


def test_pages_have_a_minus_where_terminals_have_a_hyphen():
    assert shown(-0.0448, "%", "−") == "−4.5 %"


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (0.86512, 0.90133, "%", "86.5 to 90.2 %"),
        (-0.0448, -0.0004, "%", "-4.5 to 0.0 %"),
        (0.105049, 0.153001, "nats", "0.105 to 0.154 nats"),
        (9.704, 11.203, "", "9.7 to 11.3"),
        (0.5, 0.5, "nats", "0.5 to 0.5 nats"),
        (123456.7, 123456.8, "", "1.23e+05 to 1.24e+05"),
    ],
)
def test_limits_are_rounded_outward(low, high, unit, said):
    assert limits(Interval(low, high, 0.95, "bootstrap"), unit) == said


def test_where_there_is_no_interval_stands_a_dash():
    assert limits(None, "nats") == "-"


def test_what_has_to_be_known_of_the_figures_is_said(tmp_path):
    """That the baseline was asked once, and what one side has no word on."""
    folder = write_distance(tmp_path, "fp8", "ternary", problems=6, positions=20, number=5)
    rows = (folder.path / "candidate.jsonl").read_text().splitlines(keepends=True)
    whole = " ".join(sentences(load_distance(folder)))
    assert "was not asked a second time" not in whole
    assert "could not be had" not in whole
    (folder.path / "candidate.jsonl").write_text("".join(rows[3:]))
    (folder.path / "repeat.jsonl").write_text("")
    found = load_distance(folder)
    told = list(sentences(found))
    assert found.lacking == 3
    assert told[-2] == "The baseline was not asked a second time, so that nothing tells what is noise."
    assert told[-1] == "3 positions could not be had from both, or no token begins there."
