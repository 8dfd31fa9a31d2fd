"""Targets on a share that is kept, on both sides, and by a posterior."""

import pytest

from evalsite.errors import UsageError
from evalsite.stats.targets import judge
from evalsite.stats.targets.shown import Shown
from tests.make import loaded_run
from tests.stats.targets.helpers import against, one, target

LOSS = 'metric = "degradation"'


def judged(lost, *lines, won=0, solved=160, **fields):
    base = loaded_run([1] * solved + [0] * 40, 1, model="fp8", id="base")
    passes = [0] * lost + [1] * (solved - lost) + [1] * won + [0] * (40 - won)
    run = loaded_run(passes, 1, model="ternary", id="cand", **fields)
    return one(judge(target(LOSS, *lines), [base, run], against(base, run)))


@pytest.mark.parametrize(("lost", "decision"), [(2, "met"), (8, "inconclusive"), (30, "missed")])
def test_a_share_of_the_baseline_has_to_be_kept(lost, decision):
    """The interval is that of the share, in percent, and shown without a sign."""
    result = judged(lost, "relative = 0.95")
    assert (result.decision, result.target.metric.name) == (decision, "recovery")
    assert result.actual == pytest.approx(100 * (160 - lost) / 160)
    assert result.sentence.startswith(
        f"Of pass@1, ternary keeps {result.actual:.1f} % on all 200 problems of humaneval"
    )
    assert "(more than 95 % of the baseline's kept)" in result.sentence
    shown = Shown.of(result)
    assert (shown.actual, shown.baseline) == (f"{result.actual:.1f} %", "80.0 %")


@pytest.mark.parametrize(
    ("lost", "won", "decision"),
    [(2, 2, "met"), (0, 30, "missed"), (30, 0, "missed"), (2, 12, "inconclusive")],
)
def test_equivalence_has_two_sides(lost, won, decision):
    """A gain beyond the margin misses it, too."""
    result = judged(lost, "margin = 5", "two_sided = true", won=won)
    assert result.decision == decision
    assert "less than 5 points lost or gained" in result.sentence
    assert judged(0, "margin = 5", won=30).decision == "met"


@pytest.mark.parametrize(("lost", "decision"), [(1, "met"), (16, "inconclusive"), (60, "missed")])
def test_a_posterior_may_judge(lost, decision):
    """By its own interval, and the sentence names the model and the chance."""
    result = judged(lost, "margin = 10", 'judged_by = "posterior"')
    assert result.decision == decision
    assert result.interval.method.startswith("posterior")
    assert "Judged by a Bayesian model: the chance that more than 10 points were lost is " in result.sentence


def test_what_is_missing_may_hide_a_loss_of_every_way():
    """At worst all of it failed; for equivalence at best all of it may have passed."""
    for lines in (
        ("relative = 0.9",),
        ("margin = 9", 'judged_by = "posterior"'),
        ("margin = 8", "two_sided = true"),
    ):
        assert judged(0, *lines).decision == "met"
        result = judged(0, *lines, missing=[0] * 100 + [1] * 60 + [0] * 40)
        assert result.decision == "inconclusive" or (result.decision == "met" and "margin = 9" in lines)


def test_a_baseline_of_nothing_keeps_nothing():
    """Pending, with the reason."""
    result = judged(0, "relative = 0.95", solved=0)
    assert (result.decision, result.sentence) == (
        "pending",
        "The baseline's run base solves nothing that could be kept.",
    )


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("relative = 95",), "relative: must be a share from 0.5 to 1"),
        (("relative = 0.9", "margin = 5"), "degradation takes margin or relative, not margin and relative"),
        (("relative = 0.9", "two_sided = true"), "two_sided: is of a margin in points"),
        (("relative = 0.9", "baseline = 80"), "relative: takes the baseline's run"),
        (("margin = 5", 'judged_by = "priors"'), "judged_by: must be 'interval' or 'posterior'"),
        (("margin = 5", "two_sided = 1"), "two_sided: must be true or false"),
        (("margin = 5", 'judged_by = "posterior"', 'pool = ["a", "b"]'), "judged_by: is of one data set"),
    ],
)
def test_ways_that_do_not_fit_are_refused(lines, message):
    """With their key."""
    with pytest.raises(UsageError, match=message):
        target(LOSS, *lines)
    with pytest.raises(UsageError, match="is of degradation, not of pass@1"):
        target('metric = "pass@1"', "above = 5", "two_sided = true")
