"""The figures of a distance, and their intervals."""

import math

import numpy as np
import pytest

from evalsite.stats.distance.figures import figures, mean
from evalsite.stats.distance.pairs import Pair, Pairs


def make(kls, *, problems=None, kind="identifier", base=0.5, candidate=0.25, same=True):
    names = range(len(kls)) if problems is None else problems
    logprobs = {"base_logprob": math.log(base), "candidate_logprob": math.log(candidate)}
    return Pairs(
        [
            Pair(
                problem=f"P/{names[place]}", at=place, kind=kind, same_top=same, kl=kl, rest=0.1, token="x",
                exact=True, base_top=(("x", base),), candidate_top=(("x", candidate),), **logprobs,
            )
            for place, kl in enumerate(kls)
        ]
    )  # fmt: skip


def test_each_figure_is_what_it_says():
    """Perplexity is 2 where the text's tokens have a half, 4 where they have a quarter."""
    found = figures(make([0.1] * 90 + [2.0] * 10))
    assert found.base_perplexity.value == pytest.approx(2)
    assert found.candidate_perplexity.value == pytest.approx(4)
    assert found.perplexity_ratio.value == pytest.approx(2)
    assert (found.change.value, found.rms.value) == pytest.approx((-0.25, 0.25))
    assert found.kl.value == pytest.approx(0.29)
    assert [figure.value for _, figure in found.percentiles] == [0.1, 0.1, 2.0, 2.0]
    assert (found.same_top.value, found.rest, found.unnamed) == (1.0, pytest.approx(0.1), 0.0)


def test_no_distance_has_no_width():
    """Of a repeat that gives the same bytes."""
    found = figures(make([0.0] * 20, base=0.5, candidate=0.5))
    assert (found.kl.interval.low, found.kl.interval.high) == (0.0, 0.0)
    assert found.perplexity_ratio.value == 1.0


def test_kinds_are_told_apart_and_one_problem_has_no_interval():
    """Problems are the unit: of one, nobody knows how it varies."""
    pairs = Pairs([*make([0.1], kind="keyword").all, *make([0.4], kind="comment").all])
    assert [(each.kind, each.kl.value) for each in figures(pairs).kinds] == [
        ("keyword", 0.1),
        ("comment", 0.4),
    ]
    assert figures(make([0.1, 0.2], problems=[0, 0])).kl.interval is None
    with pytest.raises(ValueError, match="at least one place"):
        figures(make([]))


def test_places_that_repeat_each_other_count_once():
    """Ten alike of each problem give the interval of one each."""
    values = np.random.default_rng(1).exponential(size=30)
    once, ten = make(values), make(np.repeat(values, 10), problems=np.repeat(range(30), 10))
    alone, crowd = (mean(pairs, pairs.kl, positive=True).interval for pairs in (once, ten))
    assert (alone.low, alone.high) == pytest.approx((crowd.low, crowd.high))
    assert 0 < alone.low < values.mean() < alone.high


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Skewed divergences that problems share: 40 problems of 12 places, 300 times over."""
    draw = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        level = draw.gamma(2.0, 0.5, size=40)
        pairs = make(draw.exponential(np.repeat(level, 12)), problems=np.repeat(range(40), 12))
        held += 1.0 in mean(pairs, pairs.kl, positive=True).interval
    assert 0.91 * 300 <= held <= 0.99 * 300
