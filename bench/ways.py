"""Other ways to hold a candidate against its baseline, for ``coverage.py``: a share kept, and a posterior.

Run by itself it does nothing.
"""

import itertools
from collections.abc import Iterator

import numpy as np
from promises import Row, slack
from worlds import POPULATIONS, Pairs, pairs_of, too_often

from evalsite.counts.passk import Counts, luck_at_k
from evalsite.stats.compare.paired import Changes, p_value_at_most
from evalsite.stats.compare.posterior import credible_interval, probability_of_loss
from evalsite.stats.compare.recovery import beyond

FALSE_MET = 0.05
FALSE_BELIEF = 0.06
COVERAGE = 0.93
SIZES = (20, 50, 164)
SAMPLES = (1, 10)


def _cells() -> Iterator[tuple[str, str, int, int]]:
    for how, name, n, size in itertools.product(("whole", "even"), POPULATIONS, SAMPLES, SIZES):
        if name != "deterministic" or (how == "whole" and n == 1):
            yield how, name, n, size


def kept(runs: int) -> Iterator[Row]:
    """What the interval of a recovery covers, where exactly 95 and 85 % of the baseline's score are kept."""
    runs = max(20, runs // 10)
    print(f"\n## A share of the baseline's score kept: {runs:,} pairs a cell\n")
    print("| kept | loss | problems | n | size | covers | falsely met | falsely missed |")
    print("|---|---|---|---|---|---|---|---|")
    for share, (how, name, n, size) in itertools.product((0.95, 0.85), _cells()):
        problems = POPULATIONS[name]
        pairs = pairs_of(problems, how, (1 - share) * problems.mean, (n, n), size, runs)
        full: Counts = np.full(size, n)
        sides = np.zeros(2)
        for base, candidate in zip(pairs.base, pairs.candidate, strict=True):
            changes = beyond((full, base), (full, candidate), share)
            sides += p_value_at_most(changes, 0.0) < 0.025, p_value_at_most(changes.turned, 0.0) < 0.025
        met, missed = sides / runs
        told = f"{1 - met - missed:.1%} | {met:.1%} | {missed:.1%}"
        print(f"| {100 * share:g} % | {how} | {name} | {n} | {size} | {told} |", flush=True)
        wrong = 1 - met - missed < COVERAGE - slack(COVERAGE, runs) or too_often(
            max(met, missed), FALSE_MET, runs
        )
        yield f"recovery {share}, {how}, {name}, {size} x {n}", told if wrong else ""


def believed(runs: int) -> Iterator[Row]:
    """What a posterior covers, and how often it is falsely met, where exactly the margin is lost."""
    runs = max(20, runs // 10)
    print(f"\n## Judged by the posterior where exactly the margin of 10 is lost: {runs:,} pairs a cell\n")
    print("| loss | problems | n | size | covers | falsely met | falsely missed |")
    print("|---|---|---|---|---|---|---|")
    for how, name, n, size in _cells():
        found = [_chance(pairs) for pairs in _each(pairs_of(POPULATIONS[name], how, 0.1, (n, n), size, runs))]
        met, missed = (
            np.mean([chance < 0.025 for chance in found]),
            np.mean([chance > 0.975 for chance in found]),
        )
        told = f"{1 - met - missed:.1%} | {met:.1%} | {missed:.1%}"
        print(f"| {how} | {name} | {n} | {size} | {told} |", flush=True)
        yield (
            f"posterior, {how}, {name}, {size} x {n}",
            told if met > FALSE_BELIEF + slack(FALSE_BELIEF, runs) else "",
        )


def calibrated(runs: int) -> Iterator[Row]:
    """Whether what the model believes is so, if problems come from what it takes to be likely beforehand."""
    print(f"\n## What the posterior says of truths drawn from its own prior: {runs:,} pairs a line\n")
    print("| size | truth inside the 95 % interval | told less than 10 %: so | told more than 90 %: so |")
    print("|---|---|---|---|")
    generator = np.random.default_rng(1)
    for size in SIZES:
        inside, told, true = [], [], []
        for cells in generator.dirichlet(np.ones(4), runs):
            values = generator.choice([-1.0, 1.0, 0.0, 0.0], size, p=cells)
            changes, truth = Changes.of(values), float(cells[1] - cells[0])
            inside.append(truth in credible_interval(changes))
            told.append(probability_of_loss(changes, 0.1))
            true.append(truth < -0.1)
        belief, truths = np.array(told), np.array(true)
        low, high = truths[belief < 0.1].mean(), truths[belief > 0.9].mean()
        print(f"| {size} | {np.mean(inside):.1%} | {low:.1%} | {high:.1%} |", flush=True)
        off = abs(np.mean(inside) - 0.95) > slack(0.95, runs)
        wrong = off or (runs >= 1000 and (low > 0.1 or high < 0.9))
        yield f"the posterior's calibration, {size}", f"{np.mean(inside):.1%}" if wrong else ""


def _each(pairs: Pairs) -> Iterator[Changes]:
    size, n = pairs.base.shape[1], pairs.base_n
    full: Counts = np.full(size, n)
    for base, candidate in zip(pairs.base, pairs.candidate, strict=True):
        luck = float(np.mean(luck_at_k(full, base, 1) + luck_at_k(full, candidate, 1)))
        yield Changes.of((candidate - base) / n, luck, 1 / n)


def _chance(changes: Changes) -> float:
    return probability_of_loss(changes, 0.1)
