"""Runs on several data sets that stop together: looks at the difference over all, recorded in each."""

from fractions import Fraction

import pytest
from msgspec import structs

from evalsite.counts.loaded import load_run
from evalsite.counts.validate import find_faults
from evalsite.errors import UsageError
from evalsite.rundir.beside import looks
from evalsite.rundir.schema import Dataset
from evalsite.runner.together import last_outcome, look_together, plan_looks, told
from evalsite.stats.sequential import LookRule, confidence_at
from tests.make import write_run

SIZE, PART = 60, 30
SETS = ("one", "other")
RULE = LookRule()


def begun(folder, passes, planned=True):
    """A baseline that solves everything of two data sets, and a candidate that was asked the half of each."""
    pairs = []
    for name in SETS:
        base = write_run(folder, "Base", [1] * SIZE, n=1, dataset=name, prefix=name)
        asked = write_run(folder, "Cand", passes, n=1, dataset=name, prefix=name)
        whole = Dataset(name=name, sha256="ab" * 32, num_problems=SIZE)
        asked.write_run(structs.replace(asked.read_run(), dataset=whole))
        if planned:
            plan_looks(asked, base.read_run().id, 0.2, (PART, 45, SIZE), SETS, RULE)
        pairs.append((load_run(base), asked))
    return pairs


@pytest.mark.parametrize(
    ("lost", "outcome"), [(0, "met"), (18, "missed"), (10, "inconclusive"), (6, "futile")]
)
def test_a_look_is_about_all_data_sets_and_stands_in_each_run(tmp_path, lost, outcome):
    """With the confidence that is its share, and the difference over all."""
    pairs = begun(tmp_path, [0] * lost + [1] * (PART - lost))
    assert look_together(pairs, 0.2, Fraction(1, 2), RULE.give_up) == outcome
    recorded = [looks(run_dir) for _, run_dir in pairs]
    assert [len(each) for each in recorded] == [1, 1]
    (first,), (second,) = recorded
    assert (first.outcome, second.outcome) == (outcome, outcome)
    assert first.confidence == pytest.approx(confidence_at((0.5,)))
    assert first.difference == second.difference == pytest.approx(-lost / PART)
    assert [find_faults(run_dir) for _, run_dir in pairs] == [[], []]
    ended = None if outcome == "inconclusive" else outcome
    assert last_outcome([run_dir for _, run_dir in pairs]) == ended


def test_what_was_looked_at_is_not_looked_at_again(tmp_path):
    """Also after a kill between the two records: the second is to say what the first does."""
    pairs = begun(tmp_path, [1] * PART)
    look_together(pairs, 0.2, Fraction(1, 2), RULE.give_up)
    kept = [looks(run_dir) for _, run_dir in pairs]
    assert look_together(pairs, 0.2, Fraction(1, 2), RULE.give_up) == "met"
    assert [looks(run_dir) for _, run_dir in pairs] == kept
    (pairs[1][1].path / "looks.jsonl").unlink()
    assert last_outcome([run_dir for _, run_dir in pairs]) is None
    assert look_together(pairs, 0.2, Fraction(1, 2), RULE.give_up) == "met"
    assert [each.outcome for each in looks(pairs[1][1])] == ["met"]


def test_looks_are_fixed_before_the_first_answer(tmp_path):
    """A plan that is changed is refused, and so is one for a run that was begun without."""
    pairs = begun(tmp_path, [1] * PART)
    base, run_dir = pairs[0][0].id, pairs[0][1]
    plan_looks(run_dir, base, 0.2, (PART, 45, 45, SIZE), SETS, RULE)
    with pytest.raises(UsageError, match=r"was begun with other looks: at \[30, 45, 60\].* -> at \[30, 60\]"):
        plan_looks(run_dir, base, 0.2, (PART, SIZE), SETS, RULE)
    other = begun(tmp_path / "others", [1] * PART, planned=False)[0][1]
    with pytest.raises(UsageError, match="was begun with other looks: none -> "):
        plan_looks(other, base, 0.2, (20, SIZE), SETS, RULE)


def test_a_thrifty_plan_is_recorded_and_no_other_one_goes_on_with_it(tmp_path):
    """How looks spend and when they give up is fixed, too; what is hopeless depends on it."""
    pairs = begun(tmp_path, [0] * 8 + [1] * (PART - 8), planned=False)
    thrifty = LookRule.of(3, thrifty=True)
    for base, run_dir in pairs:
        plan_looks(run_dir, base.id, 0.2, (PART, 45, SIZE), SETS, thrifty)
        assert run_dir.read_run().looks.spending == "power-1.5"
        with pytest.raises(UsageError, match=r"power-1.5, giving up below 42 %.* -> .*obrien-fleming"):
            plan_looks(run_dir, base.id, 0.2, (PART, 45, SIZE), SETS, RULE)
    assert look_together(pairs, 0.2, Fraction(1, 2), 0.9) == "futile"
    assert looks(pairs[0][1])[0].confidence == pytest.approx(confidence_at((0.5,), spending="power-1.5"))


def test_a_look_says_what_is_saved():
    """Where nothing more is asked after it."""
    assert told("met", (1, 3), (60, 120)) == (
        "look 1 of at most 3, at 60 of 120 samples: met; 60 samples saved (50 %)"
    )
    assert (
        told("inconclusive", (2, 3), (90, 120)) == "look 2 of at most 3, at 90 of 120 samples: inconclusive"
    )
    assert told("missed", (3, 3), (120, 120)).endswith("samples: missed")
