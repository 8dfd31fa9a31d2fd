"""The sentences of a comparison, in words for somebody who knows no statistics."""

from collections.abc import Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare.numbers import Comparison, Difference
from evalsite.words.limits import outward
from evalsite.words.sentences import (
    certainty,
    change,
    count,
    hollow,
    more_problems,
    names,
    of_all,
    percent,
    points,
    probability,
)

OUT_OF_REACH = 100
"""From this many times the problems at hand on, a figure for them would only pretend to help."""


def verdict(numbers: Comparison, models: tuple[str, str], total: int, pending: str = "") -> str:
    """What to conclude about the allowed loss.

    ``models``: names of baseline and candidate; ``total``: problems of the data set; ``pending``: why nothing
    can be concluded, as a sentence, if so.
    """
    main = numbers.main
    base, candidate = models
    moved = f"from {percent(main.base)} ({base}) to {percent(main.candidate)} ({candidate})"
    opening = f"On {of_all(numbers.num_problems, total)}, pass@1 went {moved}: {change(main.value)}."
    limits = outward(100 * main.interval.low, 100 * main.interval.high, [-100 * numbers.margin])
    low, high, digits = limits.low / 100, limits.high / 100, limits.digits
    sure, allowed = certainty(main.interval.confidence), f"{100 * numbers.margin:g} points"
    if pending:
        return f"{opening} {pending} So nothing is decided about the allowed {allowed}."
    if numbers.by_figures == "met":
        worst = "nothing was lost" if low >= 0 else f"it lost no more than {points(low, digits)}"
        conclusion = f"{opening} With {sure} confidence {worst}, which is inside the allowed {allowed}."
        return f"{conclusion} {hollow(main.base, numbers.margin)}".rstrip()
    if numbers.by_figures == "missed":
        return (
            f"{opening} With {sure} confidence it lost at least {points(high, digits)}, "
            f"which is more than the allowed {allowed}."
        )
    return (
        f"{opening} The truth may lie anywhere between {change(low, digits)} and {change(high, digits)} "
        f"({sure} confidence), so these data cannot tell whether the loss is inside the allowed {allowed}."
    )


def difference(main: Difference) -> str:
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
    """Where the uncertainty comes from, and so what would reduce it."""
    share = numbers.noise.prediction_share
    if numbers.noise.prediction is None:
        return (
            "With a single answer to a problem, luck in the answers cannot be told apart from real "
            "differences between problems; two or more samples of each would show it."
        )
    if share is None:
        return ""
    opening = f"About {100 * share:.0f} % of the uncertainty is luck in the answers"
    if share >= 0.5:
        return f"{opening}, the rest the choice of problems: more samples of each problem would help most."
    return f"{opening}, the rest the choice of problems: more samples would help little, more problems would."


def power(main: Difference) -> str:
    """What the data could have shown."""
    return (
        f"A true difference of {points(main.detectable)} or more would have shown up in data like these "
        "in four cases of five; a smaller one can easily hide."
    )


def needed(numbers: Comparison) -> str:
    """What it would take to settle an inconclusive comparison, if the truth is near what was seen."""
    samples, problems, now = numbers.needed.samples, numbers.needed.problems, numbers.num_samples
    if problems is None or problems > OUT_OF_REACH * numbers.num_problems:
        return (
            "The loss seen lies so close to the allowed one that no amount of data in reach would settle it."
        )
    others = more_problems(problems, numbers.num_problems)
    if samples is not None and samples > now:
        return f"To settle it takes about {samples:,} samples of each problem (now {now:,}), or {others}."
    if numbers.noise.prediction is None:
        return f"To settle it takes {others}; how far more samples would go, one sample cannot tell."
    return f"No number of samples of these problems would settle it; {others} would."


def samples(base: LoadedRun, candidate: LoadedRun) -> str:
    """Unequal numbers of samples; nothing where both runs have the same."""
    if base.run.num_samples == candidate.run.num_samples:
        return ""
    told = [
        f"the {name} has {count(run.run.num_samples, 'sample')} of each problem"
        for name, run in (("baseline", base), ("candidate", candidate))
    ]
    return f"Unequal samples: {' and '.join(told)}; pass@k is estimated without bias from either."


def hidden_loss(numbers: Comparison, models: tuple[str, str], total: int) -> str:
    """Why nothing is concluded although the samples at hand would say "met"."""
    return verdict(
        numbers, models, total, "The samples at hand would do, but those that are missing could hide more."
    )


def left_out(tasks: Sequence[str]) -> str:
    """The problems that only one of the runs can answer for."""
    if not tasks:
        return ""
    return f"{count(len(tasks), 'problem')} without samples in both runs were left out ({names(tasks)})."


def nothing_in_common(base: str, candidate: str) -> str:
    """There is nothing to compare."""
    return f"{base} and {candidate} have no problem in common that both have samples of: nothing to compare."
