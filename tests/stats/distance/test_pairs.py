"""Two sides' words on the same place."""

import math

import pytest

from evalsite.distance.records import Named, Text
from evalsite.stats.distance.pairs import divergence, pair_up

DIVERGENCES = [
    ({"a": 0.5, "b": 0.5}, {"a": 0.25, "b": 0.75}, 0.5 * math.log(2) + 0.5 * math.log(2 / 3), 0.0),
    ({"a": 0.5}, {"a": 0.5}, 0.0, 0.5),
    ({"a": 0.9, "b": 0.05}, {"a": 0.2, "c": 0.7}, 0.9 * math.log(4.5) + 0.1 * math.log(0.1 / 0.8), 0.1),
    ({"a": 1.0}, {"b": 1.0}, 0.0, 1.0),
]


@pytest.mark.parametrize(("p", "q", "kl", "rest"), DIVERGENCES)
def test_the_divergence_is_over_common_tokens_and_one_bin(p, q, kl, rest):
    """Two that name nothing alike are not told apart, which the bin's probability shows."""
    assert divergence(p, q) == pytest.approx((kl, rest), abs=1e-5)


def test_a_bound_grows_with_the_tokens_that_are_named():
    """And never exceeds the divergence over all of them."""
    p = {word: (5 - place) / 15 for place, word in enumerate("abcde")}
    q = {word: (1 + place) / 15 for place, word in enumerate("abcde")}
    bounds = [divergence(dict(list(p.items())[:k]), dict(list(q.items())[:k]))[0] for k in range(1, 6)]
    assert bounds == sorted(bounds)
    assert bounds[-1] == pytest.approx(sum(p[word] * math.log(p[word] / q[word]) for word in p), rel=1e-4)


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
