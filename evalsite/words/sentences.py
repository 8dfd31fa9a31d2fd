"""Figures as words, for the sentences that this package makes."""

from collections.abc import Sequence

SHOWN_NAMES = 5


def percent(share: float) -> str:
    """0.756 -> ``75.6 %``."""
    return f"{100 * share:.1f} %"


def points(difference: float, digits: int = 1) -> str:
    """0.034 or -0.034 -> ``3.4 points``; the direction is the sentence's to tell."""
    text = f"{abs(100 * difference):.{digits}f}"
    return f"{text} point" if text == "1.0" else f"{text} points"


def probability(p_value: float) -> str:
    """A p-value as readers of papers expect it: ``p = 0.039``, ``p < 0.001``."""
    if p_value < 0.001:
        return "p < 0.001"
    return f"p = {p_value:.3f}" if p_value < 0.1 else f"p = {p_value:.2f}"


def certainty(confidence: float) -> str:
    """An interval's confidence, 0.95 -> ``95 %``."""
    return f"{100 * confidence:g} %"


def change(difference: float, digits: int = 1) -> str:
    """A change of a share as ``3.4 points lost``, ``1.0 point gained`` or ``no change``."""
    if float(f"{100 * difference:.{digits}f}") == 0.0:
        return "no change"
    return f"{points(difference, digits)} {'lost' if difference < 0 else 'gained'}"


def names(items: Sequence[str]) -> str:
    """The first few of a list, and how many more there are: ``A, B and 3 more``."""
    if len(items) <= 1:
        return "".join(items)
    shown, hidden = list(items[:SHOWN_NAMES]), len(items) - SHOWN_NAMES
    last = f"{hidden} more" if hidden > 0 else shown.pop()
    return f"{', '.join(shown)} and {last}"


def count(number: int, noun: str) -> str:
    """``1 problem``, ``1,640 problems``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def of_all(number: int, total: int) -> str:
    """How many problems are spoken of, and of how many: ``all 164 problems``, ``10 of 164 problems``."""
    if number < total:
        return f"{number:,} of {count(total, 'problem')}"
    return "the only problem" if total == 1 else f"all {count(total, 'problem')}"


def more_problems(enough: int, now: int) -> str:
    """What it takes to settle a question by more problems: the formula's number, where it is above ``now``.

    The formula knows no margin for what was never seen, which the intervals keep, and so may promise that
    the problems at hand are enough.
    """
    if enough <= now:
        return "some more problems of this kind"
    return f"about {count(enough, 'problem')} of this kind instead of {now:,}"


def hollow(base: float, margin: float) -> str:
    """A warning where nothing could be lost beyond the margin; both in [0, 1]. Else an empty string."""
    if base > margin:
        return ""
    return (
        f"Mind that the baseline itself solves only {percent(base)}: a model that solves nothing at all "
        f"would be inside the allowed {100 * margin:g} points, too."
    )
