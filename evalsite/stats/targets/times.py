"""Times of a run against a target, as they are and against the baseline's own; problems are the unit."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.times import why_untimed
from evalsite.rundir.schema import Distribution
from evalsite.stats.intervals import Interval
from evalsite.stats.quantiles import student_quantile
from evalsite.stats.targets.measured import BY_A_FIGURE, Measured, Unmeasured, no_baseline, unlike
from evalsite.stats.targets.schema import Target

TIME_METHOD = "Student's t over problems"
RATIO_METHOD = "Welch's t of the logarithm of a ratio, over problems"


def measure_time(target: Target, run: LoadedRun, _: LoadedRun | None) -> Measured | Unmeasured:
    """Return a time in milliseconds: a mean with its interval, a median or a percentile without."""
    times = _times(target, run)
    if times is None:
        return _untimed(target, run)
    if _is_of_one(times):
        return _of_one(target, run)
    caveats = _partly_timed(run) if target.metric.field == "token_s" else ()
    value = 1000 * float(getattr(times, target.metric.statistic))
    error = _error(times, run) if target.metric.statistic == "mean" else None
    if error is None:
        return Measured(value, None, caveats=caveats)
    size, freedom = error
    half = 1000 * student_quantile(0.5 + target.confidence / 2, freedom) * size
    interval = Interval(max(0.0, value - half), value + half, target.confidence, TIME_METHOD)
    return Measured(value, interval, caveats=caveats)


def _times(target: Target, run: LoadedRun) -> Distribution | None:
    found: Distribution | None = getattr(run.summary, target.metric.field)
    return found


def measure_slowdown(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    """How much more time than the baseline's, in percent; against a figure, which is taken as exact, too.

    The interval is that of the logarithm of the ratio of two means that are independent of each other
    (Welch 1947 for the degrees of freedom). Those of the same problems are not, which makes it too wide.
    """
    ours = _times(target, run)
    if ours is None:
        return _untimed(target, run)
    theirs = _times(target, base) if base else None
    if base and theirs is None:
        return _untimed(target, base)
    if theirs is None and target.baseline is None:
        return no_baseline(run)
    for each, times in ((run, ours), (base, theirs)):
        if each and times and _is_of_one(times):
            return _of_one(target, each)
    reference = theirs.mean if theirs else (target.baseline or 0.0) / 1000
    if not reference:
        return Unmeasured(f"The baseline's {target.metric.label} is 0, which nothing is a percentage of.")
    ratio = ours.mean / reference
    errors = [(ours.mean, _error(ours, run))]
    if theirs and base:
        errors.append((theirs.mean, _error(theirs, base)))
    caveats = [*_partly_timed(run), *(_timedunlike(target, base, run) if base else (BY_A_FIGURE,))]
    return Measured(
        actual=100 * (ratio - 1),
        interval=_ratio_interval(ratio, errors, target.confidence),
        candidate=1000 * ours.mean,
        base=1000 * reference,
        caveats=tuple(caveats),
    )


def _timedunlike(target: Target, base: LoadedRun, run: LoadedRun) -> Iterator[str]:
    """What else than the models may make one of two runs slower."""
    yield from _partly_timed(base)
    yield from unlike(base, run)
    streamed = [each for each in (base, run) if each.summary.first_token_s]
    if len(streamed) == 1 and target.metric.field == "token_s":
        told = "the other's time per token holds the reading of the prompt, too"
        yield f"Only {streamed[0].id} was streamed: {told}."


def _is_of_one(times: Distribution) -> bool:
    """Whether a time was measured of one problem alone, which tells nothing of others."""
    return (times.count if times.problems is None else times.problems) < 2


def _of_one(target: Target, run: LoadedRun) -> Unmeasured:
    told = f"The run {run.id} measured the {target.metric.label} of a single problem"
    return Unmeasured(f"{told}, which tells nothing of others.")


def _ratio_interval(
    ratio: float, errors: Sequence[tuple[float, tuple[float, int] | None]], confidence: float
) -> Interval | None:
    """Of a ratio of means, in percent above one; ``errors``: each mean with its error and its freedom."""
    known = [(error[0] / mean, error[1]) for mean, error in errors if error and mean > 0]
    variance = math.fsum(relative**2 for relative, _ in known)
    if len(known) < len(errors):
        return None
    fourth = math.fsum(relative**4 / freedom for relative, freedom in known)
    # One error alone has its own freedom, which rounding may leave a hair below the whole number that it is.
    freedom = int(variance**2 / fourth + 1e-6) if fourth else known[0][1]
    half = student_quantile(0.5 + confidence / 2, max(1, freedom)) * math.sqrt(variance)
    low, high = (100 * (ratio * math.exp(side * half) - 1) for side in (-1, 1))
    return Interval(low, high, confidence, RATIO_METHOD)


def measure_speed(target: Target, run: LoadedRun, _: LoadedRun | None) -> Measured | Unmeasured:
    """Return the output tokens a second of request time."""
    speed, times = run.summary.tokens_per_s, run.summary.token_s
    if speed is not None and times and _is_of_one(times):
        return _of_one(target, run)
    if speed is not None:
        return Measured(speed, None, caveats=_partly_timed(run))
    why = why_untimed(run.summary)
    return _unmeasured(target, run, why) if why else Unmeasured(f"The run {run.id} has no token counts.")


def _untimed(target: Target, run: LoadedRun) -> Unmeasured:
    """Say that a time is not known; of a time per token, why."""
    return _unmeasured(target, run, why_untimed(run.summary) if target.metric.field == "token_s" else "")


def _unmeasured(target: Target, run: LoadedRun, why: str) -> Unmeasured:
    reason = f"The run {run.id} did not measure the {target.metric.label}"
    return Unmeasured(f"{reason}: it has {why}." if why else f"{reason}.")


def _partly_timed(run: LoadedRun) -> tuple[str, ...]:
    """A caveat where some samples have no time per token."""
    why = why_untimed(run.summary)
    return (f"Left out: {why}.",) if why else ()


def _error(times: Distribution, run: LoadedRun) -> tuple[float, int] | None:
    """Standard error of a mean time and its degrees of freedom, with problems as the unit.

    Summaries that did not record it hold the spread between samples only. It is then taken to lie between
    problems entirely, which makes the interval as wide as it can be.
    """
    if times.error is not None and times.problems is not None:
        return times.error, times.problems - 1
    problems = min(times.count, int(np.count_nonzero(run.n)))
    if times.sd is None or problems < 2:
        return None
    return times.sd / math.sqrt(problems), problems - 1
