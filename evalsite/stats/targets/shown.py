"""A result's figures as tables show them, on the command line and on pages alike.

What is held against a baseline is shown as a change: a loss of points and a gain of time keep their signs.
"""

from dataclasses import dataclass

from evalsite.stats.targets.explain import digits_of, figure_digits, limit
from evalsite.stats.targets.judge import Result
from evalsite.words.cells import DASH, MINUS, signed
from evalsite.words.limits import outward
from evalsite.words.sentences import figure


@dataclass(frozen=True)
class Shown:
    """The cells of one result."""

    baseline: str
    """What was measured, why nothing is concluded from it, and what the target states where that differs."""
    target: str
    actual: str
    """``pending`` where nothing was measured."""
    interval: str
    delta: str

    @classmethod
    def of(cls, result: Result, minus: str = MINUS) -> "Shown":
        """Put a result into cells; ``minus`` is the sign of the place that they stand in."""
        return cls(
            baseline=_baseline(result),
            target=limit(result.target),
            actual=_actual(result, minus),
            interval=_interval(result, minus),
            delta=_delta(result, minus),
        )


def _baseline(result: Result) -> str:
    unit, stated = result.target.metric.baseline_unit, result.target.baseline
    measured = "" if result.baseline is None else figure(result.baseline, unit)
    told = "" if stated is None or figure(stated, unit) == measured else f"stated {figure(stated, unit)}"
    pending = f"pending: {result.baseline_pending}" if result.baseline_pending else ""
    if not measured:
        return "; ".join(filter(None, (told, pending))) or DASH
    beside = "; ".join(filter(None, (pending, told)))
    return f"{measured} ({beside})" if beside else measured


def _sign(result: Result) -> int:
    """Points lost are told as a change of the score."""
    return -1 if result.target.metric.means.is_loss else 1


def _actual(result: Result, minus: str) -> str:
    if result.actual is None:
        return "pending"
    metric = result.target.metric
    digits = figure_digits(result.target, result.actual, result.interval)
    if metric.means.is_change:
        return f"{signed(_sign(result) * result.actual, digits, minus)} {metric.unit}"
    return figure(result.actual, metric.unit, digits)


def _interval(result: Result, minus: str) -> str:
    interval, sign = result.interval, _sign(result)
    if interval is None:
        return ""
    low, high = sorted((sign * interval.low, sign * interval.high))
    limits = outward(low, high, [sign * result.target.threshold], digits_of(result.target.metric))
    if not result.target.metric.means.is_change:
        return " to ".join(limits.texts)
    return " to ".join(signed(end, limits.digits, minus) for end in (limits.low, limits.high))


def _delta(result: Result, minus: str) -> str:
    if result.delta is None:
        return DASH
    unit = result.target.metric.baseline_unit
    return f"{signed(result.delta, minus=minus)} {'points' if unit == '%' else unit}"
