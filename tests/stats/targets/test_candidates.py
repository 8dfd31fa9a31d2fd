"""Which run a target is judged by, whom it waits for, and what stands beside its verdict."""

import pytest

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import Dataset, Distribution, ModelCard
from evalsite.stats.targets import Result, Targets, judge
from evalsite.stats.targets.metrics import parse_metric
from evalsite.stats.targets.schema import Target
from tests.make import loaded_run
from tests.stats.targets.helpers import against, one, target

BEFORE, AFTER = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def score(**changes: object) -> Targets:
    fields = {"name": "x", "metric": parse_metric("pass@1"), "threshold": 50, "direction": "above"}
    return Targets((Target(**{**fields, **changes}),), "test")


def told(results: tuple[Result, ...]) -> list[tuple[str, str]]:
    return [(result.model, result.decision) for result in results]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"created_at": AFTER}, {"created_at": BEFORE}),
        ({"created_at": BEFORE}, {"created_at": AFTER, "status": "running"}),
        ({"id": "b"}, {"id": "a"}),
    ],
)
def test_of_several_runs_of_one_model_one_is_judged(better: dict[str, str], worse: dict[str, str]) -> None:
    """The newest that can be; of two of one time, the later name. In whatever order they come."""
    runs = [
        loaded_run([1] * 50, 1, **{"id": "one", **better}),
        loaded_run([1] * 50, 1, **{"id": "two", **worse}),
    ]
    assert one(judge(score(), runs)).run is runs[0]
    assert one(judge(score(), runs[::-1])).run is runs[0]


def test_what_differs_in_card_data_set_or_its_problems_is_another_candidate() -> None:
    """Each is judged for itself, in the order in which they come."""
    other = Dataset(name="humaneval", sha256="1" * 64, num_problems=50)
    runs = [
        loaded_run([1] * 50, 1, id="a"),
        loaded_run([1] * 50, 1, id="b", card=ModelCard(quantization="ternary")),
        loaded_run([1] * 50, 1, id="c", dataset="mbpp"),
        loaded_run([1] * 50, 1, id="d", dataset=other),
        loaded_run([1] * 50, 1, id="e", model="other"),
    ]
    results = judge(score(), runs)
    assert [result.run and result.run.id for result in results] == ["a", "b", "c", "d", "e"]
    assert [result.label for result in results] == [
        "humaneval (000000)",
        "humaneval (000000)",
        "mbpp",
        "humaneval (111111)",
        "humaneval (000000)",
    ]


def test_a_model_that_answers_other_targets_is_waited_for() -> None:
    """By name, once, and only if it could: one whose runs are all trials is not."""
    rows = (*score(name="all").rows, *score(name="mbpp", datasets=("mbpp",)).rows)
    part = Dataset(name="humaneval", sha256="0" * 64, num_problems=164)
    runs = [
        loaded_run([1] * 50, 1, id="a", model="one"),
        loaded_run([1] * 50, 1, id="b", model="two"),
        loaded_run([1] * 50, 1, id="c", model="two", dataset="mbpp"),
        loaded_run([1] * 50, 1, id="d", model="trial", dataset=part),
    ]
    results = judge(Targets(rows, "test"), runs)
    assert told(results) == [
        ("one", "met"),
        ("two", "met"),
        ("two", "met"),
        ("trial", "pending"),
        ("two", "met"),
        ("one", "pending"),
    ]
    waiting = results[-1]
    assert (waiting.run, waiting.awaited, waiting.dataset, waiting.is_trial) == (None, "one", "mbpp", False)
    assert waiting.sentence == "No run of one on mbpp to judge yet."
    assert [result.is_trial for result in results] == [False, False, False, True, False, False]
    named = score(name="mbpp", datasets=("mbpp",), applies_to=(("model", "t*"),)).rows
    assert told(judge(Targets((rows[0], *named), "test"), runs))[-1] == ("two", "met")
    nobody = judge(score(datasets=("mbpp",)), runs[:1])
    assert told(nobody) == [("", "pending")]


def test_a_target_that_holds_where_possible_is_silent_elsewhere() -> None:
    """No row for a run that has no pass@10, nor for nobody at all."""
    wanted = score(metric=parse_metric("pass@10"), where_possible=True)
    ten, greedy = loaded_run([10] * 50, 10, model="ten"), loaded_run([1] * 50, 1, model="greedy")
    assert told(judge(wanted, [greedy, ten])) == [("ten", "met")]
    assert judge(wanted, [greedy]) == judge(wanted, []) == ()


def loss(**changes: object) -> Targets:
    return score(metric=parse_metric("degradation"), threshold=10, direction="below", **changes)


def test_nobody_can_lose_against_itself() -> None:
    """Nor a baseline without another one; for other metrics a target may name it."""
    card = ModelCard(role="baseline")
    base = loaded_run([1] * 50, 1, model="fp8", card=card)
    cand = loaded_run([1] * 50, 1)
    held = against(base, base, cand)
    assert told(judge(loss(), [base, cand], held)) == [("candidate", "met")]
    assert told(judge(loss(), [base, cand])) == [("candidate", "pending")]
    assert told(judge(loss(applies_to=(("model", "*"),)), [base, cand], held)) == [("candidate", "met")]
    assert told(judge(score(), [base, cand])) == [("fp8", "met"), ("candidate", "met")]
    assert told(judge(score(), [base, cand], held)) == [("candidate", "met")]
    assert told(judge(score(applies_to=(("model", "*"),)), [base, cand], held)) == [
        ("fp8", "met"),
        ("candidate", "met"),
    ]


def test_a_named_baseline_is_sought_on_the_same_problems_first() -> None:
    """Then under the same name, so that it can be told why nothing follows; by id, too."""
    other = Dataset(name="humaneval", sha256="1" * 64, num_problems=50)
    here = loaded_run([1] * 50, 1, model="fp8", id="here", created_at=BEFORE)
    else_ = loaded_run([1] * 50, 1, model="fp8", id="else", dataset=other, created_at=AFTER)
    mbpp = loaded_run([1] * 50, 1, model="fp8", id="mbpp", dataset="mbpp", created_at=AFTER)
    cand = loaded_run([1] * 50, 1)

    def held_against(name: str, runs: list[LoadedRun]) -> tuple[LoadedRun | None, str]:
        results = judge(loss(baseline_run=name), runs)
        (found,) = (result for result in results if result.run is cand)
        return found.baseline_run, found.decision

    assert held_against("fp8", [else_, mbpp, here, cand]) == (here, "met")
    assert held_against("here", [else_, mbpp, here, cand]) == (here, "met")
    assert held_against("fp8", [else_, mbpp, cand]) == (else_, "pending")
    assert held_against("fp8", [mbpp, cand]) == (None, "pending")


def test_what_stands_beside_a_pending_verdict() -> None:
    """The baseline's own figure and why it does not count; nothing of the candidate."""
    base = loaded_run([1] * 40 + [0] * 10, 1, model="fp8", status="incomplete")
    cand = loaded_run([1] * 50, 1)
    result = one(judge(loss(), [cand], against(base, cand)))
    assert (result.decision, result.actual, result.delta, result.interval) == ("pending", None, None, None)
    assert (result.baseline, result.baseline_pending, result.baseline_run) == (80.0, "incomplete", base)
    assert (result.dataset_label, result.label) == ("humaneval", "humaneval")
    alone = one(judge(loss(), [cand]))
    assert (alone.baseline, alone.baseline_pending, alone.baseline_run) == (None, "", None)


def test_the_difference_is_the_runs_figure_minus_the_baselines() -> None:
    """The measured one before the stated one; the stated one where the measured is not ready."""
    base = loaded_run([1] * 40 + [0] * 10, 1, model="fp8")
    cand = loaded_run([1] * 45 + [0] * 5, 1)
    late = loaded_run([1] * 40 + [0] * 10, 1, model="fp8", status="incomplete")
    stated = score(baseline=70.0)
    assert one(judge(stated, [cand], against(base, cand))).delta == pytest.approx(10)
    assert one(judge(stated, [cand], against(late, cand))).delta == pytest.approx(20)
    assert one(judge(stated, [cand])).delta == pytest.approx(20)
    assert one(judge(score(), [cand])).delta is None
    lost = one(judge(loss(), [cand], against(base, cand)))
    assert (lost.delta, lost.actual, lost.baseline) == (
        pytest.approx(10),
        pytest.approx(-10),
        pytest.approx(80),
    )
    assert "the baseline" not in one(judge(stated, [cand], against(late, cand))).sentence


def test_a_loss_is_taken_from_the_baseline_on_the_same_problems() -> None:
    """Of those that both have samples of, which is not all that the baseline's run solved."""
    base = loaded_run([1] * 40 + [0] * 10, 1, model="fp8")
    cand = loaded_run([1] * 40 + [0] * 10, [1] * 40 + [0] * 10)
    result = one(judge(loss(), [cand], against(base, cand)))
    assert (result.baseline, result.delta, result.actual) == (100.0, 0.0, 0.0)


def test_a_time_of_a_baseline_without_one_is_no_figure() -> None:
    """Nothing is made up; the run's own stands."""
    times = {"latency_s": Distribution(count=9, mean=1.0, p50=1.0, p95=1.0)}
    base, cand = loaded_run([1], 1, model="fp8"), loaded_run([1], 1, times=times)
    result = one(judge(target('metric = "request_time"', "below = 2000"), [cand], against(base, cand)))
    assert (result.actual, result.baseline, result.delta) == (1000.0, None, None)
    assert result.baseline_run is base
