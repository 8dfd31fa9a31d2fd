"""A run that stops when it is decided: what a look says, and what comes after it."""

import pytest
from msgspec import structs

from evalsite.counts.loaded import load_run
from evalsite.errors import UsageError
from evalsite.rundir.beside import looks
from evalsite.rundir.looks import Look, LookPlan
from evalsite.runner.deciding import Deciding, one_look, record_unseen
from tests.make import write_run

PLAN = LookPlan(base="base", margin=0.05, stops=(30, 45, 1200), num_samples=2)

AT, OF = " of at most 3, at", " of 1,200 problems"


def look(number, outcome):
    return Look(at="now", num_problems=number, num_samples=2, outcome=outcome)


@pytest.mark.parametrize(
    ("at", "outcome", "following", "told"),
    [
        (30, "met", None, f"look 1{AT} 30{OF}: met; 2,340 samples saved (98 %)"),
        (45, "futile", None, f"look 2{AT} 45{OF}: futile; 2,310 samples saved (96 %)"),
        (30, "inconclusive", 45, "look 1 of at most 3, at 30 of 1,200 problems: inconclusive"),
        (45, "vacuous", 1200, "look 2 of at most 3, at 45 of 1,200 problems: vacuous"),
        (1200, "missed", None, "look 3 of at most 3, at 1,200 of 1,200 problems: missed"),
        (1200, "inconclusive", None, "look 3 of at most 3, at 1,200 of 1,200 problems: inconclusive"),
    ],
)  # fmt: skip
def test_what_is_decided_asks_no_more_and_says_what_that_saves(at, outcome, following, told):
    """Anything else goes on to the next look, if there is one."""
    deciding = Deciding(None, PLAN)
    assert deciding.next_stop(look(at, outcome)) == following
    assert deciding.told(look(at, outcome)) == told


def test_a_single_look_saves_nothing():
    """That is said with what helps."""
    assert Deciding(None, PLAN).saves_nothing == ""
    told = Deciding(None, structs.replace(PLAN, stops=(1200,))).saves_nothing
    assert told == (
        f"{one_look(1200, 0.05)} Allow a larger --margin, or ask all of them in their order, "
        "without --until-decided."
    )
    assert told.startswith(
        "Of 1,200 problems and a margin of 5 points there is one look, at the end, so that"
    )


def test_a_baseline_of_other_data_or_that_is_not_whole_is_refused(tmp_path):
    """Before anything is asked; so is one that could not lose as much as is allowed."""
    base = write_run(tmp_path, "Base", [1] * 30, n=1)
    whole, dataset = load_run(base), base.read_run().dataset
    for changes in ({"name": "other"}, {"sha256": "cd" * 32}):
        with pytest.raises(UsageError, match=r"was asked humaneval .ababab., and this run asks ") as caught:
            Deciding.prepare(whole, structs.replace(dataset, **changes), 1, 0.2, 3)
        assert caught.value.hint == "Name a run of the baseline on this data set."
    base.write_run(structs.replace(base.read_run(), status="incomplete", num_samples=2))
    with pytest.raises(UsageError, match="nothing can be held against this baseline") as caught:
        Deciding.prepare(load_run(base), dataset, 1, 0.2, 3)
    assert caught.value.hint == "Name a whole run of it."
    none = write_run(tmp_path, "None", [0] * 30, n=1)
    with pytest.raises(UsageError, match=r"^--until-decided: "):
        Deciding.prepare(load_run(none), dataset, 1, 0.2, 3)
    plan = Deciding.prepare(whole, dataset, 4, 0.2, 3).plan
    assert (plan.base, plan.margin, plan.num_samples, plan.stops[-1]) == (whole.id, 0.2, 4, 30)


@pytest.mark.parametrize(
    ("changes", "recorded"),
    [
        ({}, True),
        ({"status": "incomplete"}, False),
        ({"grading": None}, False),
        ({"dataset": 31}, False),
        ({"dataset": 31, "looks": structs.replace(PLAN, stops=(30, 31))}, True),
    ],
)
def test_what_was_there_to_be_seen_is_recorded_once(tmp_path, changes, recorded):
    """Of a part there was no verdict, unless it was to be looked at."""
    run_dir = write_run(tmp_path, "m", [1] * 30, n=2)
    run = run_dir.read_run()
    if "dataset" in changes:
        changes = changes | {"dataset": structs.replace(run.dataset, num_problems=changes["dataset"])}
    run = structs.replace(run, **changes)
    for _ in range(2):
        record_unseen(run_dir, run)
    found = [(each.num_problems, each.num_samples, each.outcome) for each in looks(run_dir)]
    assert found == [(30, 2, "not recorded")] * recorded
    record_unseen(run_dir, structs.replace(run, num_samples=3))
    assert len(looks(run_dir)) == 2 * recorded
