"""What missing samples could make of a target's figure: at worst, and at best."""

from typing import Any

import pytest

from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.targets import Targets, judge
from tests.make import loaded_run
from tests.stats.targets.helpers import about as target


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
    assert "300 samples of 2026-11-22T16-54-00Z--fp8--humaneval are missing." in result.sentence
    filled = "what the candidate lacks failed, what the baseline lacks passed"
    assert f"At worst ({filled}) that makes 11.5 points lost, at best 11.5 points gained" in result.sentence


def test_what_a_baseline_lacks_is_nothing_to_a_score_of_its_own() -> None:
    """The run lacks nothing, so nothing is said of the worst."""
    base = loaded_run([10] * 100, 10, model="fp8", missing=[3] * 100)
    run = loaded_run([10] * 100, 10)
    metric = target("pass@1", direction="above", threshold=80)
    (result,) = judge(Targets((metric,), "test"), [run], {run.id: base})
    assert result.decision == "met"
    assert "At worst" not in result.sentence


def test_together_a_missing_gain_counts_where_a_gain_misses() -> None:
    """Of sameness either case may be the worst: several candidates are judged by the larger chance."""
    base = loaded_run([5] * 164, 10, model="fp8")
    run = loaded_run([5] * 164, 9, missing=1)
    whole = target("degradation", two_sided=True)
    (lacking,) = judge(Targets((whole,), "test"), [run], {run.id: base})
    gained = loaded_run([6] + [5] * 163, [10] + [9] * 163)
    (best,) = judge(Targets((whole,), "test"), [gained], {gained.id: base})
    assert lacking.chance is not None
    assert best.chance is not None
    assert lacking.chance >= best.chance


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
