"""Parts of data sets that are drawn at random, by a seed."""

import random

import msgspec
import pytest

from evalsite.errors import RunError
from evalsite.rundir.draws import Draw, part_of
from tests.make import make_problem

PROBLEMS = tuple(make_problem(f"Demo/{number}") for number in range(50))


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_a_larger_part_holds_the_smaller_one_in_the_order_of_the_data_set(seed):
    """Up to the whole, which is the data set as it is."""
    draw, before = Draw(seed=seed), set()
    for size in range(1, 51):
        part = part_of(PROBLEMS, size, draw)
        now = {problem.task_id for problem in part}
        assert (len(part), before <= now) == (size, True)
        assert list(part) == sorted(part, key=PROBLEMS.index)
        before = now
    assert part_of(PROBLEMS, 99, draw) == part_of(PROBLEMS, None, draw) == PROBLEMS


def test_the_order_is_everybodys():
    """The rule's name promises it: these very problems, wherever they stand in a file."""
    mixed = list(PROBLEMS)
    random.Random(0).shuffle(mixed)
    expected = ["Demo/9", "Demo/42", "Demo/18", "Demo/40", "Demo/16"]
    assert [problem.task_id for problem in Draw().order(mixed)[:5]] == expected
    assert [problem.task_id for problem in Draw(seed=1).order(mixed)[:5]] != expected


def test_seeds_draw_all_problems_alike():
    """Over many seeds each problem is drawn about as often as any other: a fifth of the time."""
    drawn = [problem.task_id for seed in range(400) for problem in part_of(PROBLEMS, 10, Draw(seed=seed))]
    often = [drawn.count(problem.task_id) for problem in PROBLEMS]
    assert 50 <= min(often) <= max(often) <= 115  # 80 on average, and a standard deviation of 8


def test_without_a_draw_a_part_is_the_first_ones():
    """As runs have it that recorded none."""
    assert part_of(PROBLEMS, 3, None) == PROBLEMS[:3]


def test_a_rule_of_a_newer_version_is_told():
    """Other problems than were meant would be asked by ours."""
    newer = msgspec.json.decode(b'{"seed": 3, "rule": "sha512-v2", "by": 1}', type=Draw)
    with pytest.raises(RunError, match="sha512-v2") as told:
        part_of(PROBLEMS, 3, newer)
    assert "upgrade" in told.value.hint
    assert newer.in_words() == "drawn at random, seed 3"
