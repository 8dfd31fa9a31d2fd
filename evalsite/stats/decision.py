"""Met, missed, inconclusive or pending: decided here, and nowhere else.

Targets, comparisons, reports and pages carry what this module says; what shows it decides nothing.
"""

from collections.abc import Iterable
from typing import Literal

from evalsite.stats.intervals import Interval

Decided = Literal["met", "missed", "inconclusive"]
Decision = Literal["met", "missed", "inconclusive", "pending"]
Direction = Literal["above", "below"]
"""The side of a threshold on which a figure is good."""

WORST_FIRST: tuple[Decision, ...] = ("missed", "inconclusive", "pending", "met")


def decide(
    value: float, interval: Interval | None, threshold: float, direction: Direction = "above"
) -> Decided:
    """Decide by where the interval lies against the threshold, or by the figure where there is none.

    All of it on the good side is ``met``, all of it on the other ``missed``, else the data cannot tell. All
    in one unit. A loss that may not exceed a margin is a change that must stay above ``-margin``: at 95 %
    confidence, "met" is then a one-sided non-inferiority test at 2.5 %. A figure without an interval that
    lies exactly on the threshold is ``missed``.
    """
    low, high = (interval.low, interval.high) if interval else (value, value)
    if direction == "below":
        low, high, threshold = -high, -low, -threshold
    if low > threshold:
        return "met"
    return "missed" if high < threshold or interval is None else "inconclusive"


def worst(decisions: Iterable[Decision]) -> Decision:
    """The worst of several decisions; ``pending`` where there is none."""
    found = set(decisions)
    return next((decision for decision in WORST_FIRST if decision in found), "pending")
