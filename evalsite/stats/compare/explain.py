"""The sentences of a comparison, in words for somebody who knows no statistics."""

from collections.abc import Container, Mapping, Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare.evidence import Excess
from evalsite.stats.compare.numbers import Comparison, Difference
from evalsite.stats.compare.pooled import Pooled
from evalsite.stats.compare.posterior import BEFOREHAND
from evalsite.stats.compare.recovery import Recovery
from evalsite.stats.decision import LARGEST_SHARE, Decided, Decision
from evalsite.words.limits import outward
from evalsite.words.sentences import (
    at_least,
    certainty,
    change,
    count,
    figure,
    names,
    narrowed,
    percent,
    percents,
    points,
    probability,
    spread,
    sureness,
    too_weak,
)

Moved = Difference | Pooled
Verdict = tuple[Decided, float]
"""What the figures say, and of which margin."""

HIDES = "The samples at hand would do, but those that are missing could hide more."
"""Why nothing is concluded although what is there would say "met"."""
HARDLY_KNOWN = 0.5
"""Between its limits, from which on a share is given by these alone."""
MORE = 10
"""Times the samples, or the problems, for which it is said how much narrower the interval would be."""


def verdict(moved: Moved, decided: Verdict, where: str, models: tuple[str, str], pending: str = "") -> str:
    """What to conclude about the allowed loss.

    ``where``: the problems, as :func:`of_all` tells them; ``models``: names of baseline and candidate;
    ``pending``: why nothing can be concluded, as a sentence, if so.
    """
    figures, margin = decided
    opening = went(moved, where, models)
    limits = outward(100 * moved.interval.low, 100 * moved.interval.high, [-100 * margin])
    low, high, digits = limits.low / 100, limits.high / 100, limits.digits
    sure, allowed = certainty(moved.interval.confidence), f"{100 * margin:g} points"
    between = (
        f"The truth may lie anywhere between {change(low, digits)} and {change(high, digits)} "
        f"({sure} confidence)"
    )
    if pending:
        return f"{opening} {pending} So nothing is decided about the allowed {allowed}."
    if figures == "met":
        worst = "nothing was lost" if low >= 0 else f"it lost no more than {points(low, digits)}"
        return f"{opening} With {sure} confidence {worst}, which is inside the allowed {allowed}."
    if figures == "vacuous":
        return f"{opening} {between}. {too_weak(moved.base, margin, LARGEST_SHARE)}"
    if figures == "missed":
        return (
            f"{opening} With {sure} confidence it lost at least {points(high, digits)}, "
            f"which is more than the allowed {allowed}."
        )
    return f"{opening} {between}, so these data cannot tell whether the loss is inside the allowed {allowed}."


def went(moved: Moved, where: str, models: tuple[str, str]) -> str:
    """From which score to which; arguments as for :func:`verdict`."""
    base, candidate = models
    told = f"from {percent(moved.base)} ({base}) to {percent(moved.candidate)} ({candidate})"
    return f"On {where}, pass@1 went {told}: {change(moved.value)}."


def excess(found: Excess, margin: float) -> str:
    """How sure it is that more was lost than is allowed."""
    sure = sureness(found.least, found.most)
    return f"Confidence that more than the allowed {100 * margin:g} points were lost: {sure}."


def recovery(found: Recovery) -> str:
    """How much of the baseline's score is kept."""
    low, high = outward(100 * found.interval.low, 100 * found.interval.high).texts
    between = f"{low} to {high} % with {certainty(found.interval.confidence)} confidence"
    return f"Recovery {percent(found.value)} ({between}) of the baseline's pass@1."


def probability_of_loss(chance: float, margin: float) -> str:
    """The same by a Bayesian model, with what it takes for granted."""
    return (
        f"By a Bayesian model ({BEFOREHAND}) the chance that more than {100 * margin:g} points were lost is "
        f"{sureness(chance, chance)}."
    )


def unchanged(kept: int, used: int) -> str:
    """How many problems did not change at all."""
    return f"{kept:,} of {count(used, 'problem')} kept their share of passes exactly."


def difference(main: Moved) -> str:
    """Whether there is a difference at all."""
    told = f"{main.test}, {probability(main.p_value)}"
    if main.num_tests > 1:
        told += f"; {probability(main.p_adjusted)} after correction for {main.num_tests} candidates"
    limit = 1 - main.interval.confidence
    if main.p_adjusted < limit:
        return f"The difference is more than chance explains ({told})."
    if main.p_value < limit:
        return f"More than chance explains for one candidate alone, but not among so many ({told})."
    return f"Two equally good models would often differ by as much: no difference is shown ({told})."


def noise(numbers: Comparison) -> str:
    """Where the uncertainty comes from, and how far more samples or more problems would reduce it."""
    share, limits = numbers.noise.prediction_share, numbers.noise.share_range()
    if numbers.noise.prediction is None:
        return (
            "With a single answer to a problem, luck in the answers cannot be told apart from real "
            "differences between problems; two or more samples of each would show it."
        )
    if share is None or limits is None:
        return ""
    narrower = (narrowed(MORE, limit) for limit in limits)
    return (
        f"{_by_luck(share, limits)}: {MORE} times the samples would make the interval {spread(*narrower)} "
        f"narrower, {MORE} times the problems {spread(*[narrowed(MORE, 1.0)] * 2)}."
    )


def _by_luck(share: float, limits: tuple[float, float]) -> str:
    """The share of luck in the uncertainty, in a careful word where it is hardly known."""
    if limits[1] - limits[0] > HARDLY_KNOWN:
        return (
            f"Anything from {spread(*limits)} of the uncertainty may be luck in the answers, the rest is the "
            "choice of problems"
        )
    known = f"About {percents(share)} of the uncertainty ({spread(*limits)})"
    return f"{known} is luck in the answers, the rest the choice of problems"


def power(main: Difference) -> str:
    """What the data could have shown."""
    if main.detectable is None:
        return (
            "Not even the loss of all that the baseline solves would show up in data like these in four "
            "cases of five."
        )
    loss = f"A true loss of {at_least(main.detectable)} or more"
    if main.detectable_evenly is not None:
        loss = (
            f"A true loss of {at_least(main.detectable_evenly)} spread evenly over the problems, or of "
            f"{at_least(main.detectable)} as problems lost outright,"
        )
    return (
        f"{loss} would have shown up in data like these in four cases of five; a smaller one can easily hide."
    )


def samples(base: LoadedRun, candidate: LoadedRun) -> str:
    """Unequal numbers of samples; nothing where both runs have the same."""
    if base.run.num_samples == candidate.run.num_samples:
        return ""
    told = [
        f"the {name} has {count(run.run.num_samples, 'sample')} of each problem"
        for name, run in (("baseline", base), ("candidate", candidate))
    ]
    return f"Unequal samples: {' and '.join(told)}; pass@k is estimated without bias from either."


def beside(what: str, numbers: Comparison, decision: Decision) -> str:
    """Say what became of another share than that of passes, and whether more was lost than is allowed."""
    main = numbers.main
    limits = outward(100 * main.interval.low, 100 * main.interval.high, [-100 * numbers.margin])
    low, high = (change(end / 100, limits.digits) for end in (limits.low, limits.high))
    went = f"{percent(main.base)} to {percent(main.candidate)}, {change(main.value)} ({low} to {high})"
    allowed = figure(100 * numbers.margin, "points")
    return f"{what}: {went}; that no more than {allowed} were lost is {decision}."


def left_out(tasks: Sequence[str], excluded: Container[str] = ()) -> str:
    """The problems that only one of the runs can answer for; excluded ones are told elsewhere."""
    lacking = [task for task in tasks if task not in excluded]
    if not lacking:
        return ""
    were = "was" if len(lacking) == 1 else "were"
    return (
        f"{count(len(lacking), 'problem')} without samples in both runs {were} left out ({names(lacking)})."
    )


def excluded(reasons: Mapping[str, str], total: int) -> str:
    """How many problems count in no score, which, and why the first of them; ``reasons``: problem -> why."""
    if not reasons:
        return ""
    first, why = next(iter(reasons.items()))
    told = f"{first}: {why}" if len(reasons) == 1 else f"{names(list(reasons))}; {first}: {why}"
    return f"Excluded: {len(reasons):,} of {count(total, 'problem')} ({told})."
