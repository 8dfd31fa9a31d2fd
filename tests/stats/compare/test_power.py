"""What data like these could have shown, and how often they do."""

from collections.abc import Callable

import numpy as np
import pytest

from evalsite.stats.compare.evidence import changes_of, stricter
from evalsite.stats.compare.numbers import compare, difference
from evalsite.stats.compare.power import GUESSES, POWER, PRECISION, _smallest
from evalsite.stats.compare.signflip import mcnemar, paired_test
from evalsite.stats.quantiles import normal_tail

LIMITS = (0.75 - 0.05, 0.85 + 0.05)
"""Four cases of five, give or take 5 points and the error of some 600 simulated pairs."""


def is_shown(n: int, base: np.ndarray, candidate: np.ndarray) -> bool:
    """Whether the difference is more than chance explains."""
    runs = [(np.full(base.size, n), counts) for counts in (base, candidate)]
    test = stricter(changes_of(*runs, (candidate - base) / n, 1), paired_test(*runs, 1))
    return test.p_value < 0.05


@pytest.mark.parametrize(
    ("size", "changed", "points"),
    [
        (50, 0, 15.4),
        (164, 0, 4.8),
        (378, 0, 2.1),
        (974, 0, 0.8),
        (164, 1, 5.8),
        (164, 3, 7.2),
        (164, 10, 10.2),
    ],
)
def test_greedy_answers(size: int, changed: int, points: float) -> None:
    """So many broken and as many fixed: the loss that is said to show does so in four cases of five."""
    base = np.arange(size) < 0.6 * size
    cand = base.copy()
    cand[:changed] = False
    cand[size - changed :] |= changed > 0
    loss = compare(np.ones(size), base, np.ones(size), cand).main.detectable
    assert loss == pytest.approx(points / 100, abs=0.0006)
    rng = np.random.default_rng([size, changed])
    share, shown = changed / size, 0
    for _ in range(600):
        move = rng.choice([-1, 0, 1], size, p=[share + loss, 1 - 2 * share - loss, share])
        shown += mcnemar(int(np.sum(move < 0)), int(np.sum(move > 0))).p_value < 0.05
    assert LIMITS[0] <= shown / 600 <= LIMITS[1]


@pytest.mark.parametrize("size", [20, 50, 164])
@pytest.mark.parametrize("outright", [False, True])
def test_ten_certain_answers_where_nothing_changed(size: int, outright: bool) -> None:
    """Problems lost outright hide better than the same loss spread evenly; each is said, and each holds."""
    solved = np.where(np.arange(size) < 0.7 * size, 10, 0)
    n = np.full(size, 10)
    main = compare(n, solved, n, solved, ks=(1,)).main
    loss = main.detectable if outright else main.detectable_evenly
    assert loss is not None
    assert main.detectable > main.detectable_evenly
    rng, shown = np.random.default_rng(size), 0
    for _ in range(300):
        rates = (rng.random(size) < 0.7) * 1.0
        lost = np.where(rng.random(size) < loss / 0.7, 0.0, rates) if outright else rates * (1 - loss / 0.7)
        shown += is_shown(10, rng.binomial(10, rates), rng.binomial(10, lost))
    assert LIMITS[0] - 0.02 <= shown / 300 <= LIMITS[1] + 0.02


@pytest.mark.parametrize("n", [1, 3, 10])
@pytest.mark.parametrize("outright", [False, True])
def test_sampled_answers(n: int, outright: bool) -> None:
    """What one pair of equal models says could have been seen, others see in four cases of five."""
    rng, shown = np.random.default_rng([n, outright]), 0
    for _ in range(200):
        rates = rng.beta(2.1, 0.9, 100)
        base, same = ((np.full(100, n), rng.binomial(n, rates)) for _ in range(2))
        main = difference(base, same, 1)
        evenly = main.detectable_evenly is not None and not outright
        loss = main.detectable_evenly if evenly else main.detectable
        assert loss is not None
        rates = rng.beta(2.1, 0.9, 100)
        lost = np.where(rng.random(100) < loss / 0.7, 0.0, rates) if outright else rates * (1 - loss / 0.7)
        shown += is_shown(n, rng.binomial(n, rates), rng.binomial(n, lost))
    assert LIMITS[0] - 0.04 <= shown / 200 <= LIMITS[1] + 0.04


def test_a_baseline_with_little_to_lose() -> None:
    """Of 20 problems with one solved, not even its loss would show; said so, with no number."""
    main = compare([1] * 20, [1] + [0] * 19, [1] * 20, [1] + [0] * 19).main
    assert main.detectable is None
    assert compare([1] * 20, [0] * 20, [1] * 20, [0] * 20).main.detectable is None


def test_more_confidence_takes_a_larger_loss() -> None:
    """At 99 % eight problems have to break instead of six."""
    base = [1] * 100 + [0] * 64
    losses = [
        compare([1] * 164, base, [1] * 164, base, confidence=sure).main.detectable for sure in (0.95, 0.99)
    ]
    assert None not in losses
    assert losses[0] < losses[1]


def by_halving(power: Callable[[float], float], most: float) -> float | None:
    """The smallest loss with enough power, by nothing but halving."""
    if power(most) < POWER:
        return None
    low, high = 0.0, most
    while high - low > PRECISION:
        middle = (low + high) / 2
        low, high = (middle, high) if power(middle) < POWER else (low, middle)
    return high


@pytest.mark.parametrize("most", [1e-5, 3e-4, 0.05, 0.7, 1.0])
@pytest.mark.parametrize("steps", [0, 7, 1000])
@pytest.mark.parametrize(
    ("middle", "width"), [(0.3, 0.1), (0.04, 0.002), (2e-4, 1e-4), (0.69, 1e-7), (3.0, 1.0)]
)
def test_guesses_find_the_loss_that_halving_finds(
    most: float, steps: int, middle: float, width: float
) -> None:
    """To the last bit, whatever the power looks like: straight, steep, in steps, or at an end."""
    asked = 0

    def power(loss: float) -> float:
        nonlocal asked
        asked += 1
        place = round(loss * steps) / steps if steps else loss
        return normal_tail((middle - place) / width)

    expected, by_itself = by_halving(power, most), asked
    assert _smallest(power, most) == expected
    assert asked - by_itself <= by_itself + GUESSES
    if not steps and expected and width >= 0.1:
        assert asked - by_itself < by_itself
