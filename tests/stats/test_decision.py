"""Decisions: by one function, from whatever side they are asked."""

from typing import Literal

import pytest

from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.decision import decide, worst
from evalsite.stats.intervals import Interval
from tests.make import loaded_run


def test_a_loss_interval_just_inside_the_margin_is_met() -> None:
    """-9.96 rounds to -10.0, and a page that decided on rounded figures called it inconclusive."""
    change = Interval(-0.0996, 0.01, 0.95, "any")
    assert decide(-0.05, change, -0.10) == "met"
    assert decide(5.0, change.scaled(-100), 10.0, "below") == "met"


@pytest.mark.parametrize("direction", ["above", "below"])
def test_an_interval_that_ends_on_the_threshold_decides_nothing(direction: Literal["above", "below"]) -> None:
    """What may lie exactly there is on neither side."""
    for low, high in ((70.0, 80.0), (60.0, 70.0)):
        assert decide((low + high) / 2, Interval(low, high, 0.95, "any"), 70.0, direction) == "inconclusive"


@pytest.mark.parametrize(("value", "decision"), [(70.1, "met"), (70.0, "missed"), (69.9, "missed")])
def test_without_an_interval_the_figure_decides(value: float, decision: str) -> None:
    """What has to be above 70 is not 70."""
    assert decide(value, None, 70.0) == decision


def test_the_worst_of_several() -> None:
    """A missed one before all, and nothing at all is pending."""
    assert worst(["met", "pending", "inconclusive"]) == "inconclusive"
    assert worst(["met", "missed", "pending"]) == "missed"
    assert worst(["met", "vacuous", "pending"]) == "vacuous"
    assert worst([]) == "pending"


def test_one_rule_says_what_is_vacuous_in_shares_and_in_points() -> None:
    """A margin of exactly half the score can be lost; a hair more cannot, and missed stays missed."""
    kept, lost = Interval(-0.01, 0.01, 0.95, "any"), Interval(-0.2, -0.15, 0.95, "any")
    for base, decision in ((0.2, "met"), (0.1999, "vacuous"), (0.0, "vacuous")):
        assert decide(0.0, kept, -0.10, base=base) == decision
        assert decide(0.0, kept.scaled(-100), 10.0, "below", 100 * base) == decision
    assert decide(-0.18, lost, -0.10, base=0.19) == "missed"
    assert decide(0.0, kept, -0.10) == "met"


def test_a_comparison_decides_both_ways_round() -> None:
    """Twenty points lost are twenty won for the other."""
    base, candidate = loaded_run([1] * 164, 1, model="a"), loaded_run([0] * 33 + [1] * 131, 1, model="b")
    found, turned = compare_runs(base, candidate), compare_runs(candidate, base)
    assert (found.decision, found.mirrored_decision) == ("missed", "met")
    assert (turned.decision, turned.mirrored_decision) == ("met", "missed")
