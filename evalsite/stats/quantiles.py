"""Quantiles and tails of the two distributions that intervals are made of, in pure Python.

Student's t comes from the regularized incomplete beta function, whose continued fraction is evaluated by
Lentz's method (NIST Digital Library of Mathematical Functions, 8.17.22 and 3.10(iii)).
"""

import math
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()
_TINY = 1e-300
"""Stands in for a zero that Lentz's method would divide by."""


def normal_quantile(probability: float) -> float:
    """Quantile of the standard normal distribution."""
    return _NORMAL.inv_cdf(probability)


def normal_tail(value: float) -> float:
    """Chance that a standard normal variable exceeds ``value``, without loss of digits far out."""
    return 0.5 * math.erfc(value / math.sqrt(2))


def student_tail(value: float, freedom: int) -> float:
    """Chance that Student's t exceeds ``value``, to ten digits, however small it is."""
    if value == 0.0:
        return 0.5
    beyond = 0.5 * _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + value * value))
    return beyond if value > 0 else 1 - beyond


def fisher_tail(value: float, above: int, below: int) -> float:
    """Chance that Fisher's F with so many degrees of freedom exceeds ``value``, at least 0."""
    return _incomplete_beta(below / 2, above / 2, below / (below + above * value)) if value > 0.0 else 1.0


@lru_cache(maxsize=256)
def student_quantile(probability: float, freedom: int) -> float:
    """Quantile of Student's t for a probability in (0, 1), to nine digits at those of confidence limits."""
    if probability < 0.5:
        return -student_quantile(1 - probability, freedom)
    if freedom == 1:
        return math.tan(math.pi * (probability - 0.5))
    tail = 1 - probability
    low, high = 0.0, 1.0
    while student_tail(high, freedom) > tail:
        low, high = high, 2 * high
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if student_tail(middle, freedom) > tail else (low, middle)
    return high


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularized incomplete beta function I_x(a, b), for x in [0, 1]."""
    if x <= 0.0 or x >= 1.0:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):  # where the continued fraction of the other side is the quicker one
        return 1 - _incomplete_beta(b, a, 1 - x)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(scale) / (a * _beta_fraction(a, b, x))


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Value of the continued fraction 1 + d1/(1 + d2/(1 + ...)) of DLMF 8.17.22."""
    value = forward = 1.0
    backward = 0.0
    for step in range(1, 10_000):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        backward = 1 / (1 + term * backward or _TINY)
        forward = 1 + term / forward or _TINY
        value *= forward * backward
        if abs(forward * backward - 1) < 1e-16:
            break
    return value
