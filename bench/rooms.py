"""How wide any honest limit over clusters has to be, for ``coverage.py``: a bound on procedures, not on ours.

Run by itself it does nothing.

Take a world in which the problems of a cluster pass and fail alone, and one in which besides each of the
heaviest clusters is wholly lost with a small chance, so that the margin is lost over all. In a part of all
draws of the second no cluster is lost, and these look like draws of the first with a smaller loss. Whoever
calls no more than so many draws of the second met can call only few draws of the first met, whose loss lies
inside of the margin: a limit that is right in the second leaves more room than chance takes in the first.
"""

import math
from collections.abc import Iterator

import numpy as np
from pools import FALSE_MET, MARGIN, SUITES, spread_of
from promises import Row

from evalsite.stats.quantiles import normal_quantile, normal_tail

ALONE = (("spread", "whole", 1, 0.0), ("easy", "even", 10, 0.0), ("split", "whole", 10, 0.0))
"""Worlds whose problems pass and fail alone."""
CHANCES = np.geomspace(1e-4, 0.3, 400)
DRAWS = 100


def rooms(_runs: int) -> Iterator[Row]:
    """Print what any limit covers, at least, that is falsely met in no more than 3.5 % of all such worlds."""
    print("\n## What any honest limit covers at least, where problems of a cluster pass and fail alone\n")
    print("| data sets | weights | problems | loss | n | covers at least |")
    print("|---|---|---|---|---|---|")
    for suite in SUITES:
        for weights in suite.weights:
            layout = suite.layout(weights)
            weight = layout.summed(np.ones(layout.stratum_of.size)) / layout.num_clusters
            heavy = weight > weight.max() - 1e-12
            for cell in ALONE:
                error = spread_of(suite, layout, cell, DRAWS)
                least = 1 - 2 * _most_missed(int(heavy.sum()), float(weight[heavy].sum()), error)
                place = f"{suite.name} | {weights} | {' | '.join(map(str, cell[:3]))}"
                print(f"| {place} | {least:.1%} |", flush=True)
    yield from ()


def _most_missed(clusters: int, share: float, error: float) -> float:
    """How often such a limit may be missed on one side; ``share``: what the heaviest clusters count together.

    A limit lies so many standard errors off that of draws without a lost cluster few enough are met.
    """
    quantile = normal_quantile(1 - FALSE_MET)
    for chance in CHANCES:
        hidden, unseen = chance * share * (1 - MARGIN), (1 - chance) ** clusters
        if hidden < MARGIN and unseen > FALSE_MET:
            allowed = normal_quantile(1 - FALSE_MET / unseen)
            quantile = max(quantile, hidden / error + allowed)
    return normal_tail(quantile) if math.isfinite(quantile) else 0.0
