"""What would settle an open question, and whether it does."""

import numpy as np
import pytest

from evalsite.stats.compare import Comparison, compare
from evalsite.stats.compare.planning import Needed


def after(base: list[int], cand: list[int], n: int, **options: float) -> Needed:
    """What an inconclusive comparison of so many samples of each problem needs."""
    found = compare([n] * len(base), base, [n] * len(cand), cand, ks=(1,), **options)
    assert found.by_figures == "inconclusive"
    assert found.needed is not None
    return found.needed


def test_more_is_needed_than_there_is() -> None:
    """Whatever was seen, no number is one that the run already has; and 80 % take more than half."""
    rng = np.random.default_rng(3)
    seen = 0
    for _ in range(150):
        size, n = int(rng.integers(2, 60)), int(rng.integers(1, 6))
        rates = rng.beta(2.0, 1.0, size)
        base, cand = rng.binomial(n, rates), rng.binomial(n, 0.9 * rates)
        needed = compare(np.full(size, n), base, np.full(size, n), cand, ks=(1,)).needed
        if needed is None:
            continue
        seen += 1
        assert needed.problems.half is not None
        assert needed.problems.most is not None
        assert size < needed.problems.half < needed.problems.most
        if needed.samples.half is not None:
            assert needed.samples.half > n
            assert needed.best >= 0.5 - 1e-6
        assert "nothing would" not in needed.sentence
        assert "No number" not in needed.sentence
    assert seen > 50


def test_even_a_loss_that_lies_on_the_margin_is_settled_by_some_number() -> None:
    """9 problems of 90 lost, 10 points allowed: the truth is hardly ever exactly there."""
    needed = after([1] * 90, [0] * 9 + [1] * 81, 1)
    assert needed.problems.half is not None
    assert needed.problems.most is not None
    assert needed.sentence.startswith(
        f"What would settle it: about {needed.problems.half:,} problems of this kind (now 90) in half of "
        f"such cases, about {needed.problems.most:,} in 80 %; how far more samples would go, a single one "
        "cannot tell: 10 of each in "
    )
    assert needed.sentence.endswith(
        "That takes the truth to lie around what was seen, as far off as these data leave room for."
    )


def test_the_further_from_the_margin_the_less_is_needed() -> None:
    """10 points lost of 17 that are allowed, and of 13."""
    far = after([1] * 60, [0] * 6 + [1] * 54, 1, margin=0.17)
    near = after([1] * 60, [0] * 6 + [1] * 54, 1, margin=0.13)
    assert far.problems.half is not None
    assert near.problems.half is not None
    assert far.problems.half < near.problems.half


def test_samples_help_as_far_as_luck_goes() -> None:
    """All luck: more samples will do. No luck: they hardly ever do, and the sentence says so."""
    rng = np.random.default_rng(2)
    lucky = after(rng.binomial(4, 0.6, 164).tolist(), rng.binomial(4, 0.54, 164).tolist(), 4)
    assert lucky.samples.half is not None
    assert (
        f"or about {lucky.samples.half:,} samples of each of these (now 4) in half of such" in lucky.sentence
    )
    certain = after([4] * 164, [4] * 146 + [0] * 18, 4)
    assert certain.samples.half is None
    assert certain.best < 0.2
    assert "more samples of these alone " in certain.sentence


def test_samples_alone_never_make_up_for_problems_that_were_not_asked() -> None:
    """Ten problems leave room for a loss of more than 10 points, whatever the samples."""
    needed = after([9, 10] * 5, [10, 9] * 5, 10)
    assert needed.samples.half is None


def test_what_is_decided_needs_nothing() -> None:
    """Met or missed."""
    for lost in (0, 60):
        assert compare([1] * 164, [1] * 164, [1] * 164, [0] * lost + [1] * (164 - lost)).needed is None


def campaign(rng: np.random.Generator, size: int, loss: float) -> Comparison:
    """Ten answers to each of so many problems; the candidate loses an even share of every rate."""
    rates = rng.beta(2.1, 0.9, size)
    base, cand = rng.binomial(10, rates), rng.binomial(10, rates * (1 - loss / 0.7))
    return compare(np.full(size, 10), base, np.full(size, 10), cand, ks=(1,))


@pytest.mark.parametrize(("index", "share"), [(0, 0.5), (1, 0.8)])
def test_who_follows_the_advice_is_decided_as_often_as_it_says(index: int, share: float) -> None:
    """Campaigns of 100 problems with any true loss from 0 to 20 points; 10 are allowed.

    ``bench/advice.py`` tries it with more kinds of campaigns, and many more of each.
    """
    rng = np.random.default_rng(index)
    followed = decided = 0
    while followed < 120:
        loss = rng.uniform(0.0, 0.2)
        needed = campaign(rng, 100, loss).needed
        if needed is None:
            continue
        followed += 1
        number = (needed.problems.half, needed.problems.most)[index]
        assert number is not None
        if number <= 1500:
            decided += campaign(rng, number, loss).by_figures != "inconclusive"
        else:  # the mean of so many is normal
            rates = rng.beta(2.1, 0.9, 4000)
            error = np.sqrt(np.var(rates * loss / 0.7) + np.mean(rates * (1 - rates)) / 5) / np.sqrt(number)
            decided += abs(rng.normal(0.1 - loss, error)) > 1.96 * error
    assert decided / followed == pytest.approx(share, abs=0.05 + 3 * np.sqrt(share * (1 - share) / 120))
