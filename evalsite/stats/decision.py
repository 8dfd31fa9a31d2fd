"""Met, missed, inconclusive, vacuous or pending: decided here, and nowhere else.

Targets, comparisons, reports and pages carry what this module says; what shows it decides nothing.
"""

from collections.abc import Iterable
from typing import Literal

from evalsite.stats.intervals import Interval

Decided = Literal["met", "missed", "inconclusive", "vacuous"]
Decision = Literal["met", "missed", "inconclusive", "vacuous", "pending"]
Direction = Literal["above", "below"]
"""The side of a threshold on which a figure is good."""

WORST_FIRST: tuple[Decision, ...] = ("missed", "inconclusive", "vacuous", "pending", "met")

SEQUENTIAL = " (sequential)"
"""Behind a decision that is one look of several, wherever it is told: it would pass for an ordinary one."""

MARGIN = 0.10
"""The loss that is allowed unless a target says otherwise: 10 points."""

LARGEST_SHARE = 0.5
"""Of a baseline's score, that a margin may be: who may lose more than half is held to nothing."""


def in_words(decision: str, *, sequential: bool) -> str:
    """A decision, and whether it is one look of several."""
    return f"{decision}{SEQUENTIAL}" if sequential else decision


def is_vacuous(base: float, margin: float) -> bool:
    """Whether keeping to a margin would prove nothing, since the baseline's score is too low for it.

    Both in one unit. Wherever the score's upper limit lies below the margin, this is so all the more.
    """
    return base <= 0 or margin > LARGEST_SHARE * base * (1 + 1e-9)  # the same for shares and for points


def decide(
    value: float,
    interval: Interval | None,
    threshold: float,
    direction: Direction = "above",
    base: float | None = None,
) -> Decided:
    """Decide by where the interval lies against the threshold, or by the figure where there is none.

    All of it on the good side is ``met``, all of it on the other ``missed``, else the data cannot tell. All
    in one unit. A loss that may not exceed a margin is a change that must stay above ``-margin``: at 95 %
    confidence, "met" is then a one-sided non-inferiority test at 2.5 %. A figure without an interval that
    lies exactly on the threshold is ``missed``.

    ``base``: where the threshold is a margin, the baseline's score that it is taken from. What is not
    ``missed`` of a margin that this cannot lose is ``vacuous``, and no amount of data would make it "met".
    """
    low, high = (interval.low, interval.high) if interval else (value, value)
    if direction == "below":
        low, high, threshold = -high, -low, -threshold
    missed = high < threshold or (interval is None and low <= threshold)
    if base is not None and not missed and is_vacuous(base, abs(threshold)):
        return "vacuous"
    if low > threshold:
        return "met"
    return "missed" if missed else "inconclusive"


def unless_hidden(figures: Decided, *at_worst: Decided | None) -> Decided:
    """Return what figures say, unless samples that are missing could hide a miss.

    ``at_worst``: what they would say if all that is missing had gone a worst way; None where nothing is.
    """
    hidden = any(case not in (None, "met") for case in at_worst)
    return "inconclusive" if figures == "met" and hidden else figures


def decide_equivalence(
    value: float, interval: Interval | None, margin: float, base: float | None = None
) -> Decided:
    """Decide whether no more than ``margin`` was lost, and no more gained; arguments as for :func:`decide`.

    Both one-sided questions have to be met (two one-sided tests, Schuirmann 1987), and either misses it.
    """
    turned = interval.scaled(-1) if interval else None
    sides = (decide(value, interval, margin, "below", base), decide(-value, turned, margin, "below"))
    return next(each for each in ("missed", "vacuous", "inconclusive", "met") if each in sides)


def worst(decisions: Iterable[Decision]) -> Decision:
    """The worst of several decisions; ``pending`` where there is none."""
    found = set(decisions)
    return next((decision for decision in WORST_FIRST if decision in found), "pending")
