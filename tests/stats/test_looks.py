"""From where two runs are looked at, and how sure a verdict has to be there."""

import dataclasses
from fractions import Fraction

import msgspec
import pytest

from evalsite.rundir.looks import Look, LookPlan
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.intervals import LookConfidence
from evalsite.stats.looks import standpoint
from evalsite.stats.sequential import EARLY, confidence_at
from tests.make import loaded_run

PLAN = LookPlan(base="base", margin=0.1, stops=(40, 60, 100), num_samples=1)
TOTAL = 100


def look(problems, samples=1, outcome="inconclusive"):
    return Look(at="", num_problems=problems, num_samples=samples, outcome=outcome)


def run(problems, samples=1, looks=(), plan=None, model="candidate"):
    made = loaded_run([samples] * problems, samples, model=model)
    record = made.run
    dataset = type(record.dataset)(name="humaneval", sha256="0" * 64, num_problems=TOTAL)
    record = type(record)(
        **{
            **{name: getattr(record, name) for name in record.__struct_fields__},
            "dataset": dataset,
            "looks": plan,
        }
    )
    return dataclasses.replace(made, run=record, looks=tuple(looks))


BASE = run(TOTAL, model="base")


@pytest.mark.parametrize(
    ("looks", "problems", "fractions"),
    [
        ((), 40, (40,)),
        ((look(40),), 40, (40,)),
        ((look(40),), 60, (40, 60)),
        ((look(40), look(60)), 60, (40, 60)),
        ((look(40, outcome="met"),), 100, (40, 100)),
    ],
)
def test_a_planned_look_spends_what_its_place_gives_it_recorded_or_not(looks, problems, fractions):
    stands = standpoint(BASE, run(problems, looks=looks, plan=PLAN))
    assert stands.number == len(fractions)
    expected = confidence_at([float(Fraction(part, TOTAL)) for part in fractions])
    assert stands.confidence() == expected > 0.95
    assert isinstance(stands.confidence(), LookConfidence)


@pytest.mark.parametrize(
    ("looks", "samples", "plan", "confidence"),
    [
        ((), 1, None, 0.95),
        ((look(TOTAL, 1, "not recorded"),), 1, None, 0.95),
        ((look(TOTAL, 1, "not recorded"),), 5, None, 0.975),
        ((look(TOTAL, 1, "not recorded"), look(TOTAL, 5, "not recorded")), 10, None, 0.9875),
        ((look(40), look(60), look(TOTAL)), 5, PLAN, 0.975),
        ((look(40), look(60), look(TOTAL), look(TOTAL, 5, "not recorded")), 10, PLAN, 0.9875),
    ],
)
def test_each_further_look_takes_the_half_of_what_is_left(looks, samples, plan, confidence):
    stands = standpoint(BASE, run(TOTAL, samples, looks, plan))
    assert stands.confidence() == pytest.approx(confidence)
    assert stands.is_sequential == (confidence > 0.95)
    assert bool(stands.sentence()) == stands.is_sequential


def test_a_look_at_the_baseline_counts_as_one_at_its_candidate():
    base = run(TOTAL, 5, [look(TOTAL, 1, "not recorded")])
    candidate = run(TOTAL, 5, [look(TOTAL, 1, "not recorded")])
    assert standpoint(base, candidate).confidence() == pytest.approx(0.975), "both were raised together"
    assert standpoint(base, run(TOTAL, 5)).confidence() == pytest.approx(0.975)
    assert standpoint(base, run(40, plan=PLAN)).later == 1


def test_a_look_is_judged_more_strictly_and_says_so():
    """Interval, words and verdict are those of the look's own confidence."""
    ordinary = compare_runs(BASE, run(TOTAL))
    early = compare_runs(BASE, run(40, plan=PLAN))
    assert ordinary.sequential == ""
    assert early.sequential.startswith("Sequential verdict, look 1 of at most 3.")
    assert early.sequential == early.notes[0]
    assert type(early.numbers.main.interval.confidence) is float
    assert early.numbers.main.interval.confidence == standpoint(BASE, early.candidate).confidence()
    assert early.numbers.main.interval.low < ordinary.numbers.main.interval.low
    assert early.decision == early.numbers.by_figures
    assert early.left_out == ()
    assert compare_runs(BASE, run(50, plan=PLAN)).decision == "pending", "no look was planned there"
    assert compare_runs(BASE, run(40)).decision == "pending"
    assert compare_runs(run(40, plan=PLAN, model="part"), BASE).decision == "pending", "a part is no baseline"


def test_a_thrifty_look_is_judged_by_its_own_spending_and_says_so():
    """The last look of all pays for what early ones spent."""
    plan = msgspec.structs.replace(PLAN, spending=EARLY, give_up=0.4)
    for problems, places in ((40, (0.4,)), (TOTAL, (0.4, 0.6, 1.0))):
        taken = [look(round(TOTAL * place)) for place in places[:-1]]
        stands = standpoint(BASE, run(problems, looks=taken, plan=plan))
        assert stands.confidence() == confidence_at(places, spending=EARLY) != confidence_at(places)
        assert "It was to be thrifty" in stands.sentence()
    assert "thrifty" not in standpoint(BASE, run(40, plan=PLAN)).sentence()


def test_two_planned_looks_are_several_and_earlier_ones_are_told_with_their_samples():
    """Of one sample of each problem only the problems are told."""
    plan = msgspec.structs.replace(PLAN, stops=(50, TOTAL))
    stands = standpoint(BASE, run(50, plan=plan))
    assert stands.confidence() == confidence_at((0.5,)) > 0.99
    last = standpoint(BASE, run(TOTAL, looks=[look(50)], plan=plan))
    assert "look 2 of at most 2: inconclusive at 50 problems. All" in last.sentence()
    taken = [look(TOTAL, 5, "not recorded")]
    assert (
        "after 1 look: not recorded at 100 problems x 5. What"
        in standpoint(BASE, run(TOTAL, 10, taken)).sentence()
    )
