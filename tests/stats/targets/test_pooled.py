"""Targets over several data sets: parsed, judged, and counted as the gate does."""

import pytest

from evalsite.errors import UsageError
from evalsite.stats.compare.question import Question
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


@pytest.mark.parametrize(("lost", "decision"), [(2, "met"), (12, "inconclusive"), (60, "missed")])
def test_a_share_of_what_the_baseline_solves_on_all_data_sets_may_have_to_be_kept(lost, decision):
    """The figure, its interval and the sentence are those of the share; the picture asks the same."""
    result = one(judge(target(POOL[0], "relative = 0.95", POOL[2]), *runs(lost)))
    assert (result.decision, result.target.metric.name) == (decision, "recovery")
    assert result.actual == pytest.approx(100 * (240 - lost) / 240)
    assert (result.interval.low > 95, result.interval.high < 95) == (decision == "met", decision == "missed")
    assert (result.chance < 0.025) == (decision == "met")
    assert result.sentence.startswith(f"Of pass@1, ternary keeps {result.actual:.1f} % on all 240 problems")
    assert result.pooled.decision == decision
    assert f"Of the baseline's score {result.actual:.1f} % is kept" in result.pooled.headline
    ending = {
        "met": "which is more than the 95 % wanted.",
        "missed": "which is less than the 95 % wanted.",
        "inconclusive": "so these data cannot tell whether 95 % are kept.",
    }
    assert result.pooled.headline.endswith(ending[decision])
    assert ("with 95 % confidence at least" in result.pooled.headline) == (decision == "met")


@pytest.mark.parametrize(
    ("lost", "swapped", "decision"),
    [(2, False, "met"), (16, False, "inconclusive"), (60, False, "missed"), (60, True, "missed")],
)
def test_a_pool_may_have_to_be_the_same_to_both_sides(lost, swapped, decision):
    """A gain beyond the margin misses it, too, in the gate as in the picture's headline."""
    found, held = runs(lost)
    if swapped:
        held = {run.id: found[index - index % 2 + 1] for index, run in enumerate(found)}
    result = one(judge(target(*POOL, "two_sided = true"), found, held))
    assert (result.decision, result.pooled.decision) == (decision, decision)
    assert "less than 10 points lost or gained" in result.sentence
    assert {
        "met": "no further than the allowed 10 points to either side",
        "missed": f"it {'gained' if swapped else 'lost'} at least",
        "inconclusive": "cannot tell whether the two differ by no more than the allowed 10 points",
    }[decision] in result.pooled.headline


def test_an_open_pool_is_told_what_would_settle_it():
    """In problems over all data sets; a decided one, and one asked in another way, is not."""
    told = {lost: one(judge(target(*POOL), *runs(lost))).sentence for lost in (5, 24, 80)}
    assert "What would settle it: about " in told[24]
    assert "problems like these (now 240), spread alike over the data sets, in half of such cases" in told[24]
    assert "What would settle it" not in told[5] + told[80]
    assert "What would settle it" not in one(judge(target(*POOL, "two_sided = true"), *runs(24))).sentence


@pytest.mark.parametrize("way", [("relative = 0.9",), ("margin = 10", "two_sided = true")])
def test_what_a_pool_lacks_may_hide_every_way_to_miss(way):
    """At worst what is missing of the candidate failed."""
    found, held = runs(0)
    short = loaded_run(
        [1] * 70 + [0] * 50, [1] * 70 + [0] * 50, model="ternary", dataset="rust", id=found[3].id,
        task_ids=found[3].task_ids, missing=[0] * 70 + [1] * 50,
    )  # fmt: skip
    result = one(judge(target(POOL[0], *way, POOL[2]), [*found[:3], short], held))
    assert (result.decision, result.pooled.decision) == ("inconclusive", "inconclusive")
    assert "the samples that are missing could hide a miss" in result.sentence
    assert "those that are missing could hide more" in result.pooled.headline


def test_nothing_is_kept_of_a_pool_that_solves_nothing():
    """Pending, with the reason."""
    found, held = runs(0)
    nothing = [
        loaded_run([0] * 120, 1, model=run.model, dataset=run.dataset, id=run.id, task_ids=run.task_ids)
        for run in found
    ]
    held = {run.id: nothing[index - index % 2] for index, run in enumerate(nothing)}
    result = one(judge(target(POOL[0], "relative = 0.9", POOL[2]), nothing, held))
    assert (result.decision, result.sentence) == (
        "pending", "The baseline's runs solve nothing that could be kept.",
    )  # fmt: skip


def test_a_data_set_of_which_nothing_could_be_kept_does_not_hold_up_the_pool():
    """What is kept is asked of all of them together."""
    found, held = runs(0)
    nothing = [
        loaded_run([0] * 120, 1, model=run.model, dataset="rust", id=run.id, task_ids=run.task_ids)
        for run in found[2:]
    ]
    held[nothing[1].id] = held[nothing[0].id] = nothing[0]
    result = one(judge(target(POOL[0], "relative = 0.95", POOL[2]), [*found[:2], *nothing], held))
    assert (result.decision, result.actual) == ("met", 100.0)


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


def test_a_question_names_its_limit_and_where_a_picture_draws_it():
    """The loss that is allowed, on both sides, or what has to be kept of the baseline's score."""
    told = {way: Question(0.05 if way != "share" else 0.9, way) for way in ("margin", "equivalence", "share")}
    assert {way: each.words for way, each in told.items()} == {
        "margin": "the allowed 5 points",
        "equivalence": "the allowed 5 points on either side",
        "share": "the 90 % of the baseline's score that have to be kept",
    }
    assert told["margin"].lines(0.8) == ((-0.05, "allowed"),)
    assert told["equivalence"].lines(0.8) == ((-0.05, "allowed"), (0.05, "allowed"))
    ((kept, words),) = told["share"].lines(0.8)
    assert (kept, words) == (pytest.approx(-0.08), "90 % kept")
