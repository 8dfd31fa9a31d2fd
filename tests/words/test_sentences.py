"""Figures as words: the small grammar of every sentence."""

import pytest

from evalsite.words.sentences import (
    and_more,
    at_least,
    certainty,
    change,
    count,
    excluded_sentences,
    missing_module_sentences,
    names,
    narrowed,
    of_all,
    pace,
    passes,
    percent,
    percents,
    points,
    probability,
    spread,
    sureness,
    too_weak,
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


@pytest.mark.parametrize(
    ("p_value", "text"),
    [
        (0.0004, "p < 0.001"),
        (0.0386, "p = 0.039"),
        (0.4531, "p = 0.45"),
        (1.0, "p = 1.00"),
        (0.0498, "p = 0.0498"),
        (0.049999, "p = 0.049999"),
        (0.05002, "p = 0.05002"),
        (0.05, "p = 0.050"),
    ],
)
def test_p_values(p_value: float, text: str) -> None:
    """Three digits where they matter, two where they do not, no false precision near zero; and as many as
    show on which side of 0.05 it lies, which decides what is said of it.
    """
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
    assert (at_least(0.9), at_least(0.0), at_least(0.0001)) == ("90.0 points", "0.0 points", "0.1 points")


def test_ranges_and_what_they_come_to():
    """A range of one number is that number; ten times the data make an interval 68 % narrower."""
    assert (spread(0.74, 1.0), spread(0.002, 0.004)) == ("74 to 100 %", "0 %")
    assert narrowed(10, 1.0) == pytest.approx(1 - 10**-0.5)
    assert narrowed(10, 0.0) == 0.0


@pytest.mark.parametrize(
    ("slower", "digits", "text"),
    [
        (12.34, 1, "12.3 % slower"),
        (-5.0, 1, "5.0 % faster"),
        (0.04, 1, "no change"),
        (-0.04, 1, "no change"),
        (0.05001, 1, "0.1 % slower"),
        (-12.6, 0, "13 % faster"),
    ],
)
def test_paces(slower: float, digits: int, text: str) -> None:
    """As with shares: a word instead of a sign."""
    assert pace(slower, digits) == text


def test_changes_with_other_digits() -> None:
    """What shows with two digits, with none does not; one point is one."""
    assert (change(0.0004, 2), change(0.004, 0)) == ("0.04 points gained", "no change")
    assert (points(0.0304, 2), points(0.01), points(0.0095), points(0.011)) == (
        "3.04 points", "1.0 point", "0.9 points", "1.1 points",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "total", "text"),
    [
        (10, 164, "10 of 164 problems"),
        (0, 1, "0 of 1 problem"),
        (1, 1, "the only problem"),
        (164, 164, "all 164 problems"),
        (1200, 5000, "1,200 of 5,000 problems"),
    ],
)
def test_how_many_are_spoken_of(number: int, total: int, text: str) -> None:
    """All, the only one, or some."""
    assert of_all(number, total) == text


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [
        (0.0, 0.001, "less than 0.1 %"),
        (0.0, 0.0011, "0.0 to 0.1 %"),
        (0.999, 1.0, "more than 99.9 %"),
        (0.9989, 1.0, "99.9 to 100.0 %"),
        (0.004, 0.0312, "0.4 to 3.1 %"),
        (0.52, 0.523, "52 %"),
        (0.1, 0.9, "10 to 90 %"),
        (0.1, 0.91, "10.0 to 91.0 %"),
        (0.09, 0.5, "9.0 to 50.0 %"),
        (0.001, 0.02496, "0.100 to 2.496 %"),
        (0.9751, 0.98, "97.51 to 98.00 %"),
        (0.025, 0.03, "2.5 to 3.0 %"),
    ],
)
def test_how_sure_something_is(least: float, most: float, text: str) -> None:
    """A digit more near either end, and no certainty beyond a thousandth."""
    assert sureness(least, most) == text


def test_problems_that_count_in_no_score() -> None:
    """Each with its reason."""
    assert excluded_sentences({"A/1": "its reference fails"}) == [
        "A/1 counts in no score: its reference fails."
    ]
    assert excluded_sentences({}) == []
    assert (percents(0.756), percents(1.0)) == ("76 %", "100 %")


def test_modules_that_programs_asked_for_in_vain_are_named() -> None:
    """With how many samples stopped at each, and in all; nothing where none did."""
    assert missing_module_sentences({"numpy": 1200, "sympy": 1}) == [
        "1,201 samples stopped at importing what programs do not have here: numpy (1,200) and sympy (1)."
    ]
    assert missing_module_sentences({"a": 1})[0].startswith("1 sample stopped at importing")
    assert missing_module_sentences({}) == []


def test_a_margin_that_proves_nothing_is_told_with_what_would() -> None:
    """A baseline of 40 %, of which a quarter may be lost; one of 5 %, which is less than the margin."""
    told = too_weak(0.4, 0.1, 0.2)
    assert "solves only 40.0 %" in told
    assert "a model that loses 25 % of that would be inside the allowed 10 points" in told
    assert "take a margin of no more than 8 points, or problems of which" in told
    assert "solves nothing at all" in too_weak(0.05, 0.05, 0.2)
    assert "take a margin of no more than 1.5 points, or" in too_weak(0.077, 0.05, 0.2)
    assert "no more than 19.9 points, or" in too_weak(0.7996, 0.3, 0.25), "rounded down"
    assert "take problems of which" in too_weak(0.004, 0.05, 0.2)


@pytest.mark.parametrize(
    ("passed", "total", "told"),
    [
        (0, 1, "the only sample failed"),
        (1, 1, "the only sample passed"),
        (0, 10, "0 of 10 samples passed"),
        (1_000, 2_000, "1,000 of 2,000 samples passed"),
    ],
)
def test_how_samples_fared(passed, total, told):
    """One alone is not counted."""
    assert passes(passed, total) == told
