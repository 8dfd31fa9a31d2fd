"""The least that a divergence can be, where each side names its likeliest tokens alone.

Of KL(P || Q) = sum p log(p / q) the tokens that both name are known. Of the others is known: how much
probability each side has for all that it does not name, and that none of these is likelier than the least
likely one that it names. Whatever P and Q are where nobody looked, the divergence is no less than the
minimum of

    sum_i p_i log(p_i / x_i) + sum_j y_j log(y_j / q_j) + t log(t / s)

over what is free: x_i <= b, what Q holds of the tokens that P alone names; y_j <= a, what P holds of those
that Q alone names; s and t, what both hold of all others together (one bin: the data processing inequality,
Cover & Thomas 2006, 2.8); x and s add up to Q's rest, y and t to P's. The problem is convex. By weak duality
(Boyd & Vandenberghe 2004, 5.2) any multipliers give a bound from below. With those of a ratio r = s / t,
1 / r and log r - 1, the Lagrangian is least at x_i = min(b, r p_i), y_j = min(a, q_j / r), where it is

    sum_i (p_i log(p_i / x_i) + x_i / r) + sum_j (y_j log(y_j / q_j) + (log r - 1) y_j)
        - rest_Q / r - (log r - 1) rest_P

and the largest of that over r is the bound. Without tokens that one side names alone it is that of a single
bin, ``rest_P log(rest_P / rest_Q)``, and it never is less than with a single bin.
"""

import math
from collections.abc import Mapping

import numpy as np

from evalsite.counts.passk import Values

SMALLEST = 1e-6
"""Less than this a rest never holds: log-probabilities are kept to six digits."""
LEAST = 1e-12
"""Less than this no token is taken to be bounded by, be the least likely one's probability 0."""
BROKEN = "\ufffd"
"""Stands for bytes that are no text: tokens that are spelled so are many, and are left to the rest."""
WIDTHS = (20.0, 2.0, 0.2)
"""How far from the best ratio so far the next ones are tried, on the scale of logarithms."""
STEPS = 10
"""As many to each side."""


def divergence(p: Mapping[str, float], q: Mapping[str, float]) -> tuple[float, float]:
    """Return the lower bound of KL(p || q) in nats, and p's probability outside of the tokens that both name.

    ``p`` and ``q``: token -> probability, of each side's likeliest tokens.
    """
    ours, theirs = _Side(p, q), _Side(q, p)
    outside = max(0.0, 1.0 - sum(p[token] for token in ours.common))
    if p == q:
        return 0.0, outside
    known = sum(p[token] * math.log(p[token] / q[token]) for token in ours.common)
    return max(0.0, known + _least(ours, theirs)), outside


class _Side:
    """What one side says: of which tokens both tell, of which it alone, and what it leaves open."""

    def __init__(self, named: Mapping[str, float], others: Mapping[str, float]) -> None:
        usable = {token: value for token, value in named.items() if value > 0 and BROKEN not in token}
        self.common = sorted(token for token in usable if others.get(token, 0.0) > 0)
        self.alone: Values = np.array([usable[token] for token in sorted(usable.keys() - set(self.common))])
        self.rest = max(SMALLEST, 1.0 - sum(usable.values()))
        self.most = max(LEAST, min([self.rest, *named.values()]))
        """That a token can have which it does not name."""


def _least(ours: _Side, theirs: _Side) -> float:
    """The bound of what is not known of both."""
    best, log_ratio = -math.inf, math.log(theirs.rest / ours.rest)
    for width in WIDTHS:
        tried = log_ratio + np.linspace(-width, width, 2 * STEPS + 1)
        found = _dual(ours, theirs, tried)
        place = int(found.argmax())
        best, log_ratio = max(best, float(found[place])), float(tried[place])
    return best


def _dual(ours: _Side, theirs: _Side, log_ratios: Values) -> Values:
    """What the docstring above calls the Lagrangian, for each logarithm of r; shape (n_ratios,)."""
    log_r = log_ratios[:, None]
    x = np.minimum(theirs.most, ours.alone * np.exp(log_r))
    y = np.minimum(ours.most, theirs.alone * np.exp(-log_r))
    of_x = ours.alone * np.log(ours.alone / x) + x * np.exp(-log_r)
    of_y = y * np.log(y / theirs.alone) + (log_r - 1) * y
    rests = theirs.rest * np.exp(-log_ratios) + (log_ratios - 1) * ours.rest
    value: Values = of_x.sum(axis=1) + of_y.sum(axis=1) - rests
    return value
