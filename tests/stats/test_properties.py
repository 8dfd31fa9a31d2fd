"""What must hold for all data: order, direction, further evidence, and thresholds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalsite.stats.compare.numbers import compare, difference
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.compare.shift import error_shift
from evalsite.stats.decision import decide
from evalsite.stats.intervals import Interval, estimate_pass_at_k
from evalsite.stats.targets import Targets, judge, named_targets
from tests.make import loaded_run

BORN_WITH = named_targets("qwen3-coder-80b-ternary")

RANK = {"missed": 0, "vacuous": 1, "inconclusive": 1, "met": 2}
MIRROR = {"broken": "fixed", "fixed": "broken", "better": "worse", "worse": "better"}


@st.composite
def paired_counts(draw: st.DrawFn, least: int = 1, most: int = 40) -> tuple[list[int], list[int], int]:
    """Passes of two runs over the same problems, and the samples of each problem."""
    n = draw(st.sampled_from([1, 1, 3, 10]))
    rows = draw(st.lists(st.tuples(st.integers(0, n), st.integers(0, n)), min_size=least, max_size=most))
    return [base for base, _ in rows], [cand for _, cand in rows], n


@given(paired_counts(), st.integers(0, 2**32 - 1))
@settings(max_examples=80)
def test_relabelling_the_problems_changes_nothing(
    counts: tuple[list[int], list[int], int], seed: int
) -> None:
    """The order of the problems, in one run or both, is of no consequence."""
    base, cand, n = counts
    order, names = np.random.default_rng(seed).permutation(len(base)), [f"T/{i}" for i in range(len(base))]
    straight = compare_runs(loaded_run(base, n, task_ids=names), loaded_run(cand, n, task_ids=names))
    shuffled = compare_runs(
        loaded_run([base[i] for i in order], n, task_ids=[names[i] for i in order]),
        loaded_run(cand, n, task_ids=names),
    )
    assert straight.numbers is not None
    assert shuffled.numbers is not None
    assert straight.numbers.differences
    for one, other in zip(straight.numbers.differences, shuffled.numbers.differences, strict=True):
        assert other.value == pytest.approx(one.value, abs=1e-12)
        assert other.p_value == pytest.approx(one.p_value, abs=1e-12)
        assert other.interval.low == pytest.approx(one.interval.low, abs=1e-9)
        assert other.interval.high == pytest.approx(one.interval.high, abs=1e-9)
    assert set(straight.flips) == set(shuffled.flips)
    assert straight.shift == shuffled.shift


@given(paired_counts())
@settings(max_examples=80)
def test_swapping_the_runs_mirrors_the_result(counts: tuple[list[int], list[int], int]) -> None:
    """What one run lost the other gained, with the same certainty."""
    base, cand, n = counts
    there = compare_runs(loaded_run(base, n), loaded_run(cand, n))
    back = compare_runs(loaded_run(cand, n), loaded_run(base, n))
    assert there.numbers is not None
    assert back.numbers is not None
    assert there.numbers.differences
    for one, other in zip(there.numbers.differences, back.numbers.differences, strict=True):
        assert other.value == pytest.approx(-one.value, abs=1e-12)
        assert other.interval.low == pytest.approx(-one.interval.high, abs=1e-12)
        assert other.interval.high == pytest.approx(-one.interval.low, abs=1e-12)
        assert other.p_value == one.p_value
    assert {(flip.task_id, flip.kind) for flip in back.flips} == {
        (flip.task_id, MIRROR[flip.kind]) for flip in there.flips
    }


@given(
    st.lists(
        st.tuples(*[st.integers(0, 3) for _ in range(4)]).filter(
            lambda row: sum(row[:2]) <= 3 >= sum(row[2:])
        ),
        min_size=1,
        max_size=30,
    )
)
@settings(max_examples=50)
def test_swapping_the_runs_keeps_the_test_of_their_error_classes(rows: list[tuple[int, ...]]) -> None:
    """The shift of error classes is tested alike in both directions, whatever the order of the problems."""
    where = np.arange(len(rows))

    def run(column: int, ordered: list[tuple[int, ...]]) -> object:
        kinds = [{"timeout": row[column], "wrong_answer": row[column + 1]} for row in ordered]
        return loaded_run([3 - sum(kind.values()) for kind in kinds], 3, failures=kinds)

    there = error_shift(run(0, rows), run(2, rows), (where, where))
    back = error_shift(run(2, rows[::-1]), run(0, rows[::-1]), (where, where))
    assert there.p_value == back.p_value


@given(paired_counts(least=60, most=90), st.floats(0.01, 0.3))
@settings(max_examples=100)
def test_a_problem_that_both_pass_never_worsens_a_comparison(
    counts: tuple[list[int], list[int], int], margin: float
) -> None:
    """More evidence of no loss cannot turn "met" into less, nor "inconclusive" into "missed".

    With margins of a point or more and at least 60 problems. Below that, a candidate that clearly won can
    have its lower limit, just under zero, fall by a hair: a tie also waters down the evidence of its gain.
    """
    base, cand, n = counts
    before = compare([n] * len(base), base, [n] * len(cand), cand, ks=[1], margin=margin)
    more = len(base) + 1
    after = compare([n] * more, [*base, n], [n] * more, [*cand, n], ks=[1], margin=margin)
    assert RANK[after.by_figures] >= RANK[before.by_figures]


@given(paired_counts(least=5), st.floats(0.0, 1.0))
@settings(max_examples=200)
def test_a_solved_problem_never_worsens_a_target(
    counts: tuple[list[int], list[int], int], threshold: float
) -> None:
    """One more problem that passes cannot turn "met" into less, nor "inconclusive" into "missed"."""
    c, _, n = counts
    before = estimate_pass_at_k([n] * len(c), c, 1)
    after = estimate_pass_at_k([n] * (len(c) + 1), [*c, n], 1)
    assert (
        RANK[decide(after.value, after.interval, threshold, "above")]
        >= RANK[decide(before.value, before.interval, threshold, "above")]
    )


@given(paired_counts(least=3), st.data())
@settings(max_examples=100)
def test_a_better_candidate_never_turns_met_into_missed(
    counts: tuple[list[int], list[int], int], data: st.DataObject
) -> None:
    """Some of its samples that failed pass now: of a comparison as of a threshold, for every margin."""
    base, cand, n = counts
    better = [data.draw(st.integers(passed, n)) for passed in cand]
    size = [n] * len(cand)
    limit = data.draw(st.floats(0.01, 0.5))
    reference = np.array(size), np.array(base)
    before, after = (difference(reference, (reference[0], np.array(each)), 1) for each in (cand, better))
    assert after.value >= before.value - 1e-12
    alone = [estimate_pass_at_k(size, passes, 1) for passes in (cand, better)]
    for threshold in (before.value - 0.05, -limit):
        verdicts = [decide(one.value, one.interval, threshold) for one in (before, after)]
        assert verdicts != ["met", "missed"]
    verdicts = [decide(one.value, one.interval, 1 - limit) for one in alone]
    assert verdicts != ["met", "missed"]


@given(st.tuples(st.floats(0, 100), st.floats(0, 100)).map(sorted), st.floats(0, 100), st.floats(0, 100))
def test_verdicts_are_monotone_in_the_threshold(ends: list[float], first: float, second: float) -> None:
    """A stricter threshold never gives a better verdict; with and without an interval."""
    interval = Interval(ends[0], ends[1], 0.95, "any")
    low, high = sorted((first, second))
    for given_interval in (interval, None):
        for direction, lax, strict in (("above", low, high), ("below", high, low)):
            lax_verdict = decide(ends[0], given_interval, lax, direction)
            strict_verdict = decide(ends[0], given_interval, strict, direction)
            assert RANK[strict_verdict] <= RANK[lax_verdict]
    assert RANK[decide(0.0, interval, -low)] <= RANK[decide(0.0, interval, -high)]


@given(paired_counts(least=3), st.floats(0, 100), st.floats(0, 100))
@settings(max_examples=60)
def test_judging_is_monotone_in_the_threshold(
    counts: tuple[list[int], list[int], int], first: float, second: float
) -> None:
    """The same through the whole judge, for a pass@k row and for a degradation.

    A margin that is wide enough becomes vacuous, and stays so however much wider it gets.
    """
    base, cand, n = counts
    low, high = sorted((first, second))
    run = loaded_run(cand, n)
    runs, baselines = [run], {run.id: loaded_run(base, n, model="base")}
    rows = {row.name: row for row in BORN_WITH.rows}

    def verdict(name: str, threshold: float) -> int:
        targets = Targets((replace(rows[name], threshold=threshold),), "test")
        return (RANK | {"vacuous": 3})[judge(targets, runs, baselines)[0].decision]

    assert verdict("HumanEval pass@1", high) <= verdict("HumanEval pass@1", low)
    assert verdict("Degradation", low) <= verdict("Degradation", high)
