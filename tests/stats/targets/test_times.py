"""Targets on times: in milliseconds, and against the baseline's own."""

import dataclasses

import msgspec
import pytest

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.times import distribution
from evalsite.rundir.schema import Distribution
from evalsite.stats.targets import judge
from evalsite.stats.targets.shown import Shown
from tests.make import SETTINGS, loaded_run
from tests.stats.targets.helpers import against, one, only, target


@pytest.mark.parametrize(
    ("mean", "sd", "verdict"),
    [(0.040, 0.005, "met"), (0.060, 0.005, "missed"), (0.0495, 0.02, "inconclusive")],
)
def test_latency_is_judged_in_milliseconds(mean: float, sd: float, verdict: str) -> None:
    """The mean time per output token with an interval from its standard error between problems."""
    times = {
        "token_s": Distribution(
            count=1640, mean=mean, p50=mean, p95=mean, sd=1.0, problems=164, error=sd / 164**0.5
        )
    }
    result = one(judge(only("Average latency"), [loaded_run([1], 1, times=times)]))
    assert result.decision == verdict
    assert result.actual == pytest.approx(1000 * mean)
    assert result.delta == pytest.approx(1000 * mean - 40)
    assert result.interval is not None
    assert result.interval.method == "Student's t over problems"
    assert (result.interval.high - result.interval.low) / 2 == pytest.approx(
        1000 * 1.975 * sd / 164**0.5, rel=0.001
    )


def test_unmeasured_times_are_pending() -> None:
    """Samples made elsewhere have no latency."""
    result = one(judge(only("Average latency"), [loaded_run([1], 1)]))
    assert result.decision == "pending"
    assert result.sentence.endswith("did not measure the mean time per output token.")
    speed = one(judge(target('metric = "tokens_per_s"', "above = 1"), [loaded_run([1], 1)]))
    assert speed.sentence.endswith("has no token counts.")


def test_a_target_on_times_names_the_samples_that_have_none() -> None:
    """All of them: pending, with the reason. Some: judged by the others, which the sentence says."""
    run = loaded_run([1], 1)
    none = dataclasses.replace(run, summary=msgspec.structs.replace(run.summary, untimed={"together": 10}))
    for asked in (only("Average latency"), target('metric = "tokens_per_s"', "above = 1")):
        result = one(judge(asked, [none]))
        assert result.decision == "pending"
        assert "it has 10 samples asked for several in a request" in result.sentence
    times = Distribution(count=5, mean=0.01, p50=0.01, p95=0.01, problems=5, error=0.0001)
    some = dataclasses.replace(
        run, summary=msgspec.structs.replace(run.summary, token_s=times, untimed={"shared": 5})
    )
    result = one(judge(only("Average latency"), [some]))
    assert result.decision == "met"
    assert (
        "Left out: 5 samples of which the server counted the tokens of several together." in result.sentence
    )


SLOWER = [
    (0.040, "met", "no change"),
    (0.049, "inconclusive", "22.5 % slower"),
    (0.060, "missed", "50.0 % slower"),
    (0.020, "met", "50.0 % faster"),
]


@pytest.mark.parametrize(("mean", "decision", "words"), SLOWER)
def test_a_time_is_held_against_the_baselines_own(mean: float, decision: str, words: str) -> None:
    """40 ms a token here: at most a quarter more is allowed, and both means are uncertain."""

    def timed(model: str, mean: float) -> LoadedRun:
        times = Distribution(count=164, mean=mean, p50=mean, p95=mean, problems=164, error=mean / 50)
        return loaded_run([1] * 164, 1, model=model, times={"token_s": times})

    base, run = timed("fp8", 0.040), timed("ternary", mean)
    result = one(judge(target('metric = "slowdown"', "margin = 25"), [run, base], against(base, run)))
    assert result.decision == decision
    assert words in result.sentence
    assert (result.baseline, result.delta) == (pytest.approx(40), pytest.approx(1000 * mean - 40))
    assert result.interval is not None
    middle = (1 + result.interval.low / 100) * (1 + result.interval.high / 100)
    assert middle == pytest.approx((mean / 0.040) ** 2)


def test_a_slowdown_without_times_or_without_a_baseline_is_pending() -> None:
    """Each with its reason; a stated baseline will do."""
    times = Distribution(count=164, mean=0.04, p50=0.04, p95=0.04, problems=164, error=0.001)
    run, base = loaded_run([1], 1, times={"token_s": times}), loaded_run([1], 1, model="fp8")
    wanted = target('metric = "slowdown"', "margin = 25")
    untimed = one(judge(wanted, [run, base], against(base, run)))
    assert (untimed.decision, f"{base.id} did not measure the mean time per" in untimed.sentence) == (
        "pending",
        True,
    )
    assert "No baseline run" in one(judge(wanted, [run])).sentence
    stated = target('metric = "slowdown"', "margin = 25", "baseline = 40")
    assert one(judge(stated, [run])).decision == "met"


@pytest.mark.parametrize("metric", ["token_time", "token_time.p95", "tokens_per_s", "slowdown"])
def test_one_problem_tells_nothing_of_others(metric: str) -> None:
    """A single time out of 164 problems is no ground to call a target met, nor missed."""
    times = {"token_s": distribution({"HumanEval/0": [0.04, 0.041]})}
    base = loaded_run([1] * 164, 1, model="fp8", times=times)
    run = loaded_run([1] * 164, 1, times=times, tokens_per_s=25.0)
    limit = {"slowdown": "margin = 25", "tokens_per_s": "above = 20"}.get(metric, "below = 50")
    result = one(judge(target(f'metric = "{metric}"', limit), [run], against(base, run)))
    assert result.decision == "pending"
    assert "of a single problem, which tells nothing of others." in result.sentence


def test_a_figure_that_decides_alone_is_not_printed_as_its_threshold() -> None:
    """49.96 is below 50, and 50.0 is not."""
    times = {"token_s": Distribution(count=164, mean=0.04, p50=0.04, p95=0.04996, problems=164)}
    run = loaded_run([1] * 164, 1, times=times)
    result = one(judge(target('metric = "token_time.p95"', "below = 50"), [run]))
    assert result.decision == "met"
    assert "is 49.96 ms; no interval" in result.sentence
    assert Shown.of(result).actual == "49.96 ms"


def test_a_stated_time_that_was_measured_is_not_contradicted() -> None:
    """Where no interval can be given either."""
    times = {"token_s": Distribution(count=164, mean=0.04, p50=0.04, p95=0.05, problems=164)}
    base, run = (loaded_run([1] * 164, 1, model=name, times=times) for name in ("fp8", "t"))
    for stated, told in ((50, False), (45, True)):
        asked = target('metric = "token_time.p95"', "below = 60", f"baseline = {stated}")
        result = one(judge(asked, [run], against(base, run)))
        assert ("The target states" in result.sentence) is told


def test_a_slowdown_says_what_else_may_make_a_run_slow() -> None:
    """Other limits, one model under two names, and a prompt that is read in one of the two times alone."""
    times = {"token_s": distribution({f"HumanEval/{i}": [0.04] for i in range(164)})}
    first = {"first_token_s": distribution({f"HumanEval/{i}": [0.2] for i in range(164)})}
    base = loaded_run([1] * 164, 1, model="fp8", times=times)
    hotter = msgspec.structs.replace(SETTINGS, temperature=1.0)
    run = loaded_run([1] * 164, 1, model="t", times={**times, **first}, settings=hotter)
    result = one(judge(target('metric = "slowdown"', "margin = 25"), [run], against(base, run)))
    assert "Not known to be the same in both runs: settings.temperature." in result.sentence
    assert f"Only {run.id} was streamed: the other's time per token holds" in result.sentence
    stated = one(judge(target('metric = "slowdown"', "margin = 25", "baseline = 40"), [run]))
    assert "The baseline is a figure, not a run." in stated.sentence
