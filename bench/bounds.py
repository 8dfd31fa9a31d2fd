#!/usr/bin/env python3
"""What no rule of stopping can do: how much power has to be given up for so many requests saved.

Run ``python bench/bounds.py``. Estimates from growing data are a Brownian motion, whose drift is the distance
of the true loss from the margin in standard errors of all data. Of all rules that look at given times and
reject where nothing is to be rejected in at most 2.5 % of cases, the one that is best for one drift follows
by backward induction (Eales & Jennison 1992, Biometrika 79): at each look it compares what rejecting, giving
up and going on are worth. It knows the drift and one side only, so that a rule that does not cannot do
better; ``looks.py`` simulates what the product does. Prints Markdown.
"""

import itertools
import math
from collections.abc import Callable

import numpy as np
from looks import SAMPLES, SPARED, WORLDS
from worlds import POPULATIONS, Floats, pairs_of

from evalsite.stats.quantiles import normal_quantile, normal_tail

SIZE, MARGIN, LOST, ERROR = 164, 0.1, 0.2, 0.025
RUNS = 200
NODES = 161
REACH = 6.0
"""Points of each grid, and standard deviations that it goes to either side of all places that count."""
STEPS = 18
"""Halvings of each search."""
HARDLY = 1e-3
"""What a saving is worth at least: of rules of equal power, the one that saves more."""
TIMES = {
    3: [(first, second, 1.0) for first, second in itertools.product((0.3, 0.4, 0.5), (0.6, 0.7, 0.8))],
    5: [tuple(np.linspace(first, 1.0, 5)) for first in (0.2, 0.3, 0.4)],
    20: [tuple(np.linspace(0.05, 1.0, 20))],
}
"""Looks -> at what shares of all data they may be."""


def drifts(n: int) -> list[float]:
    """Standard errors between the margin and a loss of 20 points, of each world."""
    found = []
    for name, how in WORLDS:
        differences = pairs_of(POPULATIONS[name], how, LOST, (n, n), SIZE, RUNS).differences
        found.append((LOST - MARGIN) / float(differences.std()) * math.sqrt(SIZE))
    return found


class Walk:
    """A Brownian motion with a drift, seen at some times, on a grid around where it goes."""

    def __init__(self, drift: float, times: tuple[float, ...]) -> None:
        self.drift, self.times = drift, times
        self.grids = [
            drift * time / 2 + np.linspace(-1, 1, NODES) * (drift * time / 2 + REACH * math.sqrt(time))
            for time in times
        ]
        starts = [np.zeros(1), *self.grids[:-1]]
        gaps = np.diff([0.0, *times])
        # Chances of going from each place to each; a row adds up to one.
        self.steps = [
            self._step(start, grid, gap) for start, grid, gap in zip(starts, self.grids, gaps, strict=True)
        ]

    def _step(self, start: Floats, grid: Floats, gap: float) -> Floats:
        apart = grid[np.newaxis, :] - start[:, np.newaxis] - self.drift * gap
        density = np.exp(-0.5 * apart**2 / gap)
        chances: Floats = density / density.sum(axis=1, keepdims=True)
        return chances

    def likelihood_ratio(self, look: int) -> Floats:
        """Of no drift against the drift, at each place."""
        ratio: Floats = np.exp(self.drift**2 * self.times[look] / 2 - self.drift * self.grids[look])
        return ratio

    def best(self, worth: float, price: float) -> Floats:
        """Power, share saved and error of the rule that is best for power + worth * saved - price * error."""
        value, told = np.zeros(NODES), np.zeros((3, NODES))
        for look in reversed(range(len(self.times))):
            if look < len(self.times) - 1:
                value, told = self.steps[look + 1] @ value, told @ self.steps[look + 1].T
            saved, ratio = 1 - self.times[look], self.likelihood_ratio(look)
            rejecting, giving_up = 1 + worth * saved - price * ratio, np.full(NODES, worth * saved)
            rejects = rejecting >= np.maximum(giving_up, value)
            ends = rejects | (giving_up >= value)
            here = np.stack([rejects.astype(float), np.full(NODES, saved), rejects * ratio])
            told = np.where(ends, here, told)
            value = np.maximum(np.maximum(rejecting, giving_up), value)
        found: Floats = (told @ self.steps[0].T).ravel()
        return found

    def held(self, worth: float) -> Floats:
        """Power and share saved of the best rule that errs in 2.5 % of cases."""
        return between(lambda log: self.best(worth, math.exp(-log)), 2, ERROR, (-6.0, 40.0))[:2]


def between(of: Callable[[float], Floats], part: int, wanted: float, ends: tuple[float, float]) -> Floats:
    """What two neighbours give, drawn by lot, so that a part that grows is what is wanted on average."""
    low, high = ends
    below, above = of(low), of(high)
    for _ in range(STEPS):
        middle = (low + high) / 2
        found = of(middle)
        low, high = (middle, high) if found[part] < wanted else (low, middle)
        below, above = (found, above) if found[part] < wanted else (below, found)
    share = (wanted - below[part]) / (above[part] - below[part])
    mixed: Floats = below + share * (above - below)
    return mixed


def power_at(walks: list[Walk], saved: float) -> float:
    """The most power, on average over worlds, where so much is saved."""

    def of(worth: float) -> Floats:
        found: Floats = np.mean([walk.held(worth) for walk in walks], axis=0)
        return found

    for_nothing = of(HARDLY)
    if for_nothing[1] >= saved:
        return float(for_nothing[0])
    return float(between(of, 1, saved, (HARDLY, 3.0))[0])


def main() -> None:
    """Print the table."""
    print(f"Power at {100 * LOST:g} points lost of {SIZE} problems, on average over {len(WORLDS)} worlds.\n")
    print(f"| n | one look | {' | '.join(f'{most} looks, {SPARED:.0%} saved' for most in TIMES)} |")
    print("|---|---|" + "---|" * len(TIMES))
    for n in SAMPLES:
        apart = drifts(n)
        once = float(np.mean([normal_tail(normal_quantile(1 - ERROR) - drift) for drift in apart]))
        best = [
            max(power_at([Walk(drift, times) for drift in apart], SPARED) for times in TIMES[most])
            for most in TIMES
        ]
        print(f"| {n} | {once:.1%} | {' | '.join(f'{power:.1%}' for power in best)} |", flush=True)


if __name__ == "__main__":
    main()
