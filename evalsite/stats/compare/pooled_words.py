"""The verdict over several data sets in words, by what was asked."""

from evalsite.stats.compare import explain
from evalsite.stats.compare.evidence import Excess
from evalsite.stats.compare.pooled import Pooled
from evalsite.stats.decision import LARGEST_SHARE, Decided
from evalsite.words.limits import outward
from evalsite.words.sentences import certainty, change, percent, points, sureness, too_weak


def verdict(numbers: Pooled, where: str, models: tuple[str, str], pending: str = "") -> str:
    """What to conclude; arguments as for :func:`evalsite.stats.compare.explain.verdict`."""
    question, figures = numbers.question, numbers.by_figures
    if question.way == "margin":
        return explain.verdict(numbers, (figures, numbers.margin), where, models, pending)
    opening = explain.went(numbers, where, models)
    if pending:
        return f"{opening} {pending} So nothing is decided about {question.words}."
    if question.way == "share":
        return f"{opening} {_kept(numbers, figures)}"
    return f"{opening} {_alike(numbers, figures)}"


def excess(numbers: Pooled, found: Excess) -> str:
    """How sure it is that more was lost than is allowed, or less kept."""
    if numbers.question.way != "share":
        return explain.excess(found, numbers.margin)
    sure = sureness(found.least, found.most)
    return f"Confidence that less than {100 * numbers.question.limit:g} % of the score is kept: {sure}."


def _kept(numbers: Pooled, figures: Decided) -> str:
    found, wanted = numbers.recovery, 100 * numbers.question.limit
    if found is None:
        return "The baseline solves nothing that could be kept."
    limits = outward(100 * found.interval.low, 100 * found.interval.high, [wanted])
    low, high = limits.texts
    sure = certainty(found.interval.confidence)
    told = f"Of the baseline's score {percent(found.value)} is kept"
    if figures == "met":
        return f"{told}; with {sure} confidence at least {low} %, which is more than the {wanted:g} % wanted."
    if figures == "missed":
        return f"{told}; with {sure} confidence at most {high} %, which is less than the {wanted:g} % wanted."
    return (
        f"{told}; the truth may lie anywhere between {low} and {high} % ({sure} confidence), so these data "
        f"cannot tell whether {wanted:g} % are kept."
    )


def _alike(numbers: Pooled, figures: Decided) -> str:
    margin, interval = numbers.margin, numbers.interval
    limits = outward(100 * interval.low, 100 * interval.high, [-100 * margin, 100 * margin])
    low, high = (change(end / 100, limits.digits) for end in (limits.low, limits.high))
    sure = certainty(interval.confidence)
    between = f"The truth may lie anywhere between {low} and {high} ({sure} confidence)"
    if figures == "vacuous":
        return f"{between}. {too_weak(numbers.base, margin, LARGEST_SHARE)}"
    if figures == "missed":
        nearest = limits.high if interval.high < 0 else limits.low
        moved = "lost" if interval.high < 0 else "gained"
        least = points(nearest / 100, limits.digits)
        return f"With {sure} confidence it {moved} at least {least}, which is more than {_allowed(numbers)}."
    if figures == "met":
        return f"{between}: no further than {_allowed(numbers)} to either side."
    return f"{between}, so these data cannot tell whether the two differ by no more than {_allowed(numbers)}."


def _allowed(numbers: Pooled) -> str:
    return f"the allowed {100 * numbers.margin:g} points"
