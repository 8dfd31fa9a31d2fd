"""What it would take to settle an open question: more problems of this kind, or more samples of these.

A campaign is decided where the interval's limit lies beyond the margin, and how often that would be depends
on the truth, which is not known: only what was seen. Putting what was seen in the truth's place promises far
too much, since a figure that came out far from the margin by luck will not do so again. Here the chance of a
decision is averaged over the truths that the data leave open (assurance; O'Hagan, Stevens & Campbell 2005),
so that whoever follows such advice is decided as often as it says, on average over what may lead to it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from evalsite.counts.passk import Values
from evalsite.stats.compare.noise import Noise
from evalsite.stats.intervals import Interval
from evalsite.stats.quantiles import normal_quantile, normal_tail
from evalsite.stats.unseen import highest, lowest, without_luck
from evalsite.words.sentences import percents

HALF, MOST = 0.5, 0.8
"""Shares of campaigns, for which it is said what decides them."""
NEAR = 0.8
"""In margins, the standard deviation of a normal distribution that is as dense at the margin as one in which
all losses between none and twice the allowed one are equally likely; it stands for that one where the truth
about the problems at hand is meant, which these problems' own choice blurs."""
SMALLEST_MARGIN = 0.01
STEPS = 16
"""Truths and shares of luck, as far as the data leave them open, that chances are averaged over."""
MANY = 10
"""Samples of each problem, for which it is said what they could do where there is one so far."""
ROUGHLY = "a quarter to two thirds"
"""How often those samples decide that are said to decide half: a loss that is spread evenly is decided more
often, one of whole problems less, and no data in reach tell which of the two it is."""
ENOUGH_PROBLEMS = 150
"""From where on samples are told at all; with fewer, the luck in the answers is too little known."""
BOUNDS = ((0.005, 0.0, "hardly ever"), (0.15, 0.2, "in less than a fifth"), (0.33, 0.5, "in less than half"))
"""The chance at best, up to which it is told that samples decide no larger share of campaigns, and in words.

Coarse, and with room between the chance and what is told: campaigns that get such advice are those whose
data make little of their luck, often by luck."""
PROBLEMS_IN_REACH = 10**9
SAMPLES_IN_REACH = 100
"""Times the samples at hand; from there on more samples change next to nothing."""

Chance = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Reach:
    """How much decides half, and how much 80 %, of such campaigns; None where no amount in reach does."""

    half: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Needed:
    """What would settle on which side of its margin the truth lies, and in what share of such campaigns.

    A campaign is like this one if its truth is one that these data leave open: around what was seen, as far
    off as the standard error has it, and no further from the margin than the margin is wide.
    """

    num_problems: int
    num_samples: int
    """Now."""
    problems: Reach
    """Problems of this kind, at the samples of now."""
    samples: int | None
    """Samples of each of these problems, in all, that decide about half; None where that cannot be told."""
    at_most: float | None
    """A share of campaigns, one of ``BOUNDS``, that samples alone do not exceed; None where none can be told.

    Any number of them, or ``MANY`` where there is a single one so far, which cannot tell what is luck."""

    @property
    def sentence(self) -> str:
        """The advice in plain words, with what it takes for granted."""
        return (
            f"What would settle it: {self._by_problems}; {self._by_samples}. That takes the truth to lie "
            "around what was seen, as far off as these data leave room for."
        )

    @property
    def _by_problems(self) -> str:
        things = f"problems of this kind (now {self.num_problems:,}) in half of such cases"
        if self.problems.half is None:
            return f"more than {PROBLEMS_IN_REACH:,} {things}"
        most = "" if self.problems.most is None else f", about {self.problems.most:,} in {percents(MOST)}"
        return f"about {self.problems.half:,} {things}{most}"

    @property
    def _by_samples(self) -> str:
        if self.samples is not None:
            return (
                f"or about {self.samples:,} samples of each of these (now {self.num_samples:,}) in {ROUGHLY}"
            )
        bound = next((words for _, share, words in BOUNDS if share == self.at_most), "")
        if self.num_samples == 1:
            unknown = "how far more samples would go, a single one cannot tell"
            return f"{unknown}: {MANY} of each {bound}" if bound else unknown
        if bound:
            return f"more samples of these alone {bound}"
        return "how far more samples of these alone would go, these data cannot tell"


@dataclass(frozen=True, slots=True)
class Open:
    """An open question: what was seen, how far from its margin, and how blurred. All in [0, 1] or [-1, 1]."""

    gap: float
    """The figure seen minus its threshold; of either sign."""
    is_open: bool
    """Whether the interval reaches across the threshold."""
    within: float
    """How far from the threshold the truth is taken to lie beforehand, at most, all distances as likely."""
    num_samples: int
    """The fewest samples of a problem in either run."""
    noise: Noise
    variance: float
    """Of one problem's value; one further problem that changed keeps it from being none."""
    ends: tuple[float, float]
    """How far the figure is from the lowest and from the highest that a problem can have."""
    rooms: tuple[float, float]
    """How far the limits are at least, for problems not seen, as these problems vary without known luck."""
    confidence: float
    unseen: float = 2.0
    """How many times as often as by chance alone a limit may be missed by what was not seen."""

    def with_problems(self, problems: float) -> float:
        """Chance that a new campaign of so many problems of this kind is decided."""
        error = math.sqrt(self.variance / problems)
        rooms, reach = self._alike(problems), self._quantile * error
        now = math.sqrt(self.variance / self.noise.num_problems)
        truths = _left_open(self.gap, now, -self.within, self.within)
        return math.fsum(self._beyond(truth, error, reach, rooms) for truth in truths) / len(truths)

    def with_samples(self, samples: float, share: float) -> float:
        """Chance that these problems are decided by so many samples of each, those at hand among them.

        ``share``: the share of the variance that is luck in the answers.
        """
        return self._with_samples(samples, share * self.noise.total, self.rooms)

    def with_samples_at_best(self, samples: float, share: float) -> float:
        """The same with as little room for problems not seen as there can be."""
        return self._with_samples(samples, share * self.variance, self._alike(self.noise.num_problems))

    def _with_samples(self, samples: float, luck: float, rooms: tuple[float, float]) -> float:
        size, more = self.noise.num_problems, samples - self.num_samples
        luck = max(luck, 1e-9) / size  # of the mean
        own = max(self.variance / size - luck, 0.0)
        before = (NEAR * self.within) ** 2 + own
        kept = before / (before + luck)
        weight = more / samples
        mean = self.gap * (1 - weight + weight * kept)
        spread = weight * math.sqrt(kept * luck + luck * self.num_samples / more)
        reach = self._quantile * math.sqrt(own + luck * self.num_samples / samples)
        return self._beyond(mean, spread, reach, rooms)

    def _alike(self, problems: float) -> tuple[float, float]:
        """Room for problems not seen where those that were are all alike."""
        hidden = 1 - (self.unseen * (1 - self.confidence) / 2) ** (1 / problems)
        return hidden * self.ends[0], hidden * self.ends[1]

    @property
    def _quantile(self) -> float:
        return normal_quantile(0.5 + self.confidence / 2)

    def _beyond(self, mean: float, spread: float, reach: float, rooms: tuple[float, float]) -> float:
        """Chance that a limit of an interval lies beyond the margin.

        ``mean`` and ``spread``: of where the figure will be. The limits reach as far as the problems' spread
        makes them, but no less than the room for problems not seen (:mod:`evalsite.stats.unseen`).
        """
        low, high = max(reach, rooms[0]), max(reach, rooms[1])
        spread = max(spread, 1e-12)
        return normal_tail((low - mean) / spread) + normal_tail((mean + high) / spread)


def open_question(
    values: Values,
    interval: Interval,
    threshold: float,
    margin: float,
    num_samples: int,
    noise: Noise,
    ends: tuple[float, float] = (0.0, 1.0),
) -> Open:
    """Make an open question of one value per problem, shape (n_problems,), and the interval of their mean.

    ``threshold``: where the truth may lie. ``margin``: how far from there it may well lie, such as the
    allowed loss. ``ends``: the lowest and the highest that a problem can have.
    """
    value, size = float(values.mean()), values.size + 1
    # One more problem, as likely won as lost, by as much as the largest seen, or else by one draw.
    most = math.sqrt(max(float(np.max(values**2)), 1 / num_samples))
    mean = (values.sum() + most * sum(ends) / 2) / size
    variance = (np.sum(values**2) + most**2 * (ends[0] ** 2 + ends[1] ** 2) / 2) / size - mean**2
    steady, tail = without_luck(values, noise.prediction or 0.0), 1 - interval.confidence
    return Open(
        gap=value - threshold,
        is_open=interval.low <= threshold <= interval.high,
        within=max(margin, SMALLEST_MARGIN),
        num_samples=num_samples,
        noise=noise,
        variance=float(variance),
        ends=(value - ends[0], ends[1] - value),
        rooms=(
            value - lowest(value, steady, ends[0], tail),
            highest(value, steady, ends[1], tail) - value,
        ),
        confidence=interval.confidence,
    )


def needed(question: Open) -> Needed:
    """What would settle it: problems at the samples of now, or samples of the problems of now."""
    problems, samples = question.noise.num_problems, question.num_samples
    shares = _shares(question.noise)

    def by_samples(number: float) -> float:
        return math.fsum(question.with_samples(number, share) for share in shares) / len(shares)

    found = None
    if not shares:
        best = question.with_samples_at_best(MANY, 1.0)
    else:
        if problems >= ENOUGH_PROBLEMS:
            found = _least(by_samples, samples, HALF, SAMPLES_IN_REACH * samples)
        largest = max(question.noise.share_range() or (0.0,))
        numbers = (samples * times for times in (1.2, 1.5, 2, 3, 5, 10, 30, 100, 1e6))
        best = max(question.with_samples_at_best(number, largest) for number in numbers)
    return Needed(
        num_problems=problems,
        num_samples=samples,
        problems=by_problems(question),
        samples=found,
        at_most=next((share for limit, share, _ in BOUNDS if best < limit), None),
    )


def by_problems(question: Open) -> Reach:
    """How many problems of this kind would settle it, at the samples of now."""
    now, chance = question.noise.num_problems, cache(question.with_problems)
    half, most = (_least(chance, now, wanted, PROBLEMS_IN_REACH) for wanted in (HALF, MOST))
    return Reach(half, most)


def _shares(noise: Noise) -> tuple[float, ...]:
    """Shares of luck that the data leave open, each as likely as the others; none where nothing is known."""
    if noise.prediction is None:
        return ()
    share, error = noise.prediction_share or 0.0, noise.share_error or 0.0
    return _left_open(share, error, 0.0, 1.0) if error else (share,)


@lru_cache(maxsize=64)
def _left_open(seen: float, error: float, low: float, high: float) -> tuple[float, ...]:
    """Truths between two bounds around what was seen, each as likely as the others.

    Quantiles of the normal distribution with that standard error, cut off at the bounds.
    """
    first, last = (normal_tail((seen - end) / error) for end in (low, high))
    steps = (first + (last - first) * (step + 0.5) / STEPS for step in range(STEPS))
    truths = (seen + error * normal_quantile(min(max(step, 1e-12), 1 - 1e-12)) for step in steps)
    return tuple(min(max(truth, low), high) for truth in truths)


def _least(chance: Chance, now: int, wanted: float, reach: float) -> int | None:
    """The smallest number above ``now`` with at least the chance wanted, in two digits; None beyond reach."""
    low, high = now, now + 1
    while chance(high) < wanted:
        low, high = high, 2 * high
        if low > reach:
            return None
    while _rounded(low + 1, now) != _rounded(high, now):
        middle = (low + high) // 2
        low, high = (middle, high) if chance(middle) < wanted else (low, middle)
    return _rounded(high, now)


def _rounded(number: int, now: int) -> int:
    """Two digits, since more would pretend to be more than a guess; never so few as there are now."""
    unit = int(10 ** max(len(str(number)) - 2, 0))
    nearest = round(number / unit) * unit
    return nearest if nearest > now else math.ceil(number / unit) * unit
