"""A target's baseline: the one it states, beside the one that was measured."""

import pytest

from evalsite.counts.loaded import LoadedRun
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


def test_a_stated_baseline_of_a_loss_is_held_against_the_measured_one() -> None:
    """The loss is that against the run; the figure from elsewhere is only told."""
    base, run = weak_baseline()
    wanted = target('metric = "degradation"', "margin = 10", "baseline = 82")
    result = one(judge(wanted, [run, base], against(base, run)))
    assert result.decision == "met"
    assert result.baseline == pytest.approx(100 * 105 / 164)
    assert "states 82.0 % for the baseline; fp8 was measured at 64.0 %" in result.sentence
    assert "itself" not in result.sentence
