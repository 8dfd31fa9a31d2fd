"""Worlds of several data sets for ``coverage.py``: clusters, unequal sizes and unequal losses.

Run by itself it does nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from promises import Row, slack
from worlds import POPULATIONS, Floats

from evalsite.counts.passk import Counts, luck_at_k
from evalsite.stats.compare.clusters import Layout, Weights, changes_by_cluster
from evalsite.stats.compare.paired import interval_of
from evalsite.stats.compare.pooled import heterogeneity

FALSE_MET = 0.035
COVERAGE = 0.935
HETEROGENEITY = 0.05
MARGIN = 0.1
ENOUGH = 2000
"""Runs from which on a limit is taken to the letter; of few a tail is not yet a normal one."""
FIRST = 300
"""Runs of a cell after which it is left alone if it is far from its limits."""


@dataclass(frozen=True)
class Suite:
    """Data sets by the source problems that they hold: 0 to 163 are HumanEval's, for example."""

    name: str
    problems: tuple[range, ...]
    weights: tuple[Weights, ...] = ("problem", "dataset")

    def layout(self, weights: Weights) -> Layout:
        """How the problems lie in data sets and clusters."""
        return Layout.of([[str(number) for number in held] for held in self.problems], weights)


EITHER: tuple[Weights, ...] = ("problem",)
"""Where all data sets are of one size, both are the same."""
SUITES = (
    Suite("164 and 427, apart", (range(164), range(164, 591))),
    Suite("164 in 2 sets", (range(164),) * 2, EITHER),
    Suite("164 in 6 sets", (range(164),) * 6, EITHER),
    Suite("164 in 6 sets, 427 more", (*(range(164),) * 6, range(164, 591))),
    Suite("20, 50 and 378, apart", (range(20), range(20, 70), range(70, 448))),
    Suite("100 in 1 to 6 sets", tuple(range(size) for size in (100, 83, 66, 50, 33, 16))),
    Suite("20 in 6 sets", (range(20),) * 6, EITHER),
    Suite("10 and 10, apart", (range(10), range(10, 20)), EITHER),
)

CELLS = (
    ("spread", "whole", 1, 0.0),
    ("deterministic", "whole", 1, 1.0),
    ("easy", "even", 10, 0.5),
    ("split", "whole", 10, 1.0),
)
"""Population, loss, samples, and correlation: the share of clusters whose problems share rate and fate."""


def pools(runs: int) -> Iterator[Row]:
    """What a pooled interval covers, and how often the verdict is wrong, where exactly the margin is lost."""
    print(f"\n## Several data sets, 10 points lost over all, margin 10: up to {runs:,} pairs a cell\n")
    print("The first data set loses 15 points, the others as much less as that takes.\n")
    print("| data sets | weights | problems | loss | n | correlation | covers | falsely met | missed |")
    print("|---|---|---|---|---|---|---|---|---|")
    for suite in SUITES:
        for weights in suite.weights:
            layout = suite.layout(weights)
            for cell in CELLS:
                met, missed, done = _rates(suite, layout, cell, runs)
                told = f"{1 - met - missed:.1%} | {met:.1%} | {missed:.1%}"
                place = f"{suite.name} | {weights} | {' | '.join(map(str, cell))}"
                print(f"| {place} | {told} |", flush=True)
                few = 0.0 if done >= ENOUGH else slack(FALSE_MET, done) + 2 / done
                wrong = 1 - met - missed < COVERAGE - slack(COVERAGE, done) - few
                wrong |= max(met, missed) > FALSE_MET + few
                yield f"pooled: {place}", told if wrong else ""


def unlike(runs: int) -> Iterator[Row]:
    """How often data sets are said to lose unlike much: where none does, and where one loses 20 more."""
    runs = min(FIRST, runs)
    print(f"\n## Data sets said to lose unlike much (p < .05), {runs:,} pairs a cell\n")
    print("| data sets | problems | loss | n | correlation | all lose 10 | the first 20 more |")
    print("|---|---|---|---|---|---|---|")
    for suite in SUITES:
        layout = suite.layout("problem")
        for cell in CELLS:
            told = []
            for more in (0.0, 0.2):
                drawn = _drawn(
                    suite, layout, cell, runs, MARGIN + np.array([more] + [0.0] * (len(suite.problems) - 1))
                )
                found = (heterogeneity(_parted(change, layout), layout) for change, _ in drawn)
                told.append(np.mean([p is not None and p < 0.05 for p in found]))
            place = f"{suite.name} | {' | '.join(map(str, cell))}"
            print(f"| {place} | {told[0]:.1%} | {told[1]:.1%} |", flush=True)
            wrong = told[0] > HETEROGENEITY + slack(HETEROGENEITY, runs) + 2 / runs
            yield f"unlike losses: {place}", f"claimed in {told[0]:.1%}" if wrong else ""


def _rates(
    suite: Suite, layout: Layout, cell: tuple[str, str, int, float], runs: int
) -> tuple[float, float, int]:
    """How often falsely met and falsely missed, and of how many runs."""
    share = np.bincount(layout.stratum_of, layout.problem_weights)
    losses = np.full(share.size, MARGIN - MARGIN * share[0] / 2 / (1 - share[0]))
    losses[0] = 1.5 * MARGIN
    sides, done = np.zeros(2), 0
    full: Counts = np.full(layout.stratum_of.size, cell[2])
    for change, luck in _drawn(suite, layout, cell, runs, losses):
        interval = interval_of(changes_by_cluster(change, luck, full, layout))
        sides += interval.low > -MARGIN, interval.high < -MARGIN
        done += 1
        if done == FIRST and max(sides) <= 0.02 * done:
            break
    return float(sides[0]) / done, float(sides[1]) / done, done


def _drawn(
    suite: Suite, layout: Layout, cell: tuple[str, str, int, float], runs: int, losses: Floats
) -> Iterator[tuple[Floats, Floats]]:
    """Differences of each problem and their luck, of pairs that truly lose so much on each data set."""
    name, how, n, correlation = cell
    problems, size = POPULATIONS[name], layout.stratum_of.size
    generator = np.random.default_rng([*suite.name.encode(), *name.encode(), n, round(100 * losses[0])])
    full: Counts = np.full(size, n)
    part = losses[layout.stratum_of] / problems.mean
    for _ in range(runs):
        shared = (generator.random(layout.num_clusters) < correlation)[layout.cluster_of]
        drawn = problems.draw(generator, (2, size))
        rates = np.where(shared, drawn[0, : layout.num_clusters][layout.cluster_of], drawn[1])
        fates = generator.random((2, size))
        fate = np.where(shared, fates[0, : layout.num_clusters][layout.cluster_of], fates[1])
        lost = np.where(fate < part, 0.0, rates) if how == "whole" else rates * (1 - part)
        base, candidate = generator.binomial(n, rates), generator.binomial(n, lost)
        yield (candidate - base) / n, luck_at_k(full, base, 1) + luck_at_k(full, candidate, 1)


def _parted(change: Floats, layout: Layout) -> list[Floats]:
    return np.split(change, np.cumsum(np.bincount(layout.stratum_of))[:-1])
