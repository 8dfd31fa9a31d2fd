"""Judging runs by targets: the verdict, the figures beside it, and the one sentence."""

import dataclasses
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.looks import Look
from evalsite.rundir.schema import Dataset, Distribution, ModelCard
from evalsite.rundir.symptoms import SymptomCounts
from evalsite.stats.compare.numbers import compare
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.targets import judge
from evalsite.stats.targets.measure import Measured, Unmeasured, as_of_one_look, measure
from evalsite.stats.targets.metrics import parse_metric
from evalsite.stats.targets.schema import Target
from tests.make import loaded_run
from tests.stats.targets.helpers import BORN_WITH, against, one, only, target


@pytest.mark.parametrize(
    ("solved", "verdict", "conclusion"),
    [
        (150, "met", "All of that meets the target (above 70 %)."),
        (90, "missed", "All of that misses the target (above 70 %)."),
        (124, "inconclusive", "That reaches to both sides of the target (above 70 %)"),
    ],
)
def test_pass_at_1_is_judged_by_its_interval(solved: int, verdict: str, conclusion: str) -> None:
    """75.6 % of 164 problems is not known to be above 70 %, 91.5 % is, 54.9 % is not."""
    run = loaded_run([1] * solved + [0] * (164 - solved), 1, model="ternary")
    result = one(judge(only("HumanEval pass@1"), [run]))
    assert result.decision == verdict
    assert result.actual == pytest.approx(100 * solved / 164)
    assert (result.baseline, result.target.baseline) == (None, 82.0)
    assert result.delta == pytest.approx(100 * solved / 164 - 82)
    assert result.interval is not None
    assert result.interval.method == "Wilson"
    assert result.sentence.startswith("pass@1 of ternary on humaneval is ")
    assert conclusion in result.sentence


def test_nothing_to_judge_is_pending() -> None:
    """No run at all, a run on another data set, and only the baseline: one pending row each."""
    baseline = loaded_run([1] * 4, 1, model="fp8")
    for runs, baselines in (
        ([], {}),
        ([loaded_run([1], 1, dataset="mbpp")], {}),
        ([baseline], against(baseline)),
    ):
        result = one(judge(only("HumanEval pass@1"), runs, baselines))
        assert (result.decision, result.run, result.baseline) == ("pending", None, None)
        assert result.sentence == "No run on humaneval to judge yet."
    assert one(judge(only("MBPP pass@1"), [])).dataset == "mbpp or mbpp-test or mbpp-sanitized"


def test_the_mbpp_row_names_the_variant_it_judged() -> None:
    """Each variant is judged for itself."""
    runs = [loaded_run([1] * 50, 1, dataset=name) for name in ("mbpp-test", "mbpp-sanitized")]
    results = judge(only("MBPP pass@1"), runs)
    assert [result.dataset for result in results] == ["mbpp-test", "mbpp-sanitized"]
    assert "on mbpp-sanitized is 100.0 %" in results[1].sentence


def test_what_cannot_be_judged_yet_is_pending_with_its_reason() -> None:
    """Too few samples, a run under way, and a part of the data set: no figure, but the reason."""
    part = loaded_run([10] * 9, 10)
    whole = Dataset(name="humaneval", sha256="0" * 64, num_problems=164)
    part = dataclasses.replace(part, run=msgspec.structs.replace(part.run, dataset=whole))
    for run, reason in (
        (loaded_run([1] * 9, [9] + [10] * 8), "1 problem has fewer (HumanEval/0)."),
        (
            loaded_run([1] * 9, 1, id="greedy"),
            "needs 10 samples of every problem; greedy has at most 1.",
        ),
        (loaded_run([10] * 9, 10, status="running"), "has not ended."),
        (part, "asks only 9 of the 164 problems of humaneval."),
    ):
        result = one(judge(only("HumanEval pass@10"), [run]))
        assert (result.decision, result.actual, result.run) == ("pending", None, run)
        assert result.sentence.endswith(reason)


def test_an_incomplete_run_is_pending_and_says_what_it_lacks() -> None:
    """Samples are often lost for what their answers are like, so the others do not speak for them."""
    passes = loaded_run([9] + [10] * 99, [9] + [10] * 99, missing=1, id="r", status="incomplete")
    result = one(judge(only("HumanEval pass@1"), [passes]))
    assert (result.decision, result.sentence) == ("pending", "The run r is incomplete: 1 sample missing.")


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ({"status": "running"}, "The run base has not ended."),
        ({"status": "incomplete"}, "The run base is incomplete."),
        ({"num_problems": 10}, "The run base asks only 10 of the 164 problems of humaneval."),
        (
            {"dataset": Dataset(name="humaneval", sha256="1" * 64, num_problems=164)},
            "base and cand were asked different problems under the name humaneval (111111 and 000000).",
        ),
    ],
)
def test_the_baseline_has_to_be_as_ready_as_the_candidate(trouble: dict[str, Any], reason: str) -> None:
    """One rule for both sides, and a data set is its name and its hash; a figure needs no baseline."""
    base = loaded_run([1] * 164, 1, model="fp8", id="base", **trouble)
    cand = loaded_run([1] * 164, 1, model="ternary", id="cand")
    for held, targets in (
        (against(base, base, cand), only("Degradation")),
        ({}, target('metric = "degradation"', "margin = 10", 'baseline_run = "fp8"')),
    ):
        result = one(judge(targets, [base, cand], held))
        assert (result.decision, result.sentence, result.run) == ("pending", reason, cand)
    result = one(list(judge(only("HumanEval pass@1"), [cand], against(base, cand))))
    assert result.decision == "met"


def test_runs_on_two_data_sets_of_one_name_are_judged_each_for_itself() -> None:
    """With the first digits of the hash, so that nobody takes one for the other."""
    other = Dataset(name="humaneval", sha256="1" * 64, num_problems=164)
    runs = [loaded_run([1] * 164, 1), loaded_run([0] * 164, 1, dataset=other, id="other")]
    results = judge(only("HumanEval pass@1"), runs)
    assert [result.decision for result in results] == ["met", "missed"]
    assert "on humaneval (111111) is 0.0 %" in results[1].sentence
    assert [result.dataset for result in results] == ["humaneval", "humaneval"]


def test_degradation_is_judged_problem_by_problem() -> None:
    """Six problems lost of 164 are 3.7 points: certainly less than 10."""
    base = loaded_run([1] * 120 + [0] * 44, 1, model="fp8")
    cand = loaded_run([0] * 6 + [1] * 114 + [0] * 44, 1, model="ternary")
    result = one(judge(only("Degradation"), [base, cand], against(base, base, cand)))
    assert result.decision == "met"
    assert result.run is cand
    assert result.baseline_run is base
    assert result.actual == pytest.approx(600 / 164)
    assert result.delta == pytest.approx(-600 / 164)
    assert result.baseline == pytest.approx(12000 / 164)
    assert result.sentence.startswith(
        "pass@1 of ternary on all 164 problems of humaneval: 3.7 points lost (73.2 % to 69.5 %); "
        "with 95 % confidence the truth lies between "
    )


def test_the_interval_of_a_degradation_is_that_of_the_comparison() -> None:
    """With several samples, for every k, and on the problems that both runs have samples of: mirrored."""
    rng = np.random.default_rng(5)
    rates = rng.beta(2.1, 0.9, 164)
    base = loaded_run(rng.binomial(10, rates).tolist(), 10, model="fp8")
    cand = loaded_run(rng.binomial(10, 0.9 * rates).tolist(), 10)
    expected = compare(base.n, base.c, cand.n, cand.c)
    for name, k in (("degradation", 1), ("degradation@5", 5), ("degradation@10", 10)):
        target = Target(name="x", metric=parse_metric(name), threshold=10, direction="below")
        measured = measure(target, cand, base)
        difference = expected.at(k)
        assert isinstance(measured, Measured)
        assert difference is not None
        assert measured.interval == difference.interval.scaled(-100)
        assert measured.actual == pytest.approx(-100 * difference.value)
        assert (measured.base, measured.candidate) == (100 * difference.base, 100 * difference.candidate)
        assert measured.num_problems == measured.total_problems == 164


def test_degradation_without_a_baseline_is_pending() -> None:
    """The sentence says how to name one."""
    result = one(judge(only("Degradation"), [loaded_run([1] * 9, 1)]))
    assert result.decision == "pending"
    assert "name one with --baseline" in result.sentence


def test_degradation_against_a_figure_is_not_paired_and_says_so() -> None:
    """A published figure serves where there is no run of the baseline."""
    targets = target('metric = "degradation"', "margin = 10", "baseline = 82")
    result = one(judge(targets, [loaded_run([1] * 132 + [0] * 32, 1)]))
    assert result.decision == "met"
    assert result.actual == pytest.approx(82 - 13200 / 164)
    assert result.interval is not None
    assert "not paired" in result.interval.method
    assert result.interval.low < result.actual < result.interval.high
    assert "could not be paired" in result.sentence


def test_a_target_can_name_its_baseline_run() -> None:
    """By model name, over whatever baseline the command line names."""
    old, new = loaded_run([1] * 50, 1, model="old"), loaded_run([0] * 25 + [1] * 25, 1, model="new")
    targets = target('metric = "degradation"', "margin = 10", 'baseline_run = "old"')
    result = one(judge(targets, [old, new]))
    assert (result.run, result.baseline_run, result.decision) == (new, old, "missed")


def test_a_summary_that_knows_no_spread_between_problems_is_read_with_care() -> None:
    """Ten samples of each of 100 problems are taken for 100 times, not for 1,000."""
    times = {"token_s": Distribution(count=1000, mean=0.040, p50=0.040, p95=0.040, sd=0.02)}
    result = one(judge(only("Average latency"), [loaded_run([1] * 100, 10, times=times)]))
    assert result.interval is not None
    assert (result.interval.high - result.interval.low) / 2 == pytest.approx(
        1000 * 1.984 * 0.02 / 100**0.5, rel=0.001
    )


def test_a_figure_without_an_interval_is_judged_alone_and_says_so() -> None:
    """A percentile, a rate of tokens, and a mean whose spread was not recorded."""
    times = {"latency_s": Distribution(count=9, mean=1.0, p50=0.8, p95=2.5)}
    run = loaded_run([1], 1, times=times, tokens_per_s=120.0)
    for lines, actual, verdict in (
        (('metric = "request_time.p95"', "below = 2000"), 2500.0, "missed"),
        (('metric = "request_time"', "below = 2000"), 1000.0, "met"),
        (('metric = "tokens_per_s"', "above = 100"), 120.0, "met"),
        (('metric = "tokens_per_s"', "above = 120"), 120.0, "missed"),
    ):
        result = one(judge(target(*lines), [run]))
        assert (result.actual, result.interval, result.decision) == (actual, None, verdict)
        assert "By the figure alone" in result.sentence


@pytest.mark.parametrize(
    ("metric", "lacks"),
    [
        ("token_time", "did not measure"),
        ("first_token_time.p95", "did not measure"),
        ("request_time", "did not measure"),
        ("execution_time.p50", "did not measure"),
        ("tokens_per_s", "has no token counts"),
    ],
)
def test_a_target_on_what_was_not_measured_says_so(metric: str, lacks: str) -> None:
    """Of every kind of time, and of rates; no figure is made up."""
    run = loaded_run([1] * 4, 1)
    found = measure(Target(name="x", metric=parse_metric(metric), threshold=1, direction="below"), run, None)
    assert isinstance(found, Unmeasured)
    assert found.reason.startswith(f"The run {run.id} {lacks}")


def test_error_shares_are_of_samples() -> None:
    """One class, and all failures together; a class that never occurs has a share of nothing."""
    failures = [{"timeout": 1, "wrong_answer": 2}] + [{}] * 99
    run = loaded_run([7] + [10] * 99, 10, failures=failures)
    for metric, actual in (("error_share.timeout", 0.1), ("error_share", 0.3), ("error_share.crashed", 0.0)):
        result = one(judge(target(f'metric = "{metric}"', "below = 5"), [run]))
        assert result.actual == pytest.approx(actual)
        assert result.decision == "met"


def test_shares_of_symptoms_are_of_answers() -> None:
    """One symptom, and any; on answers that nobody looked at nothing is said."""
    made = loaded_run([0] * 40, 10)
    tallies = tuple(replace(tally, symptoms={"loop": 1}) for tally in made.summary.tallies)
    looked_at = SymptomCounts(looked_at=400, samples={"loop": 40}, versions={"1": 400})
    run = LoadedRun(made.dir, made.run, replace(made.summary, tallies=tallies, symptoms=looked_at))
    for metric, actual in (("symptom_share.loop", 10.0), ("symptom_share.gibberish", 0.0)):
        result = one(judge(target(f'metric = "{metric}"', "below = 20"), [run]))
        assert (result.actual, result.decision) == (pytest.approx(actual), "met")
        assert "evalsite tally" in one(judge(target(f'metric = "{metric}"', "below = 20"), [made])).sentence


def test_a_baseline_that_its_card_calls_the_candidate_is_none() -> None:
    """A loss against it is nobody's; what is no loss is judged as ever."""
    base = loaded_run([1] * 50, 1, model="fp8", card=ModelCard(role="candidate"))
    cand = loaded_run([1] * 50, 1, model="ternary", card=ModelCard(role="baseline"))
    for name, decision in (("Degradation", "pending"), ("HumanEval pass@1", "met")):
        result = next(one for one in judge(only(name), [base, cand], against(base, cand)) if one.run is cand)
        assert result.decision == decision
        assert result.sentence.startswith("By their model cards the roles are") == (decision == "pending")


@pytest.mark.parametrize(
    ("name", "looked_before", "is_sequential"),
    [
        ("Degradation", True, True),
        ("Degradation", False, False),
        ("HumanEval pass@1", True, False),
    ],
)
def test_one_look_of_several_says_so_where_two_runs_are_held_against_each_other(
    name: str, looked_before: bool, is_sequential: bool
) -> None:
    """Not where a run is judged by itself, nor where nothing is judged."""
    base = loaded_run([5] * 164, 5, model="fp8")
    earlier = [Look(at="", num_problems=164, num_samples=1, outcome="not recorded")] * looked_before
    cand = dataclasses.replace(loaded_run([5] * 164, 5, model="ternary"), looks=tuple(earlier))
    (result,) = judge(only(name), [cand], against(base, cand))
    assert result.decision == "met"
    assert result.is_sequential is is_sequential
    ended = dataclasses.replace(cand, run=replace(cand.run, status="running"))
    (pending,) = judge(only(name), [ended], against(base, ended))
    assert (pending.decision, pending.is_sequential) == ("pending", False)


@pytest.mark.parametrize(("here", "there"), [(0.95, 0.01), (0.975, 0.02), (0.9975, 0.2)])
def test_a_chance_at_a_look_is_as_large_as_at_the_stated_confidence(here: float, there: float) -> None:
    """What is allowed to err at a look is a part of what all may: 0.01 of 0.025 is 0.02 of 0.05."""
    assert as_of_one_look(0.01, here, 0.95) == pytest.approx(there)
    assert as_of_one_look(0.9, 0.975, 0.95) == 1.0


def test_the_newest_run_of_a_model_counts() -> None:
    """An old miss does not fail the gate for ever; a run still under way does not hide it either."""
    old = loaded_run([0] * 50, 1, id="b", created_at="2026-01-01T00:00:00Z")
    new = loaded_run([1] * 50, 1, id="a", created_at="2026-02-01T00:00:00Z")
    running = loaded_run([1] * 50, 1, id="c", created_at="2026-03-01T00:00:00Z", status="running")
    assert one(judge(only("HumanEval pass@1"), [new, old, running])).run is new


def test_the_newest_run_that_can_answer_counts() -> None:
    """A greedy run made later does not take pass@10 away."""
    ten = loaded_run([10] * 50, 10, id="a", created_at="2026-01-01T00:00:00Z")
    greedy = loaded_run([1] * 50, 1, id="b", created_at="2026-02-01T00:00:00Z")
    assert one(judge(only("HumanEval pass@10"), [ten, greedy])).run is ten
    assert one(judge(only("HumanEval pass@1"), [ten, greedy])).run is greedy


def test_a_second_run_of_the_baseline_is_no_candidate() -> None:
    """It is the noise floor, and a target about candidates passes it by; one that names it does not."""
    card = ModelCard(role="baseline", quantization="FP8")
    base = loaded_run([1] * 50, 1, model="fp8", card=card, id="a")
    again = loaded_run([1] * 50, 1, model="fp8", card=card, id="b")
    assert one(judge(only("HumanEval pass@1"), [base, again], against(base, base, again))).run is None
    named = target('metric = "pass@1"', "above = 50", 'applies_to = { role = "baseline" }')
    assert one(judge(named, [base, again], against(base, base, again))).run is again


def test_patterns_that_select_nothing_are_named() -> None:
    """The pending sentence says what was looked for."""
    targets = target('metric = "pass@1"', "above = 50", 'applies_to = { quantization = "ternary" }')
    result = one(judge(targets, [loaded_run([1], 1)]))
    assert result.sentence == "No run on any data set with quantization ternary to judge yet."


def test_a_hundred_runs_are_judged_from_summaries_alone() -> None:
    """No rows of any run are needed; every run gets its row."""
    base = loaded_run([5] * 164, 10, model="base")
    runs = [loaded_run([4] * 164, 10, model=f"m{index}") for index in range(100)]
    results = judge(BORN_WITH, runs, against(base, *runs))
    assert sum(result.run is not None for result in results) == 400


def test_a_loss_that_could_not_have_been_too_large_is_vacuous() -> None:
    """A baseline that solves less than the allowed loss lets everything pass; every sentence says so."""
    weak = loaded_run([1] * 6 + [0] * 158, 1, model="fp8")
    ruined = loaded_run([0] * 164, 1, model="ternary")
    result = one(judge(only("Degradation"), [ruined], against(weak, ruined)))
    assert result.decision == compare_runs(weak, ruined).decision == "vacuous"
    assert "a model that solves nothing at all would be inside the allowed 10 points, too" in result.sentence
    assert "solves nothing at all" in compare_runs(weak, ruined).headline
    strong = loaded_run([1] * 150 + [0] * 14, 1, model="fp8")
    same = loaded_run([1] * 150 + [0] * 14, 1, model="ternary")
    kept = one(judge(only("Degradation"), [same], against(strong, same)))
    assert (kept.decision, "solves nothing" in kept.sentence) == ("met", False)


@pytest.mark.parametrize(
    ("base", "candidate", "decision"),
    [
        ([1] * 32 + [0] * 132, [1] * 32 + [0] * 132, "vacuous"),  # 19.5 %: half of it is below ten points
        ([1] * 33 + [0] * 131, [1] * 33 + [0] * 131, "met"),  # 20.1 %: half of it is more
        ([1] * 24 + [0] * 140, [0] * 164, "vacuous"),  # 14.6 % lost, perhaps less than ten points
        ([1] * 30 + [0] * 134, [0] * 164, "missed"),  # 18.3 % lost: more than ten points for certain
        ([0] * 164, [1] * 164, "vacuous"),  # nothing to lose, whatever is gained
    ],
)
def test_a_margin_of_more_than_half_the_baselines_score_proves_nothing(base, candidate, decision) -> None:
    """Comparison and target agree; what is known to have lost more is missed all the same."""
    runs = loaded_run(base, 1, model="fp8"), loaded_run(candidate, 1, model="ternary")
    result = one(judge(only("Degradation"), [runs[1]], against(*runs)))
    assert result.decision == compare_runs(*runs).decision == decision
    assert ("proves nothing (vacuous)" in result.sentence) == (decision == "vacuous")


def test_a_stated_baseline_can_be_too_weak_as_well() -> None:
    """Ten points of twelve may be lost: whoever keeps to that has proven nothing."""
    wanted = target('metric = "degradation"', "margin = 10", "baseline = 12")
    result = one(judge(wanted, [loaded_run([1] * 164, 1)]))
    assert result.decision == "vacuous"
    assert "a model that loses 83 % of that" in result.sentence
    assert "take a margin of no more than 6 points" in result.sentence
