"""Tests of "no difference" for paired runs, and their correction where there are several.

If two models are equally good, and were asked for as many samples of each problem, then each problem's
difference might as well have had the other sign. The tests count how often random signs give a sum at least
as far from zero as the one observed; with one greedy sample each, where every difference is -1, 0 or 1, that
is the exact McNemar test.
"""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from evalsite.counts.passk import Counts, Index, Values

MCNEMAR = "exact McNemar test"
EXACT = "exact permutation test"
SAMPLED = "permutation test, {draws:,} draws"

DRAWS = 9_999
SEED = 19470611
LARGEST_GRID = 200_000
"""Up to this many possible sums the test is exact; above, signs are drawn at random."""

SMALLEST = sys.float_info.min
"""No p-value is zero; below this floating point ends."""


@dataclass(frozen=True, slots=True)
class Test:
    """A two-sided p-value, and the test that gave it."""

    __test__ = False  # a result, not a test case for pytest to collect

    p_value: float
    method: str


def mcnemar(broken: int, fixed: int) -> Test:
    """Exact two-sided McNemar test (McNemar 1947): could this many of the changes go one way by chance?

    ``broken`` and ``fixed``: problems that only the first, and only the second run solved. Integer
    arithmetic throughout; 1.0 where nothing changed.
    """
    changed = broken + fixed
    tail = sum(math.comb(changed, i) for i in range(min(broken, fixed) + 1))
    return Test(min(1.0, max(2 * tail / 2**changed, SMALLEST)), MCNEMAR)


def paired_test(
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    k: int,
    groups: Index | None = None,
    *,
    seed: int = SEED,
) -> Test:
    """Test whether two runs' pass@k differ; each run as ``(n, c)``, both of shape (n_problems,).

    ``groups``: the number of each problem's cluster, whose signs are swapped together; None where each is
    its own.

    ValueError where the runs do not have as many samples of each problem: their differences are then skew
    even if the models are alike, and signs must not be swapped.

    McNemar's where every sample decides alone (n = k = 1), else the permutation test: exact while the
    differences lie on a grid coarse enough to enumerate all sums, otherwise with 9,999 seeded draws.
    """
    if not np.array_equal(base[0], candidate[0]):
        raise ValueError("signs may only be swapped where both runs have as many samples of each problem")
    counts = zip(*(each.tolist() for each in (base[0], base[1], candidate[1])), strict=True)
    changes = [_change(*of_problem, k) for of_problem in counts]
    if groups is None:
        return swapped_signs(changes, seed=seed)
    sums = [Fraction(0)] * (int(groups.max()) + 1)
    for group, change in zip(groups.tolist(), changes, strict=True):
        sums[group] += change
    return swapped_signs(sums, seed=seed)


def swapped_signs(differences: Sequence[Fraction], *, seed: int = SEED) -> Test:
    """The same of differences whose signs may be swapped, each for itself."""
    denominator = math.lcm(*(difference.denominator for difference in differences))
    scaled = [each.numerator * (denominator // each.denominator) for each in differences]
    if denominator == 1 and max(map(abs, scaled)) <= 1:
        return mcnemar(scaled.count(-1), scaled.count(1))
    shrink = math.gcd(*scaled) or 1
    steps = [difference // shrink for difference in scaled]
    if sum(map(abs, steps)) <= LARGEST_GRID:
        return sign_flip_exact(np.array(steps, dtype=np.int64))
    return sign_flip_sampled(np.array([d / denominator for d in scaled]), seed=seed)


def sign_flip_exact(differences: npt.NDArray[np.int64]) -> Test:
    """Exact sign-flip test of whole-number differences, shape (n_problems,).

    All 2**n_problems sign patterns are counted at once: adding the problems one by one builds up the
    distribution of the sum, on a grid as long as the sum of the sizes.
    """
    sizes = np.sort(np.abs(differences[differences != 0]))  # the small ones first, on a short grid
    total = int(sizes.sum())
    # chance[s]: that the sizes with a plus sign add up to s; the signed sum is then 2 s - total.
    chance = np.ones(1)
    for size in sizes:
        more = np.zeros(chance.size + size)
        more[: chance.size] = chance
        more[size:] += chance
        more /= 2
        chance = more
    sums = 2 * np.arange(total + 1) - total
    extreme = np.abs(sums) >= abs(int(differences.sum()))
    return Test(min(1.0, max(float(chance[extreme].sum()), SMALLEST)), EXACT)


def sign_flip_sampled(differences: Values, *, draws: int = DRAWS, seed: int = SEED) -> Test:
    """Sign-flip test with random signs; differences of shape (n_problems,).

    The observed signs count as one of the draws, so p is never 0 (Phipson & Smyth 2010). Sorting first
    makes the result independent of the order of the problems.
    """
    sizes = np.sort(np.abs(differences[differences != 0.0]))
    observed = abs(float(differences.sum()))
    sums = signed_sums(sizes[:, np.newaxis], draws, seed)
    hits = int(np.count_nonzero(np.abs(sums) >= observed - 1e-9 * float(sizes.sum())))
    return Test((hits + 1) / (draws + 1), SAMPLED.format(draws=draws))


def signed_sums(values: Values, draws: int, seed: int) -> Values:
    """Sums of values whose signs are drawn anew each time; (n_values, n_columns) -> (draws, n_columns).

    All columns of a row share its sign. Eight signs are a byte, and what each byte makes of its eight rows
    is looked up.
    """
    size, columns = values.shape
    width = size // 8 + 1
    padded = np.zeros((8 * width, columns))
    padded[:size] = values
    signs = 2.0 * np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1) - 1.0
    made = signs @ padded.reshape(width, 8, columns)
    drawn = np.random.default_rng(seed).integers(0, 256, size=(draws, width), dtype=np.uint8)
    sums = np.zeros((draws, columns))
    for each, byte in zip(made, drawn.T, strict=True):
        sums += each[byte]
    return sums


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values of several tests so that all of them together err as rarely as one (Holm 1979)."""
    adjusted = list(p_values)
    so_far = 0.0
    ascending = sorted(range(len(p_values)), key=lambda index: p_values[index])
    for rank, index in enumerate(ascending):
        so_far = max(so_far, min(1.0, p_values[index] * (len(p_values) - rank)))
        adjusted[index] = so_far
    return tuple(adjusted)


@lru_cache(maxsize=4096)
def _change(samples: int, before: int, after: int, k: int) -> Fraction:
    """What so many passes in place of so many add to a problem's pass@k, exactly (Chen et al. 2021)."""
    failing = math.comb(samples - before, k) - math.comb(samples - after, k)
    return Fraction(failing, math.comb(samples, k))
