"""What a forest plot shows, whatever draws it."""

import pytest

from evalsite.stats.compare.forest import Forest
from evalsite.stats.compare.suites import compare_suites
from tests.make import loaded_run


def ids(name, size):
    return [f"{name}/{index}" for index in range(size)]


def pool(sizes, weights="problem", **asked):
    pairs = [
        tuple(
            loaded_run([passes] * size, 1, model=model, dataset=name, task_ids=ids(name, size))
            for model, passes in (("fp8", 1), ("q4", passed))
        )
        for name, (size, passed) in sizes.items()
    ]
    return compare_suites(pairs, weights=weights, **asked)


SIZES = {"a": (40, 1), "b": (160, 1), "c": (80, 0)}


@pytest.mark.parametrize(("weights", "shares"), [("problem", [0.25, 1.0, 0.5]), ("dataset", [1.0] * 3)])
def test_a_line_counts_for_its_problems_or_as_much_as_any_other(weights, shares):
    """Beside the one that counts most; the pool stands last."""
    found = pool(SIZES, weights)
    forest = Forest.of(found)
    assert [(line.name, line.share) for line in forest.lines] == list(zip(SIZES, shares, strict=True))
    assert forest.all_lines[-1].numbers is found.numbers
    assert forest.all_lines[-1].told.startswith("−")


def test_all_that_is_drawn_finds_room():
    """Intervals, no difference at all, and what is allowed."""
    forest = Forest.of(pool(SIZES, margin=0.3))
    ends = {
        end for line in forest.all_lines for end in (line.numbers.interval.low, line.numbers.interval.high)
    }
    assert set(forest.ends) == {*ends, 0.0, -0.3}
    assert forest.limits == ((-0.3, "allowed"),)


def test_where_there_is_room_for_few_the_largest_stay():
    """In their order; the pool is of all of them."""
    forest = Forest.of(pool(SIZES))
    assert [line.name for line in forest.largest(2).all_lines] == ["b", "c", "all together"]
    assert forest.largest(9) == forest
