"""Targets over several data sets: parsed, judged, and counted as the gate does."""

import pytest

from evalsite.errors import UsageError
from evalsite.stats.targets import Standing, judge
from tests.make import loaded_run
from tests.stats.targets.helpers import one, target

POOL = ('metric = "degradation"', "margin = 10", 'pool = ["python", "rust"]')


def runs(lost, **fields):
    """fp8 and ternary on both data sets, with so many problems of rust lost."""
    made = []
    for name, gone in (("python", 0), ("rust", lost)):
        ids = [f"{name}/{index}" for index in range(120)]
        made += [
            loaded_run([1] * 120, 1, model="fp8", dataset=name, task_ids=ids),
            loaded_run(
                [0] * gone + [1] * (120 - gone), 1, model="ternary", dataset=name, task_ids=ids,
                **(fields if name == "rust" else {}),
            ),
        ]  # fmt: skip
    return made, {run.id: made[index - index % 2] for index, run in enumerate(made)}


@pytest.mark.parametrize(("lost", "decision"), [(5, "met"), (24, "inconclusive"), (80, "missed")])
def test_a_pool_is_one_verdict(lost, decision):
    """Over all problems, with the sentence of a target."""
    result = one(judge(target(*POOL), *runs(lost)))
    assert (result.decision, result.label) == (decision, "python + rust")
    assert result.actual == pytest.approx(100 * lost / 240)
    assert result.sentence.startswith(
        "pass@1 of ternary on all 240 problems of python and rust (each problem counts"
    )
    assert [run.dataset for run in result.runs] == ["python", "rust"]
    assert [run.model for run in result.held_against] == ["fp8", "fp8"]
    assert result.pooled.decision == decision


def test_data_sets_may_count_the_same():
    """By a key of the target."""
    found, held = runs(24)
    part = [run for run in found if run.dataset == "python"]
    small = [
        loaded_run([1] * 30 if run.model == "fp8" else [0] * 6 + [1] * 24, 1, model=run.model, dataset="rust")
        for run in part
    ]
    pair = {**held, small[1].id: small[0], small[0].id: small[0]}
    by_problem, by_set = (
        one(judge(target(*POOL, f'weights = "{weights}"'), [*part, *small], pair)).actual
        for weights in ("problem", "dataset")
    )
    assert (by_problem, by_set) == (pytest.approx(4.0), pytest.approx(10.0))


def test_a_run_that_lacks_or_goes_on_makes_the_pool_pending():
    """It names which."""
    found, held = runs(0)
    result = one(judge(target(*POOL), [run for run in found if run.dataset == "python"], held))
    assert (result.decision, result.sentence) == ("pending", "No run of ternary on rust to judge yet.")
    result = one(judge(target(*POOL), *runs(0, status="running", id="r")))
    assert (result.decision, result.sentence) == ("pending", "The run r has not ended.")
    found, held = runs(0)
    alone = [run for run in found if (run.model, run.dataset) != ("fp8", "rust")]
    held = {run.id: held[run.id] for run in alone if run.dataset == "python"}
    assert one(judge(target(*POOL), alone, held)).sentence.startswith("No baseline run on rust")


def test_a_change_that_brings_one_run_of_a_pool_is_judged_by_it():
    """So is one that brings a run of the baseline."""
    found, held = runs(80)
    results = judge(target(*POOL), found, held)
    assert len(found) == 4
    for brought in found:
        assert Standing.of(results, [brought]).decision == "missed"
    assert not Standing.of(results, []).deciding


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ('metric = "degradation"', "margin = 10", 'pool = ["rust"]'),
            "pool: must name two data sets or more",
        ),
        (('metric = "degradation"', "margin = 10", 'pool = "rust"'), "pool: must be a list of names"),
        (('metric = "pass@1"', "above = 10", POOL[2]), "pool: is of degradation"),
        (('metric = "degradation@10"', "margin = 10", POOL[2]), "pool: is of degradation"),
        ((*POOL[:2], 'pool = ["rust", "py*"]'), "pool: must name each data set"),
        ((*POOL, 'dataset = "rust"'), "dataset: is said by pool already"),
        ((*POOL, "baseline = 80"), "baseline: is a figure, and a pool"),
        ((*POOL, 'weights = "tokens"'), "weights: must be 'problem' or 'dataset'"),
        (('metric = "degradation"', "margin = 10", 'weights = "problem"'), "weights: is of a pool"),
    ],
)
def test_a_pool_that_cannot_be_meant_is_refused(lines, message):
    """With its key."""
    with pytest.raises(UsageError, match=message):
        target(*lines)
