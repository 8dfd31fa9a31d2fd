"""Looking again with more data, and trying many candidates: each by itself, and together.

Part of ``coverage.py``, which prints it; run by itself it does nothing.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from promises import Row, slack
from worlds import POPULATIONS, Flags, Pairs, Problems, luck, moved, pairs_of

from evalsite.stats.compare.paired import Changes, p_value_at_most

MARGIN = 0.1
LOOKS = ((10,), (1, 5, 10), (1, 2, 3, 5, 10, 20, 50))
"""Samples of 164 problems at which somebody looks."""
GROWING = (164, 328, 656, 1312)
"""Problems at which somebody looks, 10 samples each."""
CANDIDATES = (5, 10, 20)
TOGETHER = 0.05
LEVEL = 0.025


def repeats(runs: int) -> Iterator[Row]:
    """Print how often one of several looks, or one of several candidates, is met at exactly the margin."""
    print(
        f"\n## Met by one of several tries, each at a true loss of exactly 10 points, {runs:,} runs a cell\n"
    )
    print("| 164 problems x 10 unless told, even loss | spread | split |")
    print("|---|---|---|")
    spread, split = (list(tries(POPULATIONS[name], runs)) for name in ("spread", "split"))
    for (name, one), (_, other) in zip(spread, split, strict=True):
        print(f"| {name} | {one.mean():.3f} | {other.mean():.3f} |", flush=True)
        if "together" in name:
            share = max(float(one.mean()), float(other.mean()))
            yield name, f"met in {share:.2%}" if share > TOGETHER + slack(TOGETHER, one.size) else ""


def tries(problems: Problems, runs: int) -> Iterator[tuple[str, Flags]]:
    """What is done, and which of the simulated runs are met by it."""
    for stops in LOOKS:
        name = f"looks at {', '.join(map(str, stops))} samples" if len(stops) > 1 else "one look"
        yield name, by_samples(problems, stops, runs)
        if len(stops) > 1:
            yield f"{name}, all counted together", by_samples(problems, stops, runs, counted=True)
    yield f"looks at {', '.join(map(str, GROWING))} problems", by_problems(problems, runs // 4)
    for number in CANDIDATES:
        yield f"one of {number} candidates", by_candidates(problems, number, runs // 2)
        yield (
            f"one of {number} candidates, judged together",
            by_candidates(problems, number, runs // 2, together=True),
        )


def by_samples(problems: Problems, stops: Sequence[int], runs: int, counted: bool = False) -> Flags:
    """Met at one of the looks, at growing numbers of samples; counted as :mod:`evalsite.stats.looks` does."""
    generator = np.random.default_rng([*stops, round(1e4 * problems.square)])
    rates = problems.draw(generator, (runs, 164))
    lost = moved(generator, problems, "even", MARGIN, rates)
    base = candidate = np.zeros(rates.shape, dtype=np.int64)
    met = np.zeros(runs, dtype=bool)
    for number, (before, stop) in enumerate(itertools.pairwise((0, *stops))):
        base = base + generator.binomial(stop - before, rates)
        candidate = candidate + generator.binomial(stop - before, lost)
        level = LEVEL / 2**number if counted and number else None
        met |= Pairs(base, candidate, stop, stop).sides(-MARGIN, level=level)[0]
    return met


def by_problems(problems: Problems, runs: int) -> Flags:
    """Met at one of the looks, at growing numbers of problems."""
    pairs = pairs_of(problems, "even", MARGIN, (10, 10), GROWING[-1], runs)
    met = np.zeros(runs, dtype=bool)
    for size in GROWING:
        met |= replace(pairs, base=pairs.base[:, :size], candidate=pairs.candidate[:, :size]).sides(-MARGIN)[
            0
        ]
    return met


def by_candidates(problems: Problems, number: int, runs: int, together: bool = False) -> Flags:
    """One of several candidates is met, all against one run of the baseline; together by Holm's correction.

    By that one is met if the surest is, at its share of the tail.
    """
    generator = np.random.default_rng([number, round(1e4 * problems.square)])
    rates = problems.draw(generator, (runs, 164))
    lost = moved(generator, problems, "even", MARGIN, rates)
    base, met = generator.binomial(10, rates), np.zeros(runs, dtype=bool)
    for _ in range(number):
        pairs = Pairs(base, generator.binomial(10, lost), 10, 10)
        found = pairs.sides(-MARGIN)[0]
        for row in np.flatnonzero(found) if together else ():
            noise = float((luck(10, base[[row]]) + luck(10, pairs.candidate[[row]]))[0])
            changes = Changes.of(pairs.differences[row], noise, 0.1)
            found[row] = p_value_at_most(changes, -MARGIN) < 0.025 / number
        met |= found
    return met
