"""Two sides' words on the same place."""

import math

import pytest

from evalsite.distance.schema import Named, Text
from evalsite.stats.distance.pairs import pair_up


def named(tokens, at=4, **fields):
    return Named(
        problem="A",
        at=at,
        tokens=tuple(tokens),
        logprobs=tuple(map(math.log, tokens.values())),
        **fields,
    )


TEXT = Text(problem="A", text="x = return_it", begins=0, positions=(3, 4))


def test_the_texts_token_is_the_longest_that_either_names():
    """One that names it not counts with the most that it can have."""
    (pair,) = pair_up([TEXT], [named({"re": 0.4, "return": 0.3})], [named({"re": 0.6, "no": 0.2})]).all
    assert (pair.token, pair.exact, pair.same_top) == ("return", False, True)
    assert pair.base_p == pytest.approx(0.3)
    assert pair.candidate_p == pytest.approx(0.2)


def test_the_servers_own_word_on_the_token_goes_first():
    """Its log-probability is there even where it is not among the likeliest; no token is no pair."""
    base = [named({"a": 0.5}, token="re", logprob=math.log(0.01)), named({"a": 1.0}, at=3)]
    (pair,) = pair_up(
        [TEXT], base, [named({"re": 0.6}), Named(problem="A", at=3, tokens=(), logprobs=())]
    ).all
    assert (pair.token, pair.exact, pair.same_top) == ("re", True, False)
    assert pair.base_p == pytest.approx(0.01)


def test_a_pair_is_exact_where_both_sides_name_the_token():
    """And of each side the likeliest tokens are kept as they were named."""
    (pair,) = pair_up([TEXT], [named({"a": 0.5}, token="re")], [named({"re": 0.6})]).all
    assert (pair.exact, pair.candidate_p) == (False, pytest.approx(0.6))
    (pair,) = pair_up([TEXT], [named({"re": 0.6, "a": 0.2})], [named({"re": 0.5, "b": 0.3})]).all
    assert (pair.exact, pair.same_top) == (True, True)
    assert [[token for token, _ in top] for top in (pair.base_top, pair.candidate_top)] == [
        ["re", "a"],
        ["re", "b"],
    ]
