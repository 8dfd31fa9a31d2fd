"""The unbiased pass@k estimator, over all problems at once.

pass@k is the chance that at least one of k samples passes. From n samples of which c passed it is estimated
without bias by ``1 - C(n-c, k) / C(n, k)`` (Chen et al. 2021, arXiv 2107.03374): the share of all k-subsets
of the samples that hold at least one pass.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


def pass_at_k(n: npt.ArrayLike, c: npt.ArrayLike, k: int) -> Values:
    """Estimate pass@k of each problem (Chen et al. 2021).

    ``n`` and ``c``, shape (n_problems,): graded samples, and those of them that passed. Returns values in
    [0, 1] of the same shape. Raises ValueError where ``k`` is below 1 or above the samples of any problem,
    since no unbiased estimate exists there, and where the counts are impossible.
    """
    n, c = checked_counts(n, c)
    _check_k(n, k)
    values: Values = c / n if k == 1 else 1.0 - _all_fail(n, c, k)[-1]
    return values


def pass_at_every_k(n: npt.ArrayLike, c: npt.ArrayLike, max_k: int) -> Values:
    """Estimate pass@1 up to pass@max_k of each problem; shape (max_k, n_problems), row 0 being pass@1.

    The same numbers and errors as :func:`pass_at_k`, at the cost of its largest k alone.
    """
    n, c = checked_counts(n, c)
    _check_k(n, max_k)
    values: Values = 1.0 - _all_fail(n, c, max_k)
    values[0] = c / n
    return values


def luck_at_k(n: npt.ArrayLike, c: npt.ArrayLike, k: int) -> Values:
    """Estimate how far luck in the answers moves each problem's pass@k: its variance, shape (n_problems,).

    The jackknife over a problem's samples (Efron & Stein 1981), in closed form, since leaving out one of n
    samples gives one of two values. For pass@1 it is the unbiased ``c (n - c) / (n^2 (n - 1))``. Zero where
    a problem has no more than k samples, which cannot show it. Errors as for :func:`pass_at_k`.
    """
    n, c = checked_counts(n, c)
    _check_k(n, k)
    left = np.maximum(n - 1, k)
    # What one pass more or less among the samples left changes in pass@k.
    apart = k / np.maximum(n - k, 1)
    if k > 1:
        apart = apart * _all_fail(left, np.minimum(c, left), k - 1)[-1]
    variance: Values = np.where(n > k, left / n * (c * (n - c) / n) * apart**2, 0.0)
    return variance


def checked_counts(n: npt.ArrayLike, c: npt.ArrayLike) -> tuple[Counts, Counts]:
    """Both counts as integer arrays of one shape (n_problems,), with ``0 <= c <= n``; else ValueError."""
    n, c = np.asarray(n), np.asarray(c)
    if n.ndim != 1 or n.shape != c.shape:
        raise ValueError(f"n and c must be one-dimensional and of one length, not {n.shape} and {c.shape}")
    n_int, c_int = _whole(n), _whole(c)
    if np.any(c_int < 0) or np.any(c_int > n_int):
        raise ValueError("c must lie between 0 and n for every problem")
    return n_int, c_int


def _whole(numbers: npt.NDArray[Any]) -> Counts:
    """The same as integers; ValueError where they are none."""
    if numbers.dtype == np.int64:
        return numbers.copy()
    if np.all(np.isfinite(numbers)) and np.array_equal(whole := numbers.astype(np.int64), numbers):
        return whole
    raise ValueError("n and c must be whole numbers")


def _check_k(n: Counts, k: int) -> None:
    """Refuse a k that is no whole number from 1 to the fewest samples of any problem."""
    if not float(k).is_integer():
        raise ValueError(f"k must be a whole number, not {k}")
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if n.size and k > n.min():
        raise ValueError(f"pass@{k} needs {k} samples of every problem, but one has {n.min()}")


def _all_fail(n: Counts, c: Counts, max_k: int) -> Values:
    """Chance that none of k samples passes, for k = 1 to max_k: shape (max_k, n_problems).

    ``C(n-c, k) / C(n, k)`` is the product of ``(n-c-j) / (n-j)`` for j < k. Every factor lies in [0, 1], so
    nothing can overflow; a factor below zero stands for more draws than there are failures, which cannot
    all fail.
    """
    j = np.arange(max_k, dtype=np.int64)[:, np.newaxis]
    factors = np.maximum(n - c - j, 0) / (n - j)
    return np.cumprod(factors, axis=0)
