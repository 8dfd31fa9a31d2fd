"""Calls of two runs: who makes them, whether they fit, what a parser would change."""

import pytest
from msgspec.structs import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.calls import CallCounts, CallTally
from evalsite.stats.compare.calls import as_calls, compare_calls, trigger_agreement
from evalsite.stats.compare.common import comparable
from evalsite.stats.compare.runs import compare_runs
from tests.make import loaded_run


def run_with(calls, *, model="candidate", passes=None, samples=1, leaked=0):
    """A run of which each problem's calls are (made, fitting, called, parsed)."""
    loaded = loaded_run(passes or [0] * len(calls), samples, model=model)
    tallies = tuple(
        replace(tally, calls=CallTally(made=made, fitting=fitting, called=called, parsed=parsed))
        for tally, (made, fitting, called, parsed) in zip(loaded.summary.tallies, calls, strict=True)
    )
    return LoadedRun(
        loaded.dir, loaded.run, replace(loaded.summary, tallies=tallies, calls=CallCounts(leaked=leaked))
    )


CALL, NONE, BROKEN = (1, 1, 1, 1), (0, 0, 0, 0), (1, 0, 1, 0)


def test_trigger_agreement_is_a_table_of_four():
    """F1 is the verifiers': twice the common calls over all; kappa takes chance away."""
    base = run_with([CALL] * 60 + [NONE] * 40, model="base")
    candidate = run_with([CALL] * 50 + [NONE] * 10 + [CALL] * 5 + [NONE] * 35)
    found = trigger_agreement(base, candidate)
    assert (found.both, found.base_only, found.candidate_only, found.neither) == (50, 10, 5, 35)
    assert found.f1.value == pytest.approx(2 * 50 / (2 * 50 + 10 + 5))
    assert found.f1.interval.low < found.f1.value < found.f1.interval.high
    chance = 0.6 * 0.55 + 0.4 * 0.45
    assert found.kappa == pytest.approx((0.85 - chance) / (1 - chance))


def test_several_samples_are_compared_each_with_each():
    """Of two samples with one call against two with both, half of the pairs agree."""
    base = run_with([(1, 1, 1, 0)] * 10, model="base", samples=2)
    candidate = run_with([(2, 2, 2, 0)] * 10, samples=2)
    found = trigger_agreement(base, candidate)
    assert (found.both, found.base_only, found.candidate_only, found.neither) == (5, 0, 5, 0)
    assert found.f1.value == pytest.approx(2 / 3)


def test_where_nobody_calls_there_is_no_f1_and_no_kappa():
    """Chance alone agrees on everything."""
    found = trigger_agreement(run_with([NONE] * 5, model="base"), run_with([NONE] * 5))
    assert (found.f1, found.kappa, found.neither) == (None, None, 5)


def test_a_run_as_its_calls():
    """Those that fit pass; problems without a call are no part of it."""
    seen = as_calls(run_with([CALL, NONE, (3, 2, 1, 0)]))
    assert (seen.n.tolist(), seen.c.tolist()) == ([1, 3], [1, 2])


def test_calls_are_compared_beside_pass_at_1():
    """With a verdict on the same margin; the notes of the comparison tell."""
    base = run_with([CALL] * 90 + [NONE] * 10, model="base", passes=[1] * 100)
    candidate = run_with([CALL] * 45 + [BROKEN] * 45 + [NONE] * 10, passes=[1] * 45 + [0] * 55, leaked=7)
    found = compare_runs(base, candidate)
    calls = found.calls
    assert calls.schema.num_problems == 90
    assert calls.schema.main.value == pytest.approx(-0.5)
    assert calls.schema.by_figures == "missed"
    assert calls.parsed == (0.9, 0.45)
    notes = " ".join(found.notes)
    assert "both runs make a call on 90, the baseline alone on 0" in notes
    assert "100.0 % to 50.0 %, 50.0 points lost" in notes
    assert "The candidate's server left a call in the text of 7 answers" in notes
    assert "The baseline's server" not in notes


def test_runs_without_calls_say_nothing_of_them():
    """Neither do those of which one has none."""
    plain, calls = loaded_run([1] * 5, 1), run_with([CALL] * 5)
    assert compare_runs(plain, plain).calls is None
    assert compare_calls(plain, calls, comparable(plain, calls)) is None


def test_calls_decide_nothing_where_the_comparison_does_not():
    """A run that goes on: its calls are told, and no verdict on them."""
    base = run_with([CALL] * 90, model="base", passes=[1] * 90)
    other = run_with([CALL] * 90, passes=[1] * 90)
    going_on = LoadedRun(other.dir, replace(other.run, status="running"), other.summary)
    found = compare_runs(base, going_on)
    assert found.calls.schema.by_figures == "met"
    assert found.decided(found.calls.schema) == "pending"
    assert "that no more than 10.0 points were lost is pending." in " ".join(found.notes)
