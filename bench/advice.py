"""Measure by simulation whether advice holds: what would settle a question, and what could have been seen.

Run ``python bench/advice.py`` (some minutes; ``--runs`` sets the simulated campaigns a line). Prints Markdown
tables; a row that is not as promised is named at the end, and the exit code is then 1.

A campaign asks problems of two models, the second of which has a true loss. Where it is inconclusive, its
advice is followed by another campaign of the same models: with so many new problems, or with so many more
samples of the same ones. "In half of such cases" and "in 80 %" have to come true on average over all
campaigns that gave such advice. Their true losses are drawn evenly from none to twice the allowed one.
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from evalsite.counts.passk import Counts, Values, luck_at_k
from evalsite.stats.compare import compare, mcnemar
from evalsite.stats.compare.evidence import interval_and_test
from evalsite.stats.compare.paired import paired_interval

MARGIN = 0.10
MEAN = 0.7
"""Average rate of passes of the baseline."""
SETTLED_OFF = 0.05
POWER_BAND = (0.75, 0.85)
MOST_DRAWN = 2000
"""Problems that are drawn one by one; of more, their mean is drawn, which is normal by then."""

Row = tuple[str, str]
"""A cell's name, and what is wrong with it: an empty string where it is as promised."""


@dataclass(frozen=True)
class World:
    """Problems, and what a loss does to them."""

    samples: int
    shape: str
    """``even``: all rates fall by one factor; ``outright``: problems drop to 0; ``greedy``: plain answers."""
    spread: float
    """Concentration of the problems' rates; for ``greedy`` the share of problems that change either way."""

    @property
    def name(self) -> str:
        """For the tables."""
        if self.shape == "greedy":
            return f"greedy, {self.spread:.0%} change either way"
        return f"{self.shape} loss, {'spread' if self.spread > 1 else 'split'}"

    def rates(self, generator: np.random.Generator, size: int, loss: float) -> tuple[Values, Values]:
        """Draw the rates of passes of both models."""
        if self.shape == "greedy":
            move = generator.choice(
                [-1, 0, 1], size, p=[self.spread + loss, 1 - 2 * self.spread - loss, self.spread]
            )
            base = np.where(move == 0, generator.random(size) < MEAN, move < 0).astype(np.float64)
            return base, base + move
        rates = generator.beta(MEAN * self.spread, (1 - MEAN) * self.spread, size)
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

    def compared(self) -> tuple[object, ...]:
        """What evalsite says of it: the decision, and what is needed."""
        found = compare(self.n, self.counts[0], self.n, self.counts[1], ks=(1,), margin=MARGIN)
        return found.by_figures, found.needed

    def with_problems(self, size: int) -> bool:
        """Whether a new campaign with so many problems is decided."""
        new = Campaign(self.world, min(size, MOST_DRAWN), self.loss, self.generator)
        if size <= MOST_DRAWN:
            return decided(new.n, *new.counts)
        changes = (new.counts[1] - new.counts[0]) / self.world.samples
        error = changes.std(ddof=1) / math.sqrt(size)
        return bool(abs(self.generator.normal(MARGIN - self.loss, error)) > 1.96 * error)

    def with_samples(self, samples: int) -> bool:
        """Whether so many samples of each of the same problems decide it, those at hand among them."""
        more = samples - self.world.samples
        counts = [
            count + self.generator.binomial(more, rates)
            for count, rates in zip(self.counts, self.rates, strict=True)
        ]
        return decided(np.full(self.n.size, samples), *counts)


def decided(n: Counts, base: Counts, candidate: Counts) -> bool:
    """Whether the interval lies on one side of the margin."""
    luck = float(np.mean(luck_at_k(n, base, 1) + luck_at_k(n, candidate, 1)))
    interval = paired_interval((candidate - base) / n, luck=luck, least=1 / int(n[0]))
    return interval.low > -MARGIN or interval.high < -MARGIN


def settled(runs: int) -> Iterator[Row]:
    """How often campaigns that follow the advice are decided."""
    print(f"\n## What would settle it: {runs:,} inconclusive campaigns a line\n")
    print("| N x n | campaigns | advice | given by | said | decided | numbers, 10 to 90 % |")
    print("|---|---|---|---|---|---|---|")
    for size in (20, 50, 164):
        for world in WORLDS:
            generator = np.random.default_rng([size, world.samples, int(10 * world.spread)])
            followed = follow(world, size, lambda rng: rng.uniform(0, 2 * MARGIN), generator, runs)
            for (advice, said), found in sorted(followed.items()):
                share, numbers = np.mean([one for one, _ in found]), [number for _, number in found]
                low, high = np.quantile(numbers, (0.1, 0.9))
                cell = f"{size} x {world.samples} | {world.name} | {advice} | {len(found) / runs:.0%}"
                print(f"| {cell} | {said:.0%} | {share:.0%} | {low:,.0f} to {high:,.0f} |", flush=True)
                slack = 3 * math.sqrt(said * (1 - said) / len(found))
                off = abs(share - said) > SETTLED_OFF + slack and len(found) >= runs / 10
                yield f"{cell} | {said:.0%}", f"{share:.0%}" if off else ""


def follow(
    world: World,
    size: int,
    loss: Callable[[np.random.Generator], float],
    generator: np.random.Generator,
    runs: int,
) -> dict[tuple[str, float], list[tuple[bool, int]]]:
    """Return advice and its promise -> whether each campaign that followed it was decided, and the number."""
    followed: dict[tuple[str, float], list[tuple[bool, int]]] = {}
    inconclusive = 0
    while inconclusive < runs:
        campaign = Campaign(world, size, loss(generator), generator)
        decision, needed = campaign.compared()
        if decision != "inconclusive":
            continue
        inconclusive += 1
        for advice, reach, done in (
            ("problems", needed.problems, campaign.with_problems),  # type: ignore[attr-defined]
            ("samples", needed.samples, campaign.with_samples),  # type: ignore[attr-defined]
        ):
            for said, number in ((0.5, reach.half), (0.8, reach.most)):
                if number is not None:
                    followed.setdefault((advice, said), []).append((done(number), number))
    return followed


def by_truth(runs: int) -> Iterator[Row]:
    """The same by single true losses: far from the margin more are decided than said, near it fewer."""
    print(f"\n## The same by the true loss: {runs:,} inconclusive campaigns a line, nothing promised\n")
    print("| N x n | campaigns | true loss | half: decided | 80 %: decided |")
    print("|---|---|---|---|---|")
    for world in (WORLDS[1], WORLDS[4]):
        for loss in (0.03, 0.05, 0.07, 0.09, 0.13):
            generator = np.random.default_rng([world.samples, int(100 * loss)])
            followed = follow(world, 164, lambda _, loss=loss: loss, generator, runs)  # type: ignore[misc]
            half, most = (np.mean([one for one, _ in followed["problems", said]]) for said in (0.5, 0.8))
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
    slack = 3 * math.sqrt(0.8 * 0.2 / runs)
    low, high = POWER_BAND
    yield f"power, {name}", "" if low - slack <= share <= high + slack else f"{share:.1%}"


SECTIONS: tuple[Callable[[int], Iterator[Row]], ...] = (greedy_power, power, settled, by_truth)


def astray(runs: int) -> list[str]:
    """Print every table; the rows that are not as promised."""
    return [f"{name}: {wrong}" for section in SECTIONS for name, wrong in section(runs) if wrong]


def main() -> int:
    """Run all simulations; 0 if every line is as promised."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=400, help="simulated campaigns a line (default 400)")
    found = astray(parser.parse_args().runs)
    print("\n" + ("\n".join(["Not as promised:", *found]) if found else "All as promised."))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
