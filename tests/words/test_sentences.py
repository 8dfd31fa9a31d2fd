"""Figures as words: the small grammar of every sentence."""

import pytest

from evalsite.words.sentences import (
    certainty,
    change,
    count,
    more_problems,
    names,
    percent,
    points,
    probability,
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


def test_more_problems_are_never_as_many_as_there_are():
    """The formula's number where it says more; no number where it would promise that these are enough."""
    assert more_problems(300, 164) == "about 300 problems of this kind instead of 164"
    assert more_problems(164, 164) == "some more problems of this kind"
