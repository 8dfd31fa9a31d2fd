"""What would settle a pool."""

import numpy as np
import pytest

from evalsite.stats.compare.numbers import compare
from evalsite.stats.compare.pooled import pool
from evalsite.stats.compare.question import Question
from tests.stats.compare.test_pooled import lost


def test_of_one_data_set_it_is_what_its_comparison_says():
    """The same numbers of problems."""
    ordinary = compare(np.ones(100), np.ones(100), np.ones(100), [0] * 8 + [1] * 92)
    found = pool([lost(100, 8)]).needed
    assert found.reach == ordinary.needed.problems
    assert (found.now, found.clustered) == (100, False)


def test_source_problems_are_counted_where_several_problems_ask_one():
    """As many problems that share their sources tell less, and the sentence says what it counts."""
    names = [f"HumanEval/{index}" for index in range(60)]
    shared = pool([lost(60, 6, clusters=names)] * 2).needed
    apart = pool([lost(60, 6, prefix="a"), lost(60, 6, prefix="b")]).needed
    assert (shared.now, apart.now) == (60, 120)
    assert "source problems like these (now 60)" in shared.sentence
    assert " problems like these (now 120)" in apart.sentence
    assert 2 * shared.reach.half > apart.reach.half


@pytest.mark.parametrize("question", [Question(0.5), Question(0.001), Question(0.9, "share")])
def test_what_is_settled_or_asked_otherwise_has_none(question):
    """Met, missed, or a share."""
    assert pool([lost(60, 6, prefix="a"), lost(60, 6, prefix="b")], margin=question).needed is None
