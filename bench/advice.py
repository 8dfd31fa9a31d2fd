"""Measure by simulation whether advice holds: what would settle a question, and what could have been seen.

Run ``python bench/advice.py`` (some minutes; ``--runs`` sets the simulated campaigns a line). Prints Markdown
tables; a row that is not as promised is named at the end, and the exit code is then 1.

A campaign asks problems of two models, the second of which has a true loss. Where it is inconclusive, its
advice is followed by another campaign of the same models: with so many new problems, or with so many more
samples of the same ones. "In half of such cases" and "in 80 %" have to come true on average over all
campaigns that gave such advice. Their true losses are drawn evenly from none to twice the allowed one. A
campaign of a single model is held against a threshold, and its truth lies as near to that.
"""

import itertools
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from promises import Row, Section, simulate, slack

from evalsite.counts.passk import Counts, Values, luck_at_k
from evalsite.stats.compare.evidence import interval_and_test
from evalsite.stats.compare.noise import single_noise
from evalsite.stats.compare.numbers import compare
from evalsite.stats.compare.paired import paired_interval
from evalsite.stats.compare.planning import HALF, MANY, MOST, Needed, needed, open_question
from evalsite.stats.compare.signflip import mcnemar
from evalsite.stats.intervals import estimate_pass_at_k

MARGIN = 0.10
MEAN = 0.7
"""Average rate of passes of the baseline."""
SETTLED_OFF = 0.05
ROUGHLY = (1 / 4, 2 / 3)
"""Between which shares of campaigns are decided by as many samples as are said to decide half."""
TIMES = 100
"""As many times the samples stand for any number of them."""
POWER_BAND = (0.75, 0.85)
MOST_DRAWN = 2000
"""Problems that are drawn one by one; of more, their mean is drawn, which is normal by then."""


@dataclass(frozen=True)
class World:
    """Problems, and what a loss does to them."""

    samples: int
    shape: str
    """How all rates fall by one factor (``even``), problems drop to 0 (``outright``) or flip (``greedy``).

    ``single``: one model alone, with a threshold at ``MEAN``."""
    spread: float
    """Concentration of the problems' rates; for ``greedy`` the share of problems that change either way."""

    @property
    def name(self) -> str:
        """For the tables."""
        if self.shape == "greedy":
            return f"greedy, {self.spread:.0%} change either way"
        problems = "spread" if self.spread > 1 else "split"
        return f"one model, {problems}" if self.shape == "single" else f"{self.shape} loss, {problems}"

    def rates(self, generator: np.random.Generator, size: int, loss: float) -> tuple[Values, Values]:
        """Draw the rates of passes of both models."""
        if self.shape == "greedy":
            move = generator.choice(
                [-1, 0, 1], size, p=[self.spread + loss, 1 - 2 * self.spread - loss, self.spread]
            )
            base = np.where(move == 0, generator.random(size) < MEAN, move < 0).astype(np.float64)
            return base, base + move
        mean = MEAN + MARGIN - loss if self.shape == "single" else MEAN
        rates = generator.beta(mean * self.spread, (1 - mean) * self.spread, size)
        if self.shape == "single":
            return rates, rates
        if self.shape == "even":
            return rates, rates * (1 - loss / MEAN)
        return rates, np.where(generator.random(size) < loss / MEAN, 0.0, rates)


WORLDS = (
    World(1, "greedy", 0.02),
    World(1, "even", 3.0),
    World(3, "even", 3.0),
    World(10, "even", 3.0),
    World(10, "outright", 3.0),
    World(10, "outright", 0.4),
    World(1, "single", 3.0),
    World(10, "single", 3.0),
)
SIZES = (20, 50, 100, 164, 378)
SAMPLED = (
    *(world for world in WORLDS if world.samples == 1 and world.shape != "single"),
    World(2, "even", 3.0),
    World(3, "even", 3.0),
    World(5, "even", 3.0),
    World(10, "even", 3.0),
    World(3, "even", 0.4),
    World(3, "outright", 3.0),
    World(10, "outright", 3.0),
    World(10, "outright", 0.4),
)


def moves(generator: np.random.Generator, size: int, either: float, loss: float) -> Counts:
    """Draw -1 for problems that break, and 1 for those that get fixed, which ``either`` of them do anyway."""
    return generator.choice([-1, 0, 1], size, p=[either + loss, 1 - 2 * either - loss, either])


class Campaign:
    """Two models asked for samples of some problems."""

    def __init__(self, world: World, size: int, loss: float, generator: np.random.Generator) -> None:
        self.world, self.loss, self.generator = world, loss, generator
        self.rates = world.rates(generator, size, loss)
        self.n = np.full(size, world.samples)
        self.counts = [generator.binomial(world.samples, rates) for rates in self.rates]

    @property
    def needed(self) -> Needed | None:
        """What evalsite says that would settle it; None where it is decided."""
        if self.world.shape != "single":
            return compare(self.n, self.counts[0], self.n, self.counts[1], ks=(1,), margin=MARGIN).needed
        n, c = self.n, self.counts[0]
        interval, samples = estimate_pass_at_k(n, c, 1).interval, self.world.samples
        question = open_question(c / n, interval, MEAN, MARGIN, samples, single_noise(n, c))
        return needed(question) if question.is_open else None

    def with_problems(self, size: int) -> bool:
        """Whether a new campaign with so many problems is decided."""
        new = Campaign(self.world, min(size, MOST_DRAWN), self.loss, self.generator)
        if size <= MOST_DRAWN:
            return new.decided(new.n, *new.counts)
        alone = self.world.shape == "single"
        values = (new.counts[0] if alone else new.counts[1] - new.counts[0]) / self.world.samples
        error = values.std(ddof=1) / math.sqrt(size)
        return bool(abs(self.generator.normal(MARGIN - self.loss, error)) > 1.96 * error)

    def with_samples(self, samples: int) -> bool:
        """Whether so many samples of each of the same problems decide it, those at hand among them."""
        more = samples - self.world.samples
        counts = [
            count + self.generator.binomial(more, rates)
            for count, rates in zip(self.counts, self.rates, strict=True)
        ]
        return self.decided(np.full(self.n.size, samples), *counts)

    def decided(self, n: Counts, base: Counts, candidate: Counts) -> bool:
        """Whether the interval lies on one side of the margin, or of the threshold."""
        if self.world.shape == "single":
            return MEAN not in estimate_pass_at_k(n, base, 1).interval
        luck = float(np.mean(luck_at_k(n, base, 1) + luck_at_k(n, candidate, 1)))
        interval = paired_interval((candidate - base) / n, luck=luck, least=1 / int(n[0]))
        return -MARGIN not in interval


def undecided(
    world: World, size: int, generator: np.random.Generator, loss: float | None = None
) -> Iterator[tuple[Campaign, Needed]]:
    """Inconclusive campaigns without end, with their advice; of any true loss unless one is given."""
    while True:
        campaign = Campaign(
            world, size, generator.uniform(0, 2 * MARGIN) if loss is None else loss, generator
        )
        advice = campaign.needed
        if advice is not None:
            yield campaign, advice


def more_problems(runs: int) -> Iterator[Row]:
    """How often campaigns that ask as many problems as they were advised are decided."""
    print(f"\n## What would settle it, problems: {runs:,} inconclusive campaigns a line\n")
    print("| N x n | campaigns | said | decided | numbers, 10 to 90 % |")
    print("|---|---|---|---|---|")
    for size, world in itertools.product((20, 50, 164), WORLDS):
        generator = np.random.default_rng([size, world.samples, int(10 * world.spread)])
        followed = follow(world, size, generator, runs)
        for said, found in zip((HALF, MOST), followed, strict=True):
            share, numbers = np.mean([done for done, _ in found]), [number for _, number in found]
            low, high = np.quantile(numbers, (0.1, 0.9))
            cell = f"{size} x {world.samples} | {world.name} | {said:.0%}"
            print(f"| {cell} | {share:.0%} | {low:,.0f} to {high:,.0f} |", flush=True)
            off = abs(share - said) > SETTLED_OFF + slack(said, runs)
            yield f"problems, {cell}", f"{share:.0%}" if off else ""


def follow(
    world: World, size: int, generator: np.random.Generator, runs: int, loss: float | None = None
) -> tuple[list[tuple[bool, int]], ...]:
    """For the number that decides half, and 80 %: whether each campaign was decided by it, and the number."""
    found: tuple[list[tuple[bool, int]], ...] = [], []
    for campaign, advice in itertools.islice(undecided(world, size, generator, loss), runs):
        for kept, number in zip(found, (advice.problems.half, advice.problems.most), strict=True):
            assert number is not None
            kept.append((campaign.with_problems(number), number))
    return found


def more_samples(runs: int) -> Iterator[Row]:
    """How often more samples of the same problems decide, where a number is told, and where a bound is."""
    print(f"\n## What would settle it, samples: {runs:,} inconclusive campaigns a line\n")
    print("Told: about so many decide half; or any number (100 times those at hand, or 10 where there is a")
    print("single one) decides less than half, less than a fifth, or hardly ever. In brackets: campaigns.\n")
    print("| N x n | campaigns | half | less than half | less than a fifth | hardly ever |")
    print("|---|---|---|---|---|---|")
    for size, world in itertools.product(SIZES, SAMPLED):
        generator = np.random.default_rng([size, world.samples, int(10 * world.spread), 7])
        told: dict[float | None, list[bool]] = {None: [], 0.5: [], 0.2: [], 0.0: []}
        for campaign, advice in itertools.islice(undecided(world, size, generator), runs):
            if advice.samples is not None:
                told[None].append(campaign.with_samples(advice.samples))
            elif advice.at_most is not None:
                number = MANY if world.samples == 1 else TIMES * world.samples
                told[advice.at_most].append(campaign.with_samples(number))
        name = f"{size} x {world.samples} | {world.name}"
        cells = [f"{np.mean(done):.0%} ({len(done)})" if done else "" for done in told.values()]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
        for (bound, done), cell in zip(told.items(), cells, strict=True):
            low, high = ROUGHLY if bound is None else (0.0, bound)
            low, high = low - SETTLED_OFF, high + SETTLED_OFF
            off = done and not low - slack(0.5, len(done)) <= np.mean(done) <= high + slack(0.5, len(done))
            yield f"samples, {name}, at most {bound}", cell if off else ""


def by_truth(runs: int) -> Iterator[Row]:
    """The same by single true losses: far from the margin more are decided than said, near it fewer."""
    print(f"\n## The same by the true loss: {runs:,} inconclusive campaigns a line, nothing promised\n")
    print("| N x n | campaigns | true loss | half: decided | 80 %: decided |")
    print("|---|---|---|---|---|")
    for world in (WORLDS[1], WORLDS[4]):
        for loss in (0.03, 0.05, 0.07, 0.09, 0.13):
            generator = np.random.default_rng([world.samples, int(100 * loss)])
            half, most = (
                np.mean([done for done, _ in found]) for found in follow(world, 164, generator, runs, loss)
            )
            print(
                f"| 164 x {world.samples} | {world.name} | {100 * loss:.0f} | {half:.0%} | {most:.0%} |",
                flush=True,
            )
            yield f"{world.name}, {loss}", ""


def greedy_power(runs: int) -> Iterator[Row]:
    """How often the loss that could have been shown is shown, for one greedy answer to each problem."""
    print(f"\n## What could have been seen: one greedy answer, {runs:,} pairs a line\n")
    print("| problems | broken + fixed | could have shown, points | power |")
    print("|---|---|---|---|")
    for size, changed in ((50, 0), (164, 0), (378, 0), (974, 0), (164, 1), (164, 3), (164, 10)):
        base = (np.arange(size) < 0.6 * size).astype(np.int64)
        after = base.copy()
        after[:changed], after[size - changed :] = 0, 1 if changed else after[size - changed :]
        loss = compare(np.ones(size), base, np.ones(size), after).main.detectable
        assert loss is not None
        generator, share = np.random.default_rng([size, changed]), changed / size
        shown = 0
        for _ in range(runs):
            move = moves(generator, size, share, loss)
            shown += mcnemar(int(np.sum(move < 0)), int(np.sum(move > 0))).p_value < 0.05
        yield from power_row(f"{size} | {changed} + {changed}", loss, shown, runs)


def power(runs: int) -> Iterator[Row]:
    """The same with several samples, or one sampled answer: the number of one pair tried on another."""
    print(f"\n## What could have been seen: sampled answers, {runs:,} pairs a line\n")
    print("| N x n | problems | the loss is | could have shown, points, on average | power |")
    print("|---|---|---|---|---|")
    for size in (20, 50, 164):
        for samples, spread in ((1, 3.0), (1, 0.4), (3, 3.0), (10, 3.0), (10, 0.4), (10, math.inf)):
            for shape in ("even", "outright"):
                world = World(samples, shape, spread)
                name = "nothing changed" if math.isinf(spread) else world.name.split(", ")[1]
                shown, total = tried(world, size, runs)
                yield from power_row(f"{size} x {samples} | {name} | {shape}", total / runs, shown, runs)


def tried(world: World, size: int, runs: int) -> tuple[int, float]:
    """How many pairs show the loss that a pair without any says would show, and the sum of these losses."""
    generator = np.random.default_rng(
        [size, world.samples, int(min(world.spread, 99) * 10), len(world.shape)]
    )
    shown, total = 0, 0.0
    for _ in range(runs):
        n = np.full(size, world.samples)
        plain = math.isinf(world.spread)
        rates = (generator.random(size) < MEAN) * 1.0 if plain else world.rates(generator, size, 0.0)[0]
        pilot = [generator.binomial(world.samples, rates) for _ in range(2)]
        main = compare(n, pilot[0], n, pilot[1], ks=(1,)).main
        evenly = world.shape == "even" and main.detectable_evenly is not None
        loss = main.detectable_evenly if evenly else main.detectable
        loss = min(MEAN, 1.0 if loss is None else loss)
        base, candidate = (rates, rates * (1 - loss / MEAN)) if plain else world.rates(generator, size, loss)
        if plain and world.shape == "outright":
            candidate = np.where(generator.random(size) < loss / MEAN, 0.0, rates)
        shown += is_shown(n, generator.binomial(n, base), generator.binomial(n, candidate))
        total += loss
    return shown, total


def is_shown(n: Counts, base: Counts, candidate: Counts) -> bool:
    """Whether the difference is more than chance explains."""
    change = (candidate - base) / n
    return interval_and_test((n, base), (n, candidate), change, 1, 0.95)[1].p_value < 0.05


def power_row(name: str, loss: float, shown: int, runs: int) -> Iterator[Row]:
    """Print a row of power."""
    share = shown / runs
    print(f"| {name} | {100 * loss:.1f} | {share:.1%} |", flush=True)
    low, high = POWER_BAND[0] - slack(0.8, runs), POWER_BAND[1] + slack(0.8, runs)
    yield f"power, {name}", "" if low <= share <= high else f"{share:.1%}"


SECTIONS: tuple[Section, ...] = (greedy_power, power, more_problems, more_samples, by_truth)


if __name__ == "__main__":
    sys.exit(simulate(__doc__ or "", SECTIONS, 400))
