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

from evalsite.stats.compare.noise import Noise
from evalsite.stats.intervals import Interval
from evalsite.stats.quantiles import normal_quantile, normal_tail
from evalsite.words.sentences import percents

HALF, MOST = 0.5, 0.8
"""Shares of campaigns, for which it is said what decides them."""
NEAR = 0.8
"""How near the margin the truth is taken to lie beforehand, in margins: the standard deviation of a normal
distribution that is as dense there as if all losses between none and twice the allowed one were as likely."""
SMALLEST_MARGIN = 0.01
SHARES = 16
"""Shares of luck, as far as the data leave them open, that chances are averaged over."""
MANY = 10
"""Samples of each problem, for which it is said what they could do where there is one so far."""
HARDLY = 0.005
"""A share of campaigns that would be printed as 0 %."""
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
    off as the standard error has it, and drawn towards the margin as ``NEAR`` has it.
    """

    num_problems: int
    num_samples: int
    """Now."""
    problems: Reach
    """Problems of this kind, at the samples of now."""
    samples: Reach
    """Samples of each of these problems, in all."""
    best: float
    """The largest share of campaigns that samples alone may decide.

    Any number of them, or ``MANY`` where there is a single one so far, which cannot tell what is luck."""

    @property
    def sentence(self) -> str:
        """The advice in plain words, with what it takes for granted."""
        problems = _about(self.problems, "problems", f"of this kind (now {self.num_problems:,})")
        return (
            f"What would settle it: {problems}; {self._by_samples}. That takes the truth to lie around what "
            "was seen, as far off as these data leave room for."
        )

    @property
    def _by_samples(self) -> str:
        if self.samples.half is not None:
            return "or " + _about(self.samples, "samples", f"of each of these (now {self.num_samples:,})")
        at_most = "hardly ever" if self.best < HARDLY else f"in {percents(self.best)} at most"
        if self.num_samples == 1:
            return f"how far more samples would go, a single one cannot tell: {MANY} of each {at_most}"
        if self.best < HALF:
            return f"more samples of these alone {at_most}"
        return "how far more samples of these alone would go, these data cannot tell"


@dataclass(frozen=True, slots=True)
class Open:
    """An open question: what was seen, how far from its margin, and how blurred. All in [0, 1] or [-1, 1]."""

    gap: float
    """The figure seen minus its threshold; of either sign."""
    toward: float
    """How far the interval reaches from the figure towards the margin."""
    near: float
    """Standard deviation of the truth's distance from the margin, as it is taken to be beforehand."""
    num_samples: int
    """The fewest samples of a problem in either run."""
    noise: Noise
    ends: tuple[float, float]
    """How far the figure is from the lowest and from the highest that a problem can have."""
    confidence: float

    @property
    def is_open(self) -> bool:
        """Whether the interval reaches across the threshold."""
        return abs(self.gap) <= self.toward

    @property
    def quantile(self) -> float:
        """Of the normal distribution, for the interval's confidence."""
        return normal_quantile(0.5 + self.confidence / 2)

    @property
    def variance(self) -> float:
        """Of one problem's value, as wide as the interval has it."""
        return self.noise.num_problems * (self.toward / self.quantile) ** 2

    def with_problems(self, problems: float) -> float:
        """Chance that a new campaign of so many problems of this kind is decided."""
        before, error = self.near**2, self.variance / self.noise.num_problems
        kept = before / (before + error)
        spread = math.sqrt(kept * error + self.variance / problems)
        return self._beyond(kept * self.gap, spread, math.sqrt(self.variance / problems), problems)

    def with_samples(self, samples: float, share: float) -> float:
        """Chance that these problems are decided by so many samples of each, those at hand among them.

        ``share``: the share of the variance that is luck in the answers.
        """
        size, more = self.noise.num_problems, samples - self.num_samples
        luck = max(share, 1e-9) * self.variance / size  # of the mean, now
        own = (1 - share) * self.variance / size
        kept = (self.near**2 + own) / (self.near**2 + own + luck)
        weight = more / samples
        mean = self.gap * (1 - weight + weight * kept)
        spread = weight * math.sqrt(kept * luck + luck * self.num_samples / more)
        return self._beyond(mean, spread, math.sqrt(own + luck * self.num_samples / samples), size)

    def _beyond(self, mean: float, spread: float, error: float, problems: float) -> float:
        """Chance that a limit of an interval lies beyond the margin.

        ``mean`` and ``spread``: of where the figure will be. The limits reach as far as ``error`` makes them,
        but no less than the room for problems not seen (:mod:`evalsite.stats.unseen`).
        """
        unseen = 1 - (1 - self.confidence) ** (1 / problems)
        low, high = (max(self.quantile * error, unseen * end) for end in self.ends)
        spread = max(spread, 1e-12)
        return normal_tail((low - mean) / spread) + normal_tail((mean + high) / spread)


def open_question(
    value: float,
    interval: Interval,
    threshold: float,
    margin: float,
    num_samples: int,
    noise: Noise,
    ends: tuple[float, float] = (0.0, 1.0),
) -> Open:
    """Make an open question of a figure with its interval and the threshold that the truth may lie at.

    ``margin``: how far from the threshold the truth may well lie, such as the allowed loss. ``ends``: the
    lowest and the highest that a problem can have.
    """
    gap = value - threshold
    toward = value - interval.low if gap > 0 else interval.high - value
    return Open(
        gap=gap,
        toward=max(toward, 1e-6),
        near=NEAR * max(margin, SMALLEST_MARGIN),
        num_samples=num_samples,
        noise=noise,
        ends=(value - ends[0], ends[1] - value),
        confidence=interval.confidence,
    )


def needed(question: Open) -> Needed:
    """What would settle it: problems at the samples of now, or samples of the problems of now."""
    problems, samples = question.noise.num_problems, question.num_samples
    shares = _shares(question.noise)
    reach = SAMPLES_IN_REACH * samples

    def by_samples(number: float) -> float:
        return sum(question.with_samples(number, share) for share in shares) / len(shares)

    if not shares:
        found, best = Reach(None, None), question.with_samples(MANY, 1.0)
    else:
        found = Reach(_least(by_samples, samples, HALF, reach), _least(by_samples, samples, MOST, reach))
        limits = question.noise.share_range() or (0.0, 0.0)
        numbers = (samples * times for times in (1.2, 1.5, 2, 3, 5, 10, 30, 100, 1e6))
        best = max(question.with_samples(number, limits[1]) for number in numbers)
    return Needed(
        num_problems=problems,
        num_samples=samples,
        problems=Reach(
            _least(question.with_problems, problems, HALF, PROBLEMS_IN_REACH),
            _least(question.with_problems, problems, MOST, PROBLEMS_IN_REACH),
        ),
        samples=found,
        best=best,
    )


def _shares(noise: Noise) -> list[float]:
    """Shares of luck that the data leave open, each as likely as the others; none where nothing is known."""
    if noise.prediction is None:
        return []
    share = noise.prediction_share or 0.0
    error = noise.share_error or 0.0
    if error == 0.0:
        return [share]
    low, high = _below((0 - share) / error), _below((1 - share) / error)
    steps = [low + (high - low) * (step + 0.5) / SHARES for step in range(SHARES)]
    return [
        min(max(share + error * normal_quantile(min(max(step, 1e-9), 1 - 1e-9)), 0.0), 1.0) for step in steps
    ]


def _least(chance: Chance, now: int, wanted: float, reach: float) -> int | None:
    """The smallest number above ``now`` with at least the chance wanted, in two digits; None beyond reach."""
    low, high = now, now + 1
    while chance(high) < wanted:
        low, high = high, 2 * high
        if low > reach:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if chance(middle) < wanted else (low, middle)
    return _rounded_up(high)


def _rounded_up(number: int) -> int:
    """More digits than two would pretend to be more than a guess."""
    unit = int(10 ** max(len(str(number)) - 2, 0))
    return math.ceil(number / unit) * unit


def _below(value: float) -> float:
    return normal_tail(-value)


def _about(reach: Reach, noun: str, of: str) -> str:
    """Both numbers of a reach: ``about 400 problems of ... in half of such cases, about 2,000 in 80 %``."""
    things = f"{noun} {of} in half of such cases"
    if reach.half is None:
        return f"more than {PROBLEMS_IN_REACH:,} {things}"
    most = "" if reach.most is None else f", about {reach.most:,} in {percents(MOST)}"
    return f"about {reach.half:,} {things}{most}"
