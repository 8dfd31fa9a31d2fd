"""The one sentence, or two, that explains a target's verdict wherever it is shown."""

from collections.abc import Iterator

from evalsite.stats.decision import LARGEST_SHARE, Decision, decide
from evalsite.stats.intervals import Interval
from evalsite.stats.targets.measure import Measured
from evalsite.stats.targets.metrics import Metric
from evalsite.stats.targets.schema import Target
from evalsite.words.limits import DIGITS, FINE_DIGITS, digits_beside, outward
from evalsite.words.sentences import FINE, certainty, change, figure, of_all, too_weak


def limit(target: Target) -> str:
    """The threshold in words: ``above 70 %``, ``less than 10 points lost``."""
    metric = target.metric
    if target.two_sided:
        return f"less than {target.threshold:g} points lost or gained"
    return metric.means.limit.format(direction=target.direction, threshold=target.threshold, unit=metric.unit)


def verdict_sentence(target: Target, model: str, dataset: str, measured: Measured, decision: Decision) -> str:
    """What was measured, how sure that is, and what follows for the target."""
    parts = [_measured(target, model, dataset, measured), _conclusion(target, measured, decision)]
    if decision == "inconclusive" and measured.needed and not measured.hidden:
        parts.append(measured.needed.sentence)
    return " ".join(part for part in (*parts, *measured.caveats) if part)


def digits_of(metric: Metric) -> int:
    """How many digits the limits of a metric's figures have behind the point."""
    return FINE_DIGITS if metric.unit in FINE else DIGITS


def figure_digits(target: Target, value: float, interval: Interval | None) -> int:
    """How many digits a figure has: where it decides alone, as many as show on which side it lies."""
    return DIGITS if interval else digits_beside(value, target.threshold)


def nothing_yet(target: Target, model: str = "") -> str:
    """There is no run that the target could be judged by, or none of a model."""
    whose = f"of {model} " if model else ""
    where = f"on {' or '.join(target.datasets)}" if target.datasets else "on any data set"
    who = ", ".join(f"{field} {pattern}" for field, pattern in target.applies_to)
    return f"No run {whose}{where} {f'with {who} ' if who else ''}to judge yet."


def of_the_baseline(target: Target, name: str, found: Measured) -> Iterator[str]:
    """What is odd of the baseline itself: measured otherwise than stated, or not reaching the target."""
    metric, interval = target.metric, found.interval
    unit = metric.baseline_unit
    shown = figure(found.actual, unit)
    if interval:
        low, high = outward(interval.low, interval.high).texts
        shown += f" ({low} to {high} {unit} with {certainty(interval.confidence)} confidence)"
    stated = target.baseline
    told = stated is not None and figure(stated, unit) == figure(found.actual, unit)
    if stated is not None and not (interval.low <= stated <= interval.high if interval else told):
        yield f"The target states {figure(stated, unit)} for the baseline; {name} was measured at {shown}."
        shown = figure(found.actual, unit)
    if (
        not metric.means.is_relative
        and decide(found.actual, None, target.threshold, target.direction) == "missed"
    ):
        yield f"The baseline {name} itself does not reach the target ({limit(target)}): {shown}."


def missing_sentence(target: Target, cases: tuple[Measured, Measured], *, of_base: bool = False) -> str:
    """What the missing samples could make of the figure, at worst and at best.

    ``of_base``: whether the baseline lacks some, too, which count the other way round.
    """
    metric = target.metric
    worst, best = (metric.means.tell(each.actual, metric.unit) for each in cases)
    filled = "what the candidate lacks failed, what the baseline lacks passed"
    return f"At worst ({filled if of_base else 'what is missing failed'}) that makes {worst}, at best {best}."


def _measured(target: Target, model: str, dataset: str, measured: Measured) -> str:
    metric, interval = target.metric, measured.interval
    opening = _opening(target, model, dataset, measured)
    if interval is None:
        return f"{opening}; no interval can be given for it."
    limits = outward(interval.low, interval.high, [target.threshold], digits_of(metric))
    low, high = limits.texts[0], f"{limits.texts[1]} {metric.unit}"
    if told := metric.means.told:
        low, high = (told(end, limits.digits) for end in (limits.low, limits.high))
    sure = certainty(interval.confidence)
    return f"{opening}; with {sure} confidence the truth lies between {low} and {high}."


def _opening(target: Target, model: str, dataset: str, measured: Measured) -> str:
    """What was measured, as the kind of metric says it."""
    metric, means = target.metric, target.metric.means
    digits = figure_digits(target, measured.actual, measured.interval)
    words = {
        "label": metric.label,
        "score": metric.score,
        "model": model,
        "dataset": dataset,
        "actual": figure(measured.actual, metric.unit, digits),
    }
    if measured.base is None or measured.candidate is None:
        return means.alone.format(**words)
    words["told"] = means.tell(measured.actual, metric.unit, digits)
    words["where"] = f"{of_all(measured.num_problems, measured.total_problems)} of {dataset}"
    theirs, own = measured.base, measured.candidate
    if measured.since:
        words |= {"since": measured.since, "own": change(own / 100), "theirs": change(theirs / 100)}
        return means.since.format(**words)
    base, candidate = (figure(each, metric.baseline_unit) for each in (theirs, own))
    return means.against.format(base=base, candidate=candidate, **words)


def _conclusion(target: Target, measured: Measured, decision: Decision) -> str:
    wanted = limit(target)
    if decision == "vacuous" and measured.base is not None:
        if measured.since:
            allowed = f"the allowed {target.threshold:g} points"
            return f"One of the models scores too little for a loss of {allowed} to show (vacuous)."
        return too_weak(measured.base / 100, target.threshold / 100, LARGEST_SHARE)
    if measured.interval is None:
        return f"By the figure alone, the target ({wanted}) is {decision}."
    if measured.hidden:
        hides = "but the samples that are missing could hide a miss, so these data cannot tell"
        return f"All of that meets the target ({wanted}), {hides}."
    if decision == "met":
        return f"All of that meets the target ({wanted})."
    if decision == "missed":
        return f"All of that misses the target ({wanted})."
    return f"That reaches to both sides of the target ({wanted}), so these data cannot tell."
