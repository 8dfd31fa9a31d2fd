"""Which true loss data like these would have shown: what that test of no difference finds in four of five.

What a loss looks like matters. Problems lost outright add far more to the spread between problems than the
same loss spread evenly over all of them, and so hide better. Both are computed under the loss itself: the
variance that it brings joins what is there, and what luck in lost answers goes away. The test is the one that
:mod:`evalsite.stats.compare.evidence` makes; ``bench/advice.py`` measures how often it finds the loss.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evalsite.counts.passk import Values
from evalsite.stats.quantiles import normal_quantile, normal_tail, student_quantile

POWER = 0.8
"""Chance with which a loss of the stated size is found."""
PRECISION = 2e-4
"""Of the loss, in [0, 1]."""
GUESSES = 6
"""Of the loss, before its range is halved."""
NO_POWER, NEARLY_NONE = 0.02, 1e-12
"""Where there is no loss, about as many tests show one; what stands for no distance from the power wanted."""
FAR = 6.0
"""Standard deviations from their mean beyond which numbers of problems do not count."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two runs' pass@k of each problem, both of shape (n_problems,), and what of them is luck."""

    before: Values
    after: Values
    luck: tuple[float, float]
    """Variance of the problems' pass@k by luck in the answers, in the baseline and in the candidate."""
    least: float
    """As for :func:`evalsite.stats.compare.paired.paired_interval`: the weight of one draw."""
    level: float
    """p-value below which a difference is shown: one minus the confidence."""

    @property
    def plain(self) -> bool:
        """Whether every problem is plainly passed or not in both runs, so that McNemar's test is made."""
        return bool(np.all(np.isin(self.before, (0.0, 1.0))) and np.all(np.isin(self.after, (0.0, 1.0))))


def lost_outright(pair: Pair) -> float | None:
    """Smallest loss that is shown with chance ``POWER`` where problems are lost for good; in [0, 1].

    None where not even the loss of all that the baseline solves would be.
    """
    solved = float(pair.before.mean())
    return _smallest(_mcnemar_power(pair) if pair.plain else _outright_power(pair), solved)


def lost_evenly(pair: Pair, answers: float) -> float | None:
    """The same for pass@1 where every problem's rate of passes falls by the same factor.

    ``answers``: samples of each problem in the candidate.
    """
    size, solved = pair.before.size, float(pair.before.mean())
    differences = pair.after - pair.before
    square = float(np.mean(pair.before**2))
    own = _without_loss(differences, solved, square, sum(pair.luck)) - sum(pair.luck)
    square -= pair.luck[0]  # of the true rates
    weight = max(float(np.max(differences**2)), pair.least)
    quantile = _quantile(pair, size)
    # Of as many problems that all lost alike, this loss is the smallest that leaves no room for unseen gains.
    unseen = pair.level ** (-1 / size) - 1

    def power(loss: float) -> float:
        kept = 1 - loss / solved
        luck = pair.luck[0] + max(kept * solved - kept**2 * square, 0.0) / answers
        variance = own + luck + max(square - solved**2, 0.0) * (loss / solved) ** 2
        seen = quantile * math.sqrt((variance + 2 * weight / size) / size)
        return _above(loss - max(seen, unseen), math.sqrt(variance / size))

    return _smallest(power, solved)


def _outright_power(pair: Pair) -> Callable[[float], float]:
    """Chance that a loss of whole problems is shown; of several samples, whose changes are of many sizes."""
    size, solved, square = pair.before.size, float(pair.before.mean()), float(np.mean(pair.before**2))
    differences = pair.after - pair.before
    there = _without_loss(differences, solved, square, sum(pair.luck))
    weight = max(float(np.max(pair.before)) ** 2, pair.least)
    bounds = normal_quantile(1 - pair.level / 2), _quantile(pair, size)

    def power(loss: float) -> float:
        share = min(1.0, loss / solved)
        lost, chance = _binomial(size, share)
        blur = size * (there - share * pair.luck[1])
        moved, squares = lost * solved, lost * square + blur
        # Neither by swapped signs nor by the interval is less than this more than chance.
        needed = np.maximum(
            bounds[0] * np.sqrt(squares),
            bounds[1] * np.sqrt(np.maximum(squares + 2 * weight - moved**2 / (size + 2), 0.0)),
        )
        spread = np.sqrt(lost * max(square - solved**2, 0.0) + blur)
        shown = [_above(*one) for one in zip((moved - needed).tolist(), spread.tolist(), strict=True)]
        return float(chance @ np.array(shown))

    return power


def _without_loss(differences: Values, solved: float, square: float, luck: float) -> float:
    """Variance of the differences without what a loss seen explains, but no less than luck makes."""
    total = float(differences.var(ddof=1)) if differences.size > 1 else 0.0
    seen = abs(float(differences.mean()))
    return max(luck, total - max(0.0, seen / solved * square - seen**2)) if solved else max(luck, total)


def _mcnemar_power(pair: Pair) -> Callable[[float], float]:
    """Chance that McNemar's exact test shows a loss, where problems are plainly passed or not."""
    size, solved = pair.before.size, float(pair.before.mean())
    broken = int(np.count_nonzero(pair.after < pair.before))
    fixed = int(np.count_nonzero(pair.after > pair.before))
    # What goes either way: of the excess on one side, as much as chance explains.
    excess = max(0.0, abs(broken - fixed) - math.sqrt(broken + fixed))
    either = (broken + fixed - excess) / (2 * size)

    def power(loss: float) -> float:
        kept = 1 - min(1.0, loss / solved)
        breaking, changing = either * kept + loss, min(1.0, 2 * either * kept + loss)
        changed, chance = _binomial(size, changing)
        share = min(1.0, breaking / changing)
        return float(chance @ _enough(changed, share, pair.level))

    return power


@lru_cache(maxsize=4096)
def _critical(changed: int, level: float) -> int:
    """Problems that have to break, of those that changed, for McNemar's p-value to fall below ``level``."""
    half = np.exp(_log_choices(changed) - changed * math.log(2))
    too_often = np.cumsum(half[::-1])[::-1] * 2 >= level
    return int(np.count_nonzero(too_often))


def _enough(changed: Values, share: float, level: float) -> Values:
    """Chance that enough break for McNemar's test to show it; what changed breaks with chance ``share``.

    ``changed``: numbers that follow one another; the chances are of the same shape. Each follows from the
    one before by what one more may add and what one more that has to break takes away.
    """
    critical = [_critical(int(number), level) for number in changed]
    if share in (0.0, 1.0):
        return (np.array(critical) <= share * changed).astype(np.float64)
    first, enough = int(changed[0]), critical[0]
    happened, chance = _binomial(first, share)
    shown = [float(chance[happened >= enough].sum())]
    for before, wanted in enumerate(critical[1:], first):
        tail = shown[-1] + share * _exactly(enough - 1, before, share)
        for number in range(enough, wanted):
            tail -= _exactly(number, before + 1, share)
        shown.append(tail)
        enough = wanted
    return np.array(shown)


def _exactly(number: int, of: int, share: float) -> float:
    """Chance that so many of independent events happen, each with chance ``share``."""
    if not 0 <= number <= of:
        return 0.0
    choices = math.lgamma(of + 1) - math.lgamma(number + 1) - math.lgamma(of - number + 1)
    return math.exp(choices + number * math.log(share) + (of - number) * math.log1p(-share))


def _binomial(size: int, share: float) -> tuple[Values, Values]:
    """Numbers of events within ``FAR`` standard deviations, and their chances; both of one shape."""
    if share in (0.0, 1.0):
        return np.array([size * share]), np.ones(1)
    reach = FAR * math.sqrt(size * share * (1 - share)) + FAR
    low, high = max(0, math.floor(size * share - reach)), min(size, math.ceil(size * share + reach))
    numbers = np.arange(low, high + 1)
    logs = (
        _log_choices(size)[low : high + 1] + numbers * math.log(share) + (size - numbers) * math.log1p(-share)
    )
    return numbers.astype(np.float64), np.exp(logs)


@lru_cache(maxsize=4096)
def _log_choices(size: int) -> Values:
    """Logarithms of the binomial coefficients, shape (size + 1,)."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size + 1)))])
    choices: Values = logs[-1] - logs - logs[::-1]
    return choices


def _quantile(pair: Pair, size: int) -> float:
    return student_quantile(1 - pair.level / 2, max(size - 1, 1))


def _above(mean: float, spread: float) -> float:
    """Chance that a normal variable is positive."""
    if spread <= 0.0:
        return float(mean > 0.0)
    return normal_tail(-mean / spread)


def _smallest(power: Callable[[float], float], most: float) -> float | None:
    """The smallest loss, up to ``most``, with enough power; None where there is none.

    Power grows with the loss, so that halving need not ask for it outside of what is known already.
    """
    if most <= 0.0 or (greatest := power(most)) < POWER:
        return None
    short, enough = _around(power, most, greatest)
    low, high = 0.0, most
    while high - low > PRECISION:
        middle = (low + high) / 2
        is_short = middle <= short or (middle < enough and power(middle) < POWER)
        low, high = (middle, high) if is_short else (low, middle)
    return high


def _around(power: Callable[[float], float], most: float, greatest: float) -> tuple[float, float]:
    """A loss with too little power and one with enough, mostly near each other.

    The normal quantile of power is nearly straight: each guess lies where the line meets the power wanted,
    and a little beyond on the side of which less is known.
    """
    low, high, below, above = 0.0, most, _surplus(NO_POWER), _surplus(greatest)
    for guesses in range(GUESSES):
        if high - low <= PRECISION:
            break
        loss = low - below * (high - low) / (above - below)
        beyond = math.copysign(0.4 if guesses else 0.0, high - loss - (loss - low)) * PRECISION
        loss = min(max(loss + beyond, low + 0.3 * PRECISION), high - 0.3 * PRECISION)
        found = power(loss)
        if found < POWER:
            low, below = loss, min(_surplus(found), -NEARLY_NONE)
        else:
            high, above = loss, max(_surplus(found), NEARLY_NONE)
    return low, high


def _surplus(power: float) -> float:
    """How far its normal quantile lies above that of the power wanted."""
    return normal_quantile(min(max(power, 1e-6), 1 - 1e-6)) - normal_quantile(POWER)
