"""A target's baseline: the one it states, beside the one that was measured."""

from typing import Any

import pytest

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import Dataset
from evalsite.stats.targets import judge
from evalsite.stats.targets.shown import Shown
from tests.make import loaded_run
from tests.stats.targets.helpers import against, one, only, target


def test_a_measured_baseline_stands_in_for_a_figure() -> None:
    """Without a baseline figure in the target, the baseline's run gives it."""
    base, cand = loaded_run([1] * 40 + [0] * 10, 1, model="fp8"), loaded_run([1] * 50, 1)
    result = one(judge(target('metric = "pass@1"', "above = 50"), [cand], against(base, cand)))
    assert (result.baseline, result.delta) == (pytest.approx(80.0), pytest.approx(20.0))


def weak_baseline() -> tuple[LoadedRun, LoadedRun]:
    """A baseline of 64.0 % on HumanEval's 164 problems, and a candidate of 91.5 %."""
    return (
        loaded_run([1] * 105 + [0] * 59, 1, model="fp8"),
        loaded_run([1] * 150 + [0] * 14, 1, model="ternary"),
    )


def test_a_stated_baseline_stands_beside_what_was_measured() -> None:
    """82 % was promised of a baseline that has 64 %, which does not reach the 70 % either: both are said."""
    base, run = weak_baseline()
    result = one(judge(only("HumanEval pass@1"), [run, base], against(base, run)))
    assert result.decision == "met"
    assert result.baseline == pytest.approx(100 * 105 / 164)
    assert result.delta == pytest.approx(100 * 45 / 164)
    assert "states 82.0 % for the baseline; fp8 was measured at 64.0 % (56.4 to 71.0 %" in result.sentence
    assert "The baseline fp8 itself does not reach the target (above 70 %): 64.0 %" in result.sentence
    assert Shown.of(result).baseline == "64.0 % (stated 82.0 %)"


def test_a_stated_baseline_that_was_measured_so_needs_no_word() -> None:
    """As good as stated, and above the threshold."""
    base = loaded_run([1] * 135 + [0] * 29, 1, model="fp8")
    run = weak_baseline()[1]
    result = one(judge(only("HumanEval pass@1"), [run, base], against(base, run)))
    assert "states" not in result.sentence
    assert "itself" not in result.sentence


@pytest.mark.parametrize(
    ("trouble", "cell"),
    [
        ({"status": "running"}, "64.0 % (pending: not ended)"),
        ({"status": "incomplete"}, "64.0 % (pending: incomplete)"),
        ({"num_problems": 150}, "64.0 % (pending: 150 of 164 problems)"),
        (
            {"dataset": Dataset(name="humaneval", sha256="1" * 64, num_problems=164)},
            "64.0 % (pending: of other ",
        ),
        ({}, "64.0 %"),
    ],
)
@pytest.mark.parametrize("metric", ['metric = "degradation"\nmargin = 10', 'metric = "pass@1"\nabove = 50'])
def test_a_baseline_that_is_pending_shows_its_figure_and_why(
    metric: str, trouble: dict[str, Any], cell: str
) -> None:
    """And no difference is made of it; neither is the candidate's own trouble a reason to hide it."""
    base = loaded_run([1] * 105 + [0] * 59, 1, model="fp8", id="base", **trouble)
    run = weak_baseline()[1]
    result = one(judge(target(metric), [run], against(base, run)))
    assert Shown.of(result).baseline.startswith(cell)
    assert (result.delta is None) == bool(trouble)
    unready = loaded_run([1] * 164, 1, model="ternary", id="late", status="running")
    result = one(judge(target(metric), [unready], against(base, unready)))
    assert Shown.of(result).baseline.startswith(cell)


def test_a_pending_baseline_without_a_figure_says_why() -> None:
    """Some problem has no sample yet."""
    base = loaded_run([1, 0], [1, 0], model="fp8", id="base", status="incomplete")
    run = loaded_run([1, 0], 1)
    wanted = target('metric = "degradation"', "margin = 10", "baseline = 82")
    result = one(judge(wanted, [run], against(base, run)))
    assert Shown.of(result).baseline == "stated 82.0 %; pending: incomplete"


def test_a_stated_baseline_of_a_loss_is_held_against_the_measured_one() -> None:
    """The loss is that against the run; the figure from elsewhere is only told."""
    base, run = weak_baseline()
    wanted = target('metric = "degradation"', "margin = 10", "baseline = 82")
    result = one(judge(wanted, [run, base], against(base, run)))
    assert result.decision == "met"
    assert result.baseline == pytest.approx(100 * 105 / 164)
    assert "states 82.0 % for the baseline; fp8 was measured at 64.0 %" in result.sentence
    assert "itself" not in result.sentence
