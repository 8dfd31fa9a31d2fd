"""How likely a plan is to be met: power of a campaign that was not asked yet, by the product's own verdict.

Campaigns are drawn, seeded: rates of passes of the problems as the baseline's own samples have them (the most
likely distribution on a grid, :mod:`evalsite.stats.compare.luck`), a candidate that truly loses so much, half
of it on whole problems and half evenly, its samples, and the verdict of
:mod:`evalsite.stats.compare.pooled`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalsite.counts.passk import Counts, Values, luck_at_k
from evalsite.stats.compare.clusters import Layout, Weights, changes_by_cluster
from evalsite.stats.compare.luck import GRID, rates_given
from evalsite.stats.compare.paired import p_value_at_most
from evalsite.stats.decision import is_vacuous
from evalsite.stats.intervals import CONFIDENCE

CAMPAIGNS = 400
"""Drawn for each plan: a power is right to five points in nineteen cases of twenty."""
SEED = 20251128
CONCENTRATION = 1.0
"""Of the Beta distribution that rates are taken to have where no sample tells: most are near 0 or 1."""
EVENLY = 0.5
"""What part of a loss lowers all rates alike; the rest takes whole problems."""


@dataclass(frozen=True, eq=False)
class Ground:
    """A data set that a candidate could be asked, and what is known of the baseline there."""

    name: str
    clusters: tuple[str, ...]
    """The source problem of each."""
    mean: float
    """The baseline's pass@1, in [0, 1]."""
    base: tuple[Counts, Counts] | None
    """Its samples and passes, shape (n_problems,); None where it would have to be asked, too."""

    @property
    def is_assumed(self) -> bool:
        """Whether nothing tells how far a problem's answers vary, so that it is assumed."""
        return self.base is None or int(self.base[0].min()) < 2

    def rates(self, generator: np.random.Generator, campaigns: int) -> Values:
        """Draw the problems' rates of passes, shape (campaigns, n_problems)."""
        shape = (campaigns, len(self.clusters))
        passes, fails = self.mean * CONCENTRATION, (1 - self.mean) * CONCENTRATION
        if self.base is None:
            return generator.beta(max(passes, 1e-6), max(fails, 1e-6), shape)
        n, c = self.base
        if self.is_assumed:
            return generator.beta(np.maximum(passes + c, 1e-6), np.maximum(fails + n - c, 1e-6), shape)
        below = np.cumsum(rates_given(n, c), axis=1)
        found: Values = np.stack(
            [
                GRID[np.minimum(np.searchsorted(row, draws), GRID.size - 1)]
                for row, draws in zip(below, generator.random(shape).T, strict=True)
            ],
            axis=1,
        )
        return found


def power(
    grounds: Sequence[Ground],
    samples: Sequence[int],
    *,
    margin: float,
    loss: float = 0.0,
    weights: Weights = "problem",
    campaigns: int = CAMPAIGNS,
    seed: int = SEED,
) -> tuple[float, ...]:
    """Return the chance that a candidate which truly loses ``loss`` is met, for each number of samples.

    All shares in [0, 1]. Where the baseline has no run it is asked for as many samples. 0 where the margin
    would be vacuous.
    """
    layout = Layout.of([ground.clusters for ground in grounds], weights)
    if is_vacuous(_mean(grounds, layout), margin):
        return (0.0,) * len(samples)
    generator = np.random.default_rng(seed)
    drawn = [ground.rates(generator, campaigns) for ground in grounds]
    rates = np.concatenate(drawn, axis=1)
    lost = _lowered(generator, rates, loss / max(_mean(grounds, layout), 1e-9))
    return tuple(
        float(np.mean([
            _is_met(grounds, layout, (before, after), n, generator, margin)
            for before, after in zip(rates, lost, strict=True)
        ]))
        for n in samples
    )  # fmt: skip


def _mean(grounds: Sequence[Ground], layout: Layout) -> float:
    means = np.array([ground.mean for ground in grounds])
    return float(layout.problem_weights @ means[layout.stratum_of])


def _lowered(generator: np.random.Generator, rates: Values, share: float) -> Values:
    """The rates of a candidate that loses this share of them, partly on whole problems."""
    even = EVENLY * share
    outright = 1 - (1 - share) / (1 - even)
    kept: Values = np.where(generator.random(rates.shape) < outright, 0.0, rates * (1 - even))
    return kept


def _is_met(
    grounds: Sequence[Ground],
    layout: Layout,
    rates: tuple[Values, Values],
    n: int,
    generator: np.random.Generator,
    margin: float,
) -> bool:
    """Whether one campaign is met."""
    full = np.full(rates[0].size, n)
    asked = [one.base[0] if one.base else np.full(len(one.clusters), n) for one in grounds]
    base_n = np.concatenate(asked)
    passes = generator.binomial(base_n, rates[0])
    known = np.concatenate([one.base[1] if one.base else np.full(len(one.clusters), -1) for one in grounds])
    base_c = np.where(known >= 0, known, passes)
    candidate = generator.binomial(full, rates[1])
    luck = luck_at_k(base_n, base_c, 1) + luck_at_k(full, candidate, 1)
    change = candidate / full - base_c / base_n
    changes = changes_by_cluster(change, luck, np.minimum(base_n, full), layout)
    return p_value_at_most(changes, -margin) < (1 - CONFIDENCE) / 2
