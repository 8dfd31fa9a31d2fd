"""Symptoms of two runs, compared."""

import re
from collections.abc import Mapping, Sequence

import pytest
from msgspec.structs import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.symptoms import Symptom, SymptomCounts
from evalsite.stats.compare.numbers import compare
from evalsite.stats.compare.runs import compare_runs
from evalsite.words.limits import outward
from tests.make import loaded_run


def run(
    have: Sequence[Mapping[str, int]],
    n: int = 10,
    *,
    version: str = "1",
    model: str = "m",
    first: int = 0,
) -> LoadedRun:
    """A run in which no sample passes; ``have``: the symptoms of each problem's samples.

    ``first``: the number of the problem that stands first; those before it stand last.
    """
    names = [f"HumanEval/{(index + first) % len(have)}" for index in range(len(have))]
    made = loaded_run([0] * len(have), n, model=model, task_ids=names)
    tallies = tuple(
        replace(tally, symptoms=dict(each)) for tally, each in zip(made.summary.tallies, have, strict=True)
    )
    known = {name for each in have for name in each}
    counts = SymptomCounts(
        looked_at=n * len(have),
        samples={name: sum(each.get(name, 0) for each in have) for name in known},
        versions={version: n * len(have)},
    )
    summary = replace(made.summary, tallies=tallies, symptoms=counts)
    return LoadedRun(made.dir, made.run, summary)


BASE = run([{"loop": 1}] * 20 + [{}] * 20, model="base")
WORSE = run([{"loop": 8, "gibberish": 1}] * 20 + [{"loop": 2}] * 20, model="cand")


def test_shares_interval_and_test_are_those_of_pass_at_1() -> None:
    """With the samples that have a symptom in place of those that passed, the largest change first."""
    found = compare_runs(BASE, WORSE).symptoms
    assert found is not None
    assert [shift.symptom for shift in found] == [Symptom.LOOP, Symptom.GIBBERISH]
    loop = found[0]
    assert (loop.base, loop.candidate, loop.base_share, loop.candidate_share) == (
        20,
        200,
        0.05,
        pytest.approx(0.5),
    )
    as_passes = compare([10] * 40, [1] * 20 + [0] * 20, [10] * 40, [8] * 20 + [2] * 20).main
    assert (loop.value, loop.interval, loop.p_value) == (
        pytest.approx(0.45),
        as_passes.interval,
        as_passes.p_value,
    )
    assert loop.p_adjusted == min(1.0, 2 * min(shift.p_value for shift in found))


def test_each_problem_is_held_against_itself_in_whatever_order_a_run_has_them() -> None:
    """Else an interval would be that of other pairs."""
    told = [{"loop": 8, "gibberish": 1}] * 20 + [{"loop": 2}] * 20
    turned = run([*told[10:], *told[:10]], model="cand", first=10)
    assert compare_runs(BASE, turned).symptoms == compare_runs(BASE, WORSE).symptoms


def test_a_sentence_for_what_is_beyond_chance() -> None:
    """And none for what is not."""
    found = compare_runs(BASE, WORSE)
    told, loop = [note for note in found.notes if "symptom" in note], found.symptoms[0]
    assert told[0].startswith(
        "Answers with the symptom loop (its end repeats itself) went from 5.0 % to 50.0 % (p < 0.001; by "
    )
    assert (
        re.search(r"\(p < 0\.001; by (\S+) to (\S+) points\)\.$", told[0]).groups()
        == outward(*(100 * end for end in (loop.interval.low, loop.interval.high))).texts
    )
    alike = compare_runs(BASE, run([{"loop": 1}] * 20 + [{"loop": 1}] + [{}] * 19))
    assert [note for note in alike.notes if "symptom" in note] == []


def test_runs_that_were_not_looked_at_alike() -> None:
    """Are not compared: their rules may have found other things."""
    assert compare_runs(BASE, run([{"loop": 1}] * 40, version="2")).symptoms is not None
    assert compare_runs(BASE, loaded_run([0] * 40, 10)).symptoms is None
