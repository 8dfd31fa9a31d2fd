"""Targets about calls of tools: accuracy, schema, agreement on when to call, and the loss of each."""

from dataclasses import replace

import pytest

from evalsite.stats.targets import Targets, judge
from evalsite.stats.targets.measure import Measured, Unmeasured, measure
from evalsite.stats.targets.metrics import CALLS, parse_metric
from tests.make import loaded_run
from tests.stats.compare.test_calls import BROKEN, CALL, NONE, run_with
from tests.stats.targets.helpers import about

BASE = run_with([CALL] * 90 + [NONE] * 10, model="base", passes=[1] * 90 + [0] * 10)
CANDIDATE = run_with([CALL] * 72 + [BROKEN] * 9 + [NONE] * 19, passes=[1] * 72 + [0] * 28)


@pytest.mark.parametrize(
    ("metric", "actual", "unit", "problems"),
    [
        ("call.accuracy", 72.0, "%", 100),
        ("call.schema", 100 * 72 / 81, "%", 81),
        ("call.trigger_f1", 100 * 162 / 171, "%", 100),
        ("degradation.call.accuracy", 18.0, "points", 100),
        ("degradation.call.schema", 100 * 9 / 81, "points", 81),
        ("degradation.call.trigger_f1", 100 - 100 * 162 / 171, "points", 100),
    ],
)
def test_figures_of_calls_are_measured_with_intervals(metric, actual, unit, problems):
    """In percent, or in points lost, which are positive."""
    found = measure(about(metric), CANDIDATE, BASE)
    assert isinstance(found, Measured)
    assert found.actual == pytest.approx(actual)
    assert found.interval.low < found.actual < found.interval.high
    assert (parse_metric(metric).unit, found.num_problems) == (unit, problems)


@pytest.mark.parametrize(
    "name", [*(f"call.{each}" for each in CALLS), *(f"degradation.call.{each}" for each in CALLS)]
)
def test_runs_without_calls_have_no_such_figure(name):
    """And say so, instead of being measured by their programs."""
    plain = loaded_run([1] * 5, 1)
    found = measure(about(name), plain, loaded_run([1] * 5, 1, model="base"))
    assert isinstance(found, Unmeasured)
    assert "no problem that wants calls of tools" in found.reason


def test_agreement_needs_a_baseline():
    """There is nobody to agree with."""
    found = measure(about("call.trigger_f1"), CANDIDATE, None)
    assert isinstance(found, Unmeasured)
    assert "No baseline run" in found.reason


def test_a_target_about_calls_is_judged_in_a_sentence():
    """Which names what was lost, and does not speak of pass@1."""
    target = replace(about("degradation.call.schema"), threshold=5.0)
    results = judge(Targets((target,), "x"), [BASE, CANDIDATE], {CANDIDATE.id: BASE})
    (result,) = (each for each in results if each.run is CANDIDATE)
    assert result.decision in ("missed", "inconclusive")
    assert "share of calls that fit their schema of candidate on 81" in result.sentence
    assert "11.1 points lost (100.0 % to 88.9 %)" in result.sentence


@pytest.mark.parametrize("name", ["call.f1", "degradation.call.", "degradation.schema", "call@2"])
def test_other_names_are_refused_with_those_there_are(name):
    """As for every metric."""
    with pytest.raises(ValueError, match=r"call\.|no such metric|only pass"):
        parse_metric(name)
