"""What a target measures of one run, and when there is nothing to measure yet."""

from typing import Any

import pytest

from evalsite.stats.compare import compare, compare_runs
from evalsite.stats.targets import Targets, judge
from evalsite.stats.targets.measure import Measured, Unmeasured, measure
from evalsite.stats.targets.metrics import parse_metric
from evalsite.stats.targets.schema import Target
from tests.make import loaded_run


def target(metric: str, **changes: Any) -> Target:
    fields = {"threshold": 10, "direction": "below", **changes}
    return Target(name="x", metric=parse_metric(metric), **fields)


def test_a_degradation_needs_enough_samples_of_every_problem() -> None:
    """What has too few is no problem to leave out: it may be the one that broke."""
    base = loaded_run([2] * 3 + [9] * 37, [2] * 3 + [10] * 37, model="fp8")
    cand = loaded_run([5] * 40, 10)
    for runs in ((cand, base), (base, cand)):
        found = measure(target("degradation@5"), *runs)
        assert isinstance(found, Unmeasured)
        assert found.reason.startswith(
            "pass@5 needs 5 samples of every problem; in 2026-11-22T16-54-00Z--fp8"
        )
    measured = measure(target("degradation"), cand, base)
    assert isinstance(measured, Measured)
    expected = compare(base.n, base.c, cand.n, cand.c, ks=[1]).main
    assert (measured.num_problems, measured.interval) == (40, expected.interval.scaled(-100))


@pytest.mark.parametrize(("lacking", "decision"), [(1, "met"), (60, "inconclusive")])
def test_met_needs_the_worst_case_of_what_is_missing(lacking: int, decision: str) -> None:
    """As in a comparison: an interval of the samples at hand is no evidence of those that are not."""
    base = loaded_run([10] * 100, 10, model="fp8")
    run = loaded_run([10] * 100, 10, missing=[4] * lacking + [0] * (100 - lacking))
    (result,) = judge(Targets((target("degradation"),), "test"), [run], {run.id: base})
    assert result.decision == compare_runs(base, run).decision == decision
    assert "At worst (what is missing failed) that makes" in result.sentence
    hides = "the samples that are missing could hide a miss, so these data cannot tell"
    assert (hides in result.sentence) == (decision == "inconclusive")


def test_what_the_baseline_lacks_counts_as_well() -> None:
    """At worst it passed."""
    base = loaded_run([10] * 50 + [0] * 50, 10, model="fp8", missing=[3] * 100)
    run = loaded_run([10] * 50 + [0] * 50, 10)
    (result,) = judge(Targets((target("degradation"),), "test"), [run], {run.id: base})
    assert "At worst (what is missing failed) that makes" in result.sentence


@pytest.mark.parametrize(
    ("metric", "limits"),
    [("pass@1", {"direction": "above", "threshold": 80}), ("error_share", {"threshold": 20})],
)
@pytest.mark.parametrize(("lacking", "decision"), [(0, "met"), (4, "inconclusive")])
def test_so_it_is_of_targets_without_a_baseline(
    metric: str, limits: dict[str, Any], lacking: int, decision: str
) -> None:
    """A score of the samples that there are, and a share of failures."""
    run = loaded_run([10] * 100, 10, missing=[lacking] * 100)
    (result,) = judge(Targets((target(metric, **limits),), "test"), [run])
    assert result.decision == decision


def test_a_baseline_run_that_is_not_there_is_no_figure() -> None:
    """A slip in the name is told, and nothing is judged by the figure that stands beside it."""
    run = loaded_run([10] * 20, 10)
    rows = (target("degradation", baseline=50.0, baseline_run="typo"),)
    (result,) = judge(Targets(rows, "test"), [run])
    assert result.decision == "pending"
    assert "names typo as its baseline_run, and no run on humaneval is or answers to that" in result.sentence
