"""Worlds of several data sets for ``coverage.py``: clusters, unequal sizes and unequal losses.

Run by itself it does nothing.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from promises import Row, slack
from worlds import POPULATIONS, Floats

from evalsite.counts.passk import Counts, luck_at_k
from evalsite.stats.compare.clusters import Layout, Weights, changes_by_cluster
from evalsite.stats.compare.paired import Changes, interval_of, p_value_at_most
from evalsite.stats.compare.planning import HALF
from evalsite.stats.compare.pooled import heterogeneity
from evalsite.stats.compare.recovery import beyond
from evalsite.stats.compare.settling import settling

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

    def times(self, factor: float) -> "Suite":
        """The same with so many times the source problems."""
        held = (range(round(factor * each.start), round(factor * each.stop)) for each in self.problems)
        return replace(self, problems=tuple(held))


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
    ("spread", "whole", 1, 0.5),
    ("deterministic", "whole", 1, 1.0),
    ("easy", "even", 10, 0.5),
    ("split", "whole", 10, 0.2),
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


SETTLED_OFF = 0.1
"""By how much the share that is decided may be another than was said."""
MOST_DRAWN = 2000
"""Clusters that are drawn one by one; of more, their mean is drawn, which is normal by then."""
OPEN = (
    SUITES[5],
    Suite("50 and 100, apart", (range(50), range(50, 150))),
    Suite("60 in 2 sets", (range(60),) * 2, EITHER),
)
ASKED = (SUITES[0], SUITES[2], SUITES[5], SUITES[6])
"""Suites for which the other ways to ask are tried."""
WAYS = (CELLS[0], CELLS[3], CELLS[5])


def asked(runs: int) -> Iterator[Row]:
    """A share kept where exactly 95 and 85 % are, and sameness where exactly the margin is lost or gained."""
    runs = max(20, runs // 10)
    print(f"\n## Several data sets, asked otherwise: {runs:,} pairs a cell\n")
    print("Covered, falsely met and falsely missed of a share; falsely met of sameness within 10 points.\n")
    print("| data sets | weights | problems | loss | n | correlation | 95 % kept | 85 % kept | same |")
    print("|---|---|---|---|---|---|---|---|---|")
    for suite, cell in itertools.product(ASKED, WAYS):
        for weights in suite.weights:
            found = [_share(suite, weights, cell, runs, share) for share in (0.95, 0.85)]
            cells = [f"{1 - met - missed:.1%}, {met:.1%}, {missed:.1%}" for met, missed in found]
            same = _same(suite, weights, cell, runs)
            place = f"{suite.name} | {weights} | {' | '.join(map(str, cell))}"
            print(f"| {place} | {' | '.join(cells)} | {same:.1%} |", flush=True)
            few = slack(FALSE_MET, runs) + 2 / runs
            wrong = max(same, *(met for met, _ in found), *(missed for _, missed in found)) > FALSE_MET + few
            wrong |= min(1 - met - missed for met, missed in found) < COVERAGE - slack(COVERAGE, runs) - few
            yield f"asked otherwise: {place}", f"{cells}, {same:.1%}" if wrong else ""


def settled(runs: int) -> Iterator[Row]:
    """How often pools that ask as many problems as would settle it in half of such cases are decided."""
    runs = max(20, runs // 10)
    print(f"\n## What would settle a pool: {runs:,} inconclusive pools a line, true losses from 0 to 20\n")
    print("| data sets | problems | loss | n | correlation | said | decided |")
    print("|---|---|---|---|---|---|---|")
    for suite, cell in itertools.product(OPEN, WAYS[:2]):
        decided = _follow(suite, cell, runs)
        place = f"{suite.name} | {' | '.join(map(str, cell))}"
        print(f"| {place} | 50% | {decided:.0%} |", flush=True)
        off = abs(decided - HALF) > SETTLED_OFF + slack(HALF, runs)
        yield f"settled: {place}", f"{decided:.0%}" if off else ""


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
                found = (
                    heterogeneity(_parted((after - before) / cell[2], layout), layout)
                    for before, after in drawn
                )
                told.append(np.mean([p is not None and p < 0.05 for p in found]))
            place = f"{suite.name} | {' | '.join(map(str, cell))}"
            print(f"| {place} | {told[0]:.1%} | {told[1]:.1%} |", flush=True)
            wrong = told[0] > HETEROGENEITY + slack(HETEROGENEITY, runs) + 2 / runs
            yield f"unlike losses: {place}", f"claimed in {told[0]:.1%}" if wrong else ""


def _rates(
    suite: Suite, layout: Layout, cell: tuple[str, str, int, float], runs: int
) -> tuple[float, float, int]:
    """How often falsely met and falsely missed, and of how many runs."""
    sides, done = np.zeros(2), 0
    for base, candidate in _drawn(suite, layout, cell, runs, _losses(layout, MARGIN)):
        interval = interval_of(_changes(layout, base, candidate, cell[2]))
        sides += interval.low > -MARGIN, interval.high < -MARGIN
        done += 1
        if done == FIRST and max(sides) <= 0.02 * done:
            break
    return float(sides[0]) / done, float(sides[1]) / done, done


def _share(
    suite: Suite, weights: Weights, cell: tuple[str, str, int, float], runs: int, share: float
) -> tuple[float, float]:
    """How often a share is falsely met and falsely missed that is exactly what is kept."""
    layout, sides = suite.layout(weights), np.zeros(2)
    full: Counts = np.full(layout.stratum_of.size, cell[2])
    losses = _losses(layout, (1 - share) * POPULATIONS[cell[0]].mean)
    for base, candidate in _drawn(suite, layout, cell, runs, losses):
        over = beyond((full, base), (full, candidate), share, layout=layout)
        sides += p_value_at_most(over, 0.0) < 0.025, p_value_at_most(over.turned, 0.0) < 0.025
    return float(sides[0]) / runs, float(sides[1]) / runs


def _same(suite: Suite, weights: Weights, cell: tuple[str, str, int, float], runs: int) -> float:
    """How often two are called the same that are apart by exactly the margin: by whoever gains, the same."""
    layout = suite.layout(weights)
    found = (
        interval_of(_changes(layout, *pair, cell[2]))
        for pair in _drawn(suite, layout, cell, runs, _losses(layout, MARGIN))
    )
    return float(np.mean([each.low > -MARGIN and each.high < MARGIN for each in found]))


def _follow(suite: Suite, cell: tuple[str, str, int, float], runs: int) -> float:
    """How many open pools are decided by another one that has as many problems as were said to do in half."""
    generator = np.random.default_rng([*suite.name.encode(), runs])
    layout = suite.layout("problem")
    done: list[bool] = []
    clustered, n = layout.num_clusters < layout.stratum_of.size, cell[2]
    while len(done) < runs:
        losses = np.full(layout.sizes.size, generator.uniform(0, 2 * MARGIN))
        changes = _one(suite, cell, losses, generator)
        interval = interval_of(changes)
        if -MARGIN not in interval:
            continue
        number = settling(changes, interval, MARGIN, n, clustered=clustered).reach.half
        assert number is not None
        again = _one(suite.times(min(number, MOST_DRAWN) / layout.num_clusters), cell, losses, generator)
        if number > MOST_DRAWN:
            error = again.values.std() / math.sqrt(number)
            done.append(bool(abs(generator.normal(MARGIN - losses[0], error)) > 1.96 * error))
        else:
            done.append(-MARGIN not in interval_of(again))
    return float(np.mean(done))


def _one(
    suite: Suite, cell: tuple[str, str, int, float], losses: Floats, generator: np.random.Generator
) -> Changes:
    layout = suite.layout("problem")
    pair = _pair(generator, layout, cell, losses[layout.stratum_of] / POPULATIONS[cell[0]].mean)
    return _changes(layout, *pair, cell[2])


def spread_of(suite: Suite, layout: Layout, cell: tuple[str, str, int, float], runs: int) -> float:
    """The standard deviation of the pooled difference, where the margin is lost."""
    pairs = _drawn(suite, layout, cell, runs, _losses(layout, MARGIN))
    return float(np.std([layout.problem_weights @ ((after - before) / cell[2]) for before, after in pairs]))


def _losses(layout: Layout, total: float) -> Floats:
    """What each data set loses: the first half as much again as all together."""
    share = np.bincount(layout.stratum_of, layout.problem_weights)
    losses = np.full(share.size, total - total * share[0] / 2 / (1 - share[0]))
    losses[0] = 1.5 * total
    return losses


def _changes(layout: Layout, base: Counts, candidate: Counts, n: int) -> Changes:
    full: Counts = np.full(base.size, n)
    luck = luck_at_k(full, base, 1) + luck_at_k(full, candidate, 1)
    return changes_by_cluster((candidate - base) / n, luck, full, layout)


def _drawn(
    suite: Suite, layout: Layout, cell: tuple[str, str, int, float], runs: int, losses: Floats
) -> Iterator[tuple[Counts, Counts]]:
    """Passes of each problem, of pairs that truly lose so much on each data set."""
    name, _, n, _ = cell
    generator = np.random.default_rng([*suite.name.encode(), *name.encode(), n, round(100 * losses[0])])
    part = losses[layout.stratum_of] / POPULATIONS[name].mean
    for _ in range(runs):
        yield _pair(generator, layout, cell, part)


def _pair(
    generator: np.random.Generator, layout: Layout, cell: tuple[str, str, int, float], part: Floats
) -> tuple[Counts, Counts]:
    """Passes of a baseline and of a candidate; ``part``: what each problem loses on average of its rate."""
    name, how, n, correlation = cell
    size = layout.stratum_of.size
    shared = (generator.random(layout.num_clusters) < correlation)[layout.cluster_of]
    drawn = POPULATIONS[name].draw(generator, (2, size))
    rates = np.where(shared, drawn[0, : layout.num_clusters][layout.cluster_of], drawn[1])
    fates = generator.random((2, size))
    fate = np.where(shared, fates[0, : layout.num_clusters][layout.cluster_of], fates[1])
    lost = np.where(fate < part, 0.0, rates) if how == "whole" else rates * (1 - part)
    return generator.binomial(n, rates), generator.binomial(n, lost)


def _parted(change: Floats, layout: Layout) -> list[Floats]:
    return np.split(change, np.cumsum(np.bincount(layout.stratum_of))[:-1])
