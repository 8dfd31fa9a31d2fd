"""What a target measures of one run, and when there is nothing to measure yet."""

import dataclasses
import math
from typing import Any

import pytest
from msgspec import structs
from scipy import stats

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import Distribution
from evalsite.stats.compare.numbers import compare
from evalsite.stats.intervals import estimate_pass_at_k, estimate_share
from evalsite.stats.targets import Targets, judge
from evalsite.stats.targets.measure import Measured, Unmeasured, measure
from evalsite.stats.targets.metrics import parse_metric
from evalsite.stats.targets.schema import Target
from tests.make import GRADING, loaded_run
from tests.stats.targets.helpers import about as target


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


def test_a_baseline_run_that_is_not_there_is_no_figure() -> None:
    """A slip in the name is told, and nothing is judged by the figure that stands beside it."""
    run = loaded_run([10] * 20, 10)
    rows = (target("degradation", baseline=50.0, baseline_run="typo"),)
    (result,) = judge(Targets(rows, "test"), [run])
    assert result.decision == "pending"
    assert "names typo as its baseline_run, and no run on humaneval is or answers to that" in result.sentence


def measured(metric: str, run: LoadedRun, base: LoadedRun | None = None, **changes: Any) -> Measured:
    fields = {"threshold": 10, "direction": "below", **changes}
    found = measure(Target(name="x", metric=parse_metric(metric), **fields), run, base)
    assert isinstance(found, Measured), found
    return found


def unmeasured(metric: str, run: LoadedRun, base: LoadedRun | None = None, **changes: Any) -> str:
    fields = {"threshold": 10, "direction": "below", **changes}
    found = measure(Target(name="x", metric=parse_metric(metric), **fields), run, base)
    assert isinstance(found, Unmeasured), found
    return found.reason


def timed(model: str, mean: float, times: str = "token_s", **fields: Any) -> LoadedRun:
    found = Distribution(**{"count": 100, "mean": mean, "p50": 0.9 * mean, "p95": 2 * mean, **fields})
    return loaded_run([1] * 50, 2, model=model, times={times: found})


def welch(ratio: float, *errors: tuple[float, int], confidence: float) -> tuple[float, float]:
    """Limits of a ratio in percent above one, of relative errors and degrees of freedom."""
    variance = sum(error**2 for error, _ in errors)
    freedom = math.floor(variance**2 / sum(error**4 / freedom for error, freedom in errors) + 1e-9)
    half = float(stats.t.ppf(0.5 + confidence / 2, freedom)) * math.sqrt(variance)
    return 100 * (ratio * math.exp(-half) - 1), 100 * (ratio * math.exp(half) - 1)


def test_the_interval_of_a_slowdown_is_welchs() -> None:
    """Of the logarithm of the ratio: both relative errors, and degrees of freedom between them."""
    run = timed("ternary", 0.05, problems=30, error=0.002)
    base = timed("fp8", 0.04, problems=10, error=0.001)
    found = measured("slowdown", run, base, confidence=0.9)
    assert (found.actual, found.candidate, found.base) == (
        pytest.approx(25),
        pytest.approx(50),
        pytest.approx(40),
    )
    assert found.interval is not None
    expected = welch(1.25, (0.04, 29), (0.025, 9), confidence=0.9)
    assert (found.interval.low, found.interval.high) == pytest.approx(expected, rel=1e-9)
    assert (found.interval.confidence, found.interval.method) == (
        0.9,
        "Welch's t of the logarithm of a ratio, over problems",
    )


@pytest.mark.parametrize("problems", [2, 3, 8, 30, 164])
@pytest.mark.parametrize("error", [0.0007, 0.001, 0.002, 0.0031])
def test_against_a_figure_a_slowdown_has_its_own_freedom(problems: int, error: float) -> None:
    """All of it, whatever rounding makes of the quotient."""
    found = measured("slowdown", timed("ternary", 0.05, problems=problems, error=error), baseline=40)
    assert found.interval is not None
    expected = welch(1.25, (error / 0.05, problems - 1), confidence=0.95)
    assert (found.interval.low, found.interval.high) == pytest.approx(expected, rel=1e-9)


def test_the_interval_of_a_slowdown_at_its_edges() -> None:
    """No spread at all has no width; an unknown one, or a time of nothing, has no interval."""
    exact = measured(
        "slowdown", timed("a", 0.05, problems=9, error=0.0), timed("b", 0.04, problems=9, error=0.0)
    )
    assert exact.interval is not None
    assert (exact.interval.low, exact.interval.high) == pytest.approx((25.0, 25.0))
    known = timed("a", 0.05, problems=9, error=0.001)
    assert measured("slowdown", known, timed("b", 0.04)).interval is None
    assert measured("slowdown", timed("b", 0.04), baseline=40).interval is None
    nothing = timed("c", 0.0, problems=9, error=0.001)
    assert (measured("slowdown", nothing, known).actual, measured("slowdown", nothing, known).interval) == (
        -100.0,
        None,
    )
    at_zero = "The baseline's mean time per output token is 0, which nothing is a percentage of."
    assert unmeasured("slowdown", known, timed("b", 0.0, problems=9, error=0.001)) == at_zero
    assert unmeasured("slowdown", known, baseline=0.0) == at_zero


def test_a_slowdown_tells_the_untimed_samples_of_both() -> None:
    """The candidate's first."""
    runs = [timed(model, 0.04, problems=9, error=0.001) for model in ("a", "b")]
    found = measured("slowdown", *(untimed(run, samples) for run, samples in zip(runs, (1, 2), strict=True)))
    assert found.caveats == (
        "Left out: 1 sample of which no time is known.",
        "Left out: 2 samples of which no time is known.",
    )
    assert measured("request_time", untimed(timed("a", 0.04, "latency_s"), 1)).caveats == ()
    assert measured("token_time", untimed(runs[0], 1)).caveats == found.caveats[:1]


def untimed(run: LoadedRun, samples: int) -> LoadedRun:
    changed = structs.replace(run.summary, untimed={"unmeasured": samples})
    return dataclasses.replace(run, summary=changed)


@pytest.mark.parametrize(
    ("name", "actual"), [("request_time", 200), ("request_time.p50", 180), ("request_time.p95", 400)]
)
def test_a_time_is_in_milliseconds_and_a_mean_alone_has_an_interval(name: str, actual: float) -> None:
    """Student's t over nine problems; no time is below nothing."""
    found = measured(name, timed("a", 0.2, "latency_s", problems=9, error=0.05), confidence=0.9)
    assert found.actual == pytest.approx(actual)
    if name != "request_time":
        assert found.interval is None
        return
    half = 50 * float(stats.t.ppf(0.95, 8))
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((200 - half, 200 + half))
    assert found.interval.confidence == 0.9
    wide = measured(name, timed("a", 0.2, "latency_s", problems=2, error=0.05)).interval
    assert wide is not None
    assert wide.low == 0.0


@pytest.mark.parametrize(("count", "problems"), [(100, 50), (20, 20), (2, 2)])
def test_an_old_summary_is_taken_for_spread_between_problems(count: int, problems: int) -> None:
    """As many as were measured, at most those of the run."""
    found = measured("request_time", timed("a", 0.2, "latency_s", count=count, sd=0.01)).interval
    assert found is not None
    half = 10 / math.sqrt(problems) * float(stats.t.ppf(0.975, problems - 1))
    assert found.high == pytest.approx(200 + half)
    partly = timed("a", 0.2, "latency_s", error=0.05, sd=0.01)  # without the number of problems
    half = 10 / math.sqrt(50) * float(stats.t.ppf(0.975, 49))
    found = measured("request_time", partly).interval
    assert found is not None
    assert found.high == pytest.approx(200 + half)


def test_a_score_has_its_interval_and_asks_for_more_where_that_reaches_the_threshold() -> None:
    """In percent; of pass@1 alone it is known what would settle it."""
    run = loaded_run([2] * 12 + [1] * 6 + [0] * 2, 2)
    found = measured("pass@1", run, threshold=75, direction="above", confidence=0.9)
    expected = estimate_pass_at_k(run.n, run.c, 1, confidence=0.9)
    assert (found.actual, found.interval) == (75.0, expected.interval.scaled(100))
    assert found.needed is not None
    assert (found.needed.num_problems, found.needed.num_samples) == (20, 2)
    assert (found.num_problems, found.total_problems) == (20, 20)
    assert measured("pass@1", run, threshold=20, direction="above").needed is None
    assert measured("pass@2", run, threshold=90, direction="above").needed is None
    assert unmeasured("pass@3", run) == (f"pass@3 needs 3 samples of every problem; {run.id} has at most 2.")
    assert "needs 1 sample of every problem" in unmeasured("pass@1", loaded_run([], 1))
    some = loaded_run([1, 1, 2], [1, 1, 2], id="r")
    assert unmeasured("pass@2", some) == (
        "pass@2 needs 2 samples of every problem; in r 2 problems have fewer (HumanEval/0 and HumanEval/1)."
    )


def test_a_loss_against_a_figure_is_the_scores_interval_turned_round() -> None:
    """90 % were stated; what the score may be at most is what was lost at least."""
    run = loaded_run([2] * 12 + [1] * 6 + [0] * 2, 2, missing=1)
    found = measured("degradation@2", run, baseline=90.0, confidence=0.9)
    own = estimate_pass_at_k(run.n, run.c, 2, confidence=0.9).interval
    assert (found.actual, found.candidate, found.base) == (0.0, 90.0, 90.0)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(90 - 100 * own.high)
    assert found.interval.high == pytest.approx(90 - 100 * own.low)
    assert (found.interval.confidence, found.num_problems, found.total_problems) == (0.9, 20, 20)
    assert found.caveats == (
        "The baseline is a figure, not a run, so the problems could not be paired.",
        f"1 sample of {run.id} is missing.",
    )
    assert unmeasured("degradation@3", run, baseline=90.0).startswith("pass@3 needs 3 samples")
    assert unmeasured("degradation@3", loaded_run([], 1), baseline=90.0).startswith("pass@3 needs 3 samples")


def test_a_share_of_errors_is_of_samples() -> None:
    """Of one class or of all, in percent; without a graded sample there is none."""
    run = loaded_run([7] + [10] * 19, 10, failures=[{"timeout": 1, "wrong_answer": 2}] + [{}] * 19, missing=3)
    found = measured("error_share.wrong_answer", run, confidence=0.9)
    expected = estimate_share([2] + [0] * 19, [10] * 20, confidence=0.9)
    assert (found.actual, found.interval) == (1.0, expected.interval.scaled(100))
    assert (found.num_problems, found.total_problems) == (20, 20)
    assert found.caveats == (f"3 samples of {run.id} are missing.",)
    assert unmeasured("error_share", loaded_run([0], 0, id="r")) == "The run r has no graded sample."


def test_a_loss_tells_what_its_figure_does_without() -> None:
    """Missing samples, problems that count in no score in either run, and those too short of samples."""
    ids = [f"HumanEval/{index}" for index in range(40)]
    both, base_only = (
        structs.replace(GRADING, excluded={ids[0]: "it has no tests"}),
        {ids[0]: "it has no tests", ids[1]: "slow"},
    )
    run = loaded_run([2] * 39 + [0], [2] * 39 + [0], grading=both)
    base = loaded_run([2] * 40, 2, model="fp8", grading=structs.replace(GRADING, excluded=base_only))
    found = measured("degradation", run, base)
    assert found.caveats[:3] == (
        "HumanEval/0 counts in no score: it has no tests.",
        "HumanEval/1 counts in no score: slow.",
        "1 problem without enough samples in both runs was left out.",
    )
    assert (found.actual, math.copysign(1, found.actual), found.num_problems) == (0.0, 1.0, 37)
    short = loaded_run([2] * 38 + [0] * 2, [2] * 38 + [0] * 2, grading=both)
    assert (
        "2 problems without enough samples in both runs were left out."
        in measured("degradation", short, base).caveats
    )
    assert unmeasured("degradation@2", short, base).endswith(
        f"in {short.id} 2 problems have fewer (HumanEval/38 and HumanEval/39)."
    )
    none = loaded_run([2] * 2, 2, task_ids=["A/0", "A/1"], id="r")
    other = loaded_run([2] * 2, 2, task_ids=["B/0", "B/1"], model="fp8", id="b")
    assert unmeasured("degradation@2", none, other) == "r and b share no problem with 2 samples in both."
