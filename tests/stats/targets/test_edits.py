"""Targets about edits: whether they can be read, apply, and pass at the first turn, and the loss of each."""

import pytest

from evalsite.stats.targets import Targets, judge
from evalsite.stats.targets.measure import Measured, Unmeasured, measure
from evalsite.stats.targets.metrics import EDITS, parse_metric
from tests.make import loaded_run
from tests.stats.compare.test_edits import BASE, CANDIDATE, RIGHT, changed, run_with_edits
from tests.stats.targets.helpers import about


@pytest.mark.parametrize(
    ("metric", "actual", "unit"),
    [
        ("edit.well_formed", 80.0, "%"),
        ("edit.applied", 70.0, "%"),
        ("edit.first", 50.0, "%"),
        ("degradation.edit.well_formed", 20.0, "points"),
        ("degradation.edit.applied", 30.0, "points"),
        ("degradation.edit.first", 30.0, "points"),
    ],
)
def test_figures_of_edits_are_measured_with_intervals(metric, actual, unit):
    """In percent, or in points lost, which are positive."""
    found = measure(about(metric), CANDIDATE, BASE)
    assert isinstance(found, Measured)
    assert found.actual == pytest.approx(actual)
    assert found.interval.low < found.actual < found.interval.high
    assert (parse_metric(metric).unit, found.num_problems) == (unit, 100)


@pytest.mark.parametrize("name", [f"{lost}edit.{each}" for each in EDITS for lost in ("", "degradation.")])
def test_runs_without_edits_have_no_such_figure(name):
    """And say so, instead of being measured by their programs."""
    found = measure(about(name), loaded_run([1] * 5, 1), loaded_run([1] * 5, 1, model="base"))
    assert isinstance(found, Unmeasured)
    assert "no answers that were to be edits" in found.reason


def test_a_first_turn_is_one_of_several():
    """Else it is pass@1."""
    found = measure(about("edit.first"), run_with_edits([RIGHT] * 5, turns=1), None)
    assert isinstance(found, Unmeasured)
    assert "pass@1" in found.reason


@pytest.mark.parametrize("name", ["edit.nothing", "degradation.edit.", "degradation.edit"])
def test_another_figure_is_told_with_those_that_there_are(name):
    """By their whole names."""
    with pytest.raises(ValueError, match=r"of edits there are edit\.well_formed, edit\.applied, edit\.first"):
        parse_metric(name)


@pytest.mark.parametrize(("lacking", "decision"), [(0, "met"), (1, "inconclusive")])
def test_what_is_missing_could_hide_a_miss(lacking, decision):
    """Of edits no worst case is measured, so none is met while samples are missing."""
    run = changed(run_with_edits([RIGHT] * 100), missing=lacking)
    asked = about("edit.applied", direction="above", threshold=80)
    (result,) = judge(Targets((asked,), "test"), [run])
    assert result.decision == decision
    hides = "but the samples that are missing could hide a miss"
    assert (hides in result.sentence) is bool(lacking)
