"""Figures as words: the small grammar of every sentence."""

import pytest

from evalsite.words import cells
from evalsite.words.sentences import (
    and_more,
    at_least,
    certainty,
    change,
    count,
    figure,
    names,
    narrowed,
    percent,
    points,
    probability,
    spread,
)


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c", "d", "e"], "a, b, c, d and e"),
        (["a", "b", "c", "d", "e", "f", "g"], "a, b, c, d, e and 2 more"),
    ],
)
def test_lists_end_after_five(items: list[str], text: str) -> None:
    """A few names are told, many are counted."""
    assert names(items) == text


def test_lists_may_end_elsewhere() -> None:
    """And what is left of one that ends early can be said alone."""
    assert names(["a", "b", "c"], most=1) == "a and 2 more"
    assert (and_more(1200, 20), and_more(20, 20), and_more(3, 20)) == ("and 1,180 more", "", "")


def test_a_p_value_reads_the_same_in_a_cell_and_in_a_sentence() -> None:
    """One format, whoever prints it."""
    for value in (0.0004, 0.0386, 0.4531, 1.0):
        assert probability(value).removeprefix("p ").removeprefix("= ") == cells.p_value(value)


def test_no_figure_is_less_than_nothing() -> None:
    """What rounds to zero has no sign."""
    assert (figure(-0.04, "points"), figure(75.61, "%")) == ("0.0 points", "75.6 %")
    assert (cells.signed(-0.04), cells.signed(-0.06), cells.signed(0.06)) == ("0.0", "−0.1", "+0.1")
    assert cells.point_limits(-0.156, 0.004, minus=cells.HYPHEN) == ("-15.6", "+0.4")


@pytest.mark.parametrize(
    ("p_value", "text"),
    [(0.0004, "p < 0.001"), (0.0386, "p = 0.039"), (0.4531, "p = 0.45"), (1.0, "p = 1.00")],
)
def test_p_values(p_value: float, text: str) -> None:
    """Three digits where they matter, two where they do not, no false precision near zero."""
    assert probability(p_value) == text


@pytest.mark.parametrize(
    ("difference", "text"),
    [(-0.034, "3.4 points lost"), (0.0101, "1.0 point gained"), (0.0, "no change"), (-0.0004, "no change")],
)
def test_changes(difference: float, text: str) -> None:
    """A direction in words instead of a sign, and nothing where nothing shows."""
    assert change(difference) == text


def test_figures() -> None:
    """Percent, points, counts and confidence."""
    assert percent(0.7561) == "75.6 %"
    assert points(-0.1) == "10.0 points"
    assert (count(1, "problem"), count(1640, "sample")) == ("1 problem", "1,640 samples")
    assert certainty(0.975) == "97.5 %"


def test_what_is_true_from_a_number_on_is_rounded_up():
    """A loss that shows at 4.31 points shows at 4.4, not at 4.3."""
    assert at_least(0.0431) == "4.4 points"
    assert at_least(0.043) == "4.3 points"


def test_ranges_and_what_they_come_to():
    """A range of one number is that number; ten times the data make an interval 68 % narrower."""
    assert (spread(0.74, 1.0), spread(0.002, 0.004)) == ("74 to 100 %", "0 %")
    assert narrowed(10, 1.0) == pytest.approx(1 - 10**-0.5)
    assert narrowed(10, 0.0) == 0.0
