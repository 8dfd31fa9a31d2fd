"""Measure by simulation what is promised of kinds of failure, of times, and of flips.

Run ``python bench/luck.py`` (a minute or two; ``--runs`` sets the simulated runs a line). Prints Markdown
tables; a row that is not as promised is named at the end, and the exit code is then 1.
"""

import math
import sys
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from promises import Row, Section, simulate, slack

from evalsite.counts.passk import Values
from evalsite.counts.times import distribution
from evalsite.stats.compare.luck import luck_alone
from evalsite.stats.compare.shift import makeup_test
from evalsite.stats.quantiles import student_quantile

NUM_PROBLEMS = 164

MAKEUP = np.array([0.6, 0.25, 0.1, 0.05])
"""Shares of four error classes among failures."""
SHIFTED = np.array([0.4, 0.45, 0.1, 0.05])
FALSE_SHIFT = 0.065
MOVES = (
    (0.7, 0.7),
    (0.82, 0.72),
    (0.9, 0.8),
    (0.93, 0.83),
    (0.95, 0.85),
    (0.9, 0.5),
    (0.8, 0.1),
    (0.95, 0.0),
)
WORLDS: Mapping[str, tuple[float, float]] = {
    "spread, one make-up": (3.0, math.inf),
    "spread, make-ups of their own": (3.0, 3.0),
    "split, one make-up": (0.4, math.inf),
    "split, make-ups of their own": (0.4, 3.0),
}
"""Concentrations of the problems' pass rates, and of their make-ups around the common one."""

TIMES = {"request-like": (0.5, 0.3), "token-like": (0.1, 0.1), "first token": (0.2, 0.05)}
"""Standard deviations of a time's logarithm, between and within problems."""
TIME_BAND = (0.93, 0.96)

POPULATIONS: Mapping[str, Callable[[np.random.Generator], Values]] = {
    "spread": lambda generator: generator.beta(2.1, 0.9, NUM_PROBLEMS),
    "split": lambda generator: generator.beta(0.28, 0.12, NUM_PROBLEMS),
    "bimodal": lambda generator: np.where(generator.random(NUM_PROBLEMS) < 0.75, 0.97, 0.03),
    "easy": lambda generator: np.where(generator.random(NUM_PROBLEMS) < 0.95, 0.99, 0.4),
    "half and half": lambda generator: generator.beta(5.0, 5.0, NUM_PROBLEMS),
    "alike": lambda _: np.full(NUM_PROBLEMS, 0.7),
}
"""Rates of passes of problems."""
FLIPS_OFF, FLIPS_OFF_SHARE = 1.5, 0.1
"""How far the expected flips may be off on average: in problems, or as a share of them."""


def shift_p_values(
    world: tuple[float, float], move: tuple[float, float], n: int, shifted: bool, runs: int
) -> list[float | None]:
    """p-values of simulated pairs; with ``shifted`` the candidate's failures have another make-up."""
    (rates_around, makeups_around), (before, after) = world, move
    generator = np.random.default_rng([n, int(100 * before), int(100 * after), int(rates_around), shifted])
    found = []
    for _ in range(runs):
        rates = generator.beta(rates_around * before, rates_around * (1 - before), NUM_PROBLEMS)
        makeups = np.tile(MAKEUP, (NUM_PROBLEMS, 1))
        if math.isfinite(makeups_around):
            makeups = generator.dirichlet(makeups_around * MAKEUP, NUM_PROBLEMS)
        moved = makeups * SHIFTED / MAKEUP if shifted else makeups
        moved /= moved.sum(axis=1, keepdims=True)
        ours = generator.multinomial(generator.binomial(n, 1 - rates), makeups)
        theirs = generator.multinomial(generator.binomial(n, 1 - rates * after / before), moved)
        found.append(makeup_test(ours / n, theirs / n, draws=399))
    return found


def shifts(runs: int) -> Iterator[Row]:
    """How often a shift of the kinds of failure is claimed: where there is none, and where there is one."""
    print(f"\n## Kinds of failure, {NUM_PROBLEMS} problems, {runs:,} pairs a line\n")
    print("| problems | n | pass@1 | falsely shifted | too few to tell | shift of a fifth found |")
    print("|---|---|---|---|---|---|")
    for name, world in WORLDS.items():
        for n in (1, 10):
            for move in MOVES:
                same = shift_p_values(world, move, n, False, runs)
                other = shift_p_values(world, move, n, True, max(1, runs // 4))
                wrong = np.mean([p is not None and p < 0.05 for p in same])
                withheld = np.mean([p is None for p in same])
                power = np.mean([p is not None and p < 0.05 for p in other])
                cell = f"{100 * move[0]:.0f} -> {100 * move[1]:.0f}"
                print(f"| {name} | {n} | {cell} | {wrong:.1%} | {withheld:.0%} | {power:.0%} |", flush=True)
                over = wrong > FALSE_SHIFT + slack(FALSE_SHIFT, runs)
                yield f"shift, {name}, n={n}, {cell}", f"falsely shifted {wrong:.1%}" if over else ""


def times(runs: int) -> Iterator[Row]:
    """How often the interval of a mean time covers the truth."""
    print(f"\n## Mean times, {NUM_PROBLEMS} problems, log-normal, {runs:,} runs a line\n")
    print("| times | n | interval covers |")
    print("|---|---|---|")
    quantile = student_quantile(0.975, NUM_PROBLEMS - 1)
    for name, (between, within) in TIMES.items():
        truth = math.exp((between**2 + within**2) / 2)
        for n in (1, 10, 50):
            generator = np.random.default_rng([n, int(100 * between)])
            hits = 0
            for _ in range(runs):
                centres = generator.normal(0.0, between, (NUM_PROBLEMS, 1))
                measured = np.exp(centres + generator.normal(0.0, within, (NUM_PROBLEMS, n)))
                found = distribution({str(index): row for index, row in enumerate(measured)})
                assert found is not None
                assert found.error is not None
                hits += abs(found.mean - truth) <= quantile * found.error
            covered = hits / runs
            print(f"| {name} | {n} | {covered:.1%} |", flush=True)
            low, high = (TIME_BAND[0] - slack(0.95, runs), TIME_BAND[1] + slack(0.95, runs))
            yield f"times, {name}, n={n}", "" if low <= covered <= high else f"covers {covered:.1%}"


def flips(runs: int) -> Iterator[Row]:
    """How many problems flip between two runs of one model, and how many are said to, from one of them."""
    print(f"\n## Flips of identical models, {NUM_PROBLEMS} problems, {runs:,} pairs a line\n")
    print("| problems | n | broken, on average | expected from one run | its range holds |")
    print("|---|---|---|---|---|")
    for name, draw in POPULATIONS.items():
        for n in (2, 3, 4, 5, 10, 20):
            generator = np.random.default_rng([n, len(name)])
            size, broken, expected, held = np.full(NUM_PROBLEMS, n), 0, 0.0, 0
            for _ in range(runs):
                rates = draw(generator)
                first, second = generator.binomial(n, rates), generator.binomial(n, rates)
                luck = luck_alone((size, first), size)
                assert luck is not None
                now = int(np.count_nonzero((2 * first >= n) & (2 * second < n)))
                broken, expected = broken + now, expected + luck.broken
                held += luck.broken_range[0] <= now <= luck.broken_range[1]
            actual, said = broken / runs, expected / runs
            print(f"| {name} | {n} | {actual:.1f} | {said:.1f} | {held / runs:.1%} |", flush=True)
            off = abs(said - actual) > max(FLIPS_OFF, FLIPS_OFF_SHARE * actual)
            yield f"flips, {name}, n={n}", f"expects {said:.1f}, not {actual:.1f}" if off else ""


SECTIONS: tuple[Section, ...] = (shifts, times, flips)


if __name__ == "__main__":
    sys.exit(simulate(__doc__ or "", SECTIONS, 1000))
