"""Whether the power of a plan is that of campaigns from true rates, for ``coverage.py``.

Run by itself it does nothing.
"""

import itertools
from collections.abc import Iterator

import numpy as np
from promises import Row, slack
from worlds import POPULATIONS, Floats, pairs_of

from evalsite.counts.passk import Counts
from evalsite.stats.compare.design import Ground, power

OFF = 0.05
SAMPLES = (1, 10)


def designs(runs: int) -> Iterator[Row]:
    """Plans of baselines that were asked ten samples, and what comes of campaigns like those planned."""
    print(
        "\n## Planned power, and that of campaigns from the true rates: margin 10, baseline with 10 samples\n"
    )
    print("| problems | size | true loss | n = 1, planned | campaigns | n = 10, planned | campaigns |")
    print("|---|---|---|---|---|---|---|")
    baselines = max(3, runs // 50)
    for name, size, loss in itertools.product(("spread", "split", "easy"), (50, 164), (0.0, 0.05)):
        planned = _planned(name, size, loss, baselines)
        real = [
            float(pairs_of(POPULATIONS[name], "mixed", loss, (10, n), size, runs // 2).sides(-0.1)[0].mean())
            for n in SAMPLES
        ]
        told = " | ".join(f"{one:.1%} | {other:.1%}" for one, other in zip(planned, real, strict=True))
        print(f"| {name} | {size} | {100 * loss:g} | {told} |", flush=True)
        for n, one, other in zip(SAMPLES, planned, real, strict=True):
            wrong = runs >= 1000 and abs(one - other) > OFF + slack(0.5, 20 * baselines)
            yield (
                f"planned power, {name}, {size} x {n}, {loss}",
                f"{one:.1%}, not {other:.1%}" if wrong else "",
            )


def _planned(name: str, size: int, loss: float, baselines: int) -> Floats:
    """The average over baselines, for each number of samples."""
    generator = np.random.default_rng([size, round(100 * loss), *name.encode()])
    full: Counts = np.full(size, 10)
    found = []
    for seed, rates in enumerate(POPULATIONS[name].draw(generator, (baselines, size))):
        passes = generator.binomial(10, rates)
        ground = Ground(name, tuple(map(str, range(size))), float(passes.mean() / 10), (full, passes))
        found.append(power([ground], SAMPLES, margin=0.1, loss=loss, campaigns=20, seed=seed))
    means: Floats = np.mean(found, axis=0)
    return means
