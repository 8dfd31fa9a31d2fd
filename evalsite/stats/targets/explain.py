"""The one sentence, or two, that explains a target's verdict wherever it is shown."""

from collections.abc import Iterator

from evalsite.stats.decision import LARGEST_SHARE, Decision, decide
from evalsite.stats.targets.measure import Measured
from evalsite.stats.targets.schema import Target
from evalsite.words.limits import DIGITS, FINE_DIGITS, outward
from evalsite.words.sentences import FINE, certainty, change, figure, of_all, pace, too_weak


def limit(target: Target) -> str:
    """The threshold in words: ``above 70 %``, ``less than 10 points lost``."""
    if target.metric.kind == "recovery":
        return f"more than {target.threshold:g} % of the baseline's kept"
    if target.two_sided:
        return f"less than {target.threshold:g} points lost or gained"
    if target.metric.kind == "degradation":
        return f"less than {target.threshold:g} points lost"
    if target.metric.kind == "slowdown":
        return f"less than {target.threshold:g} % slower"
    return f"{target.direction} {target.threshold:g} {target.metric.unit}"


def verdict_sentence(target: Target, model: str, dataset: str, measured: Measured, decision: Decision) -> str:
    """What was measured, how sure that is, and what follows for the target."""
    parts = [_measured(target, model, dataset, measured), _conclusion(target, measured, decision)]
    if decision == "inconclusive" and measured.needed and not measured.hidden:
        parts.append(measured.needed.sentence)
    return " ".join(part for part in (*parts, *measured.caveats) if part)


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
    if stated is not None and (interval is None or not interval.low <= stated <= interval.high):
        yield f"The target states {figure(stated, unit)} for the baseline; {name} was measured at {shown}."
        shown = figure(found.actual, unit)
    if not metric.is_relative and decide(found.actual, None, target.threshold, target.direction) == "missed":
        yield f"The baseline {name} itself does not reach the target ({limit(target)}): {shown}."


def missing_sentence(target: Target, worst: Measured, best: Measured) -> str:
    """What the missing samples could make of the figure."""
    unit, degradation = target.metric.unit, target.metric.kind == "degradation"
    told = [
        change(-each.actual / 100) if degradation else figure(each.actual, unit) for each in (worst, best)
    ]
    return f"At worst (what is missing failed) that makes {told[0]}, at best {told[1]}."


def _measured(target: Target, model: str, dataset: str, measured: Measured) -> str:
    metric, interval = target.metric, measured.interval
    opening = f"The {metric.label} of {model} on {dataset} is {figure(measured.actual, metric.unit)}"
    if measured.base is not None and measured.candidate is not None and metric.kind == "slowdown":
        moved = f"{figure(measured.candidate, 'ms')}, where the baseline's is {figure(measured.base, 'ms')}"
        opening = f"The {metric.label} of {model} on {dataset} is {moved}: {pace(measured.actual)}"
    elif measured.base is not None and measured.candidate is not None and metric.kind == "recovery":
        moved = f"{figure(measured.base, '%')} to {figure(measured.candidate, '%')}"
        where = f"{of_all(measured.num_problems, measured.total_problems)} of {dataset}"
        opening = f"Of {metric.score}, {model} keeps {figure(measured.actual, '%')} on {where} ({moved})"
    elif measured.since and measured.base is not None and measured.candidate is not None:
        theirs, own = (change(each / 100) for each in (measured.base, measured.candidate))
        where = f"{of_all(measured.num_problems, measured.total_problems)} of {dataset}"
        further = f"beyond the baseline's loss {change(-measured.actual / 100)}"
        moved = f"since {measured.since}: {own}, the baseline's {theirs}; {further}"
        opening = f"{metric.score} of {model} on {where} {moved}"
    elif measured.base is not None and measured.candidate is not None:
        moved = f"{figure(measured.base, '%')} to {figure(measured.candidate, '%')}"
        where = f"{of_all(measured.num_problems, measured.total_problems)} of {dataset}"
        opening = f"{metric.score} of {model} on {where}: {change(-measured.actual / 100)} ({moved})"
    elif metric.kind == "pass":
        opening = f"{metric.label} of {model} on {dataset} is {figure(measured.actual, metric.unit)}"
    if interval is None:
        return f"{opening}; no interval can be given for it."
    digits = FINE_DIGITS if metric.unit in FINE else DIGITS
    limits = outward(interval.low, interval.high, [target.threshold], digits)
    low, high = limits.texts[0], f"{limits.texts[1]} {metric.unit}"
    if metric.kind == "degradation":
        low, high = (change(-end / 100, limits.digits) for end in (limits.low, limits.high))
    elif metric.kind == "slowdown":
        low, high = (pace(end, limits.digits) for end in (limits.low, limits.high))
    sure = certainty(interval.confidence)
    return f"{opening}; with {sure} confidence the truth lies between {low} and {high}."


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
