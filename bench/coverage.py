"""Measure by simulation what the intervals cover, and how often the non-inferiority test errs.

Run ``python bench/coverage.py`` (a minute or two; ``--runs`` sets the simulated runs per line). Prints
Markdown tables and exits with 1 if a 95 % interval covers less than 93 % or more than 97 %, or if a candidate
exactly at the margin is called "met" in more than 5 % of runs, each within simulation error.

The truth that an interval has to cover is the average over the population that the problems are drawn from.
Three populations of problems are tried: ``alike`` (every problem has the same rate of passes), ``spread``
(Beta-distributed rates with a wide hump) and ``split`` (most problems nearly always or nearly never pass, as
in HumanEval). Their means are set so that the true pass@k is the stated one.
"""

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from evalsite.counts.passk import pass_at_k
from evalsite.stats.compare.paired import paired_interval
from evalsite.stats.decision import decide
from evalsite.stats.intervals import BCA, Interval, bootstrap_interval, estimate_pass_at_k, mean_interval

NUM_PROBLEMS = 164
RATES = (0.05, 0.5, 0.75, 0.95)
POPULATIONS = {"alike": math.inf, "spread": 3.0, "split": 0.4}
BAND = (0.93, 0.97)
FALSE_MET = 0.05

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def draw_rates(
    generator: np.random.Generator, mean: float, concentration: float, shape: tuple[int, int]
) -> Floats:
    """Rates of passes of problems from a population; of the given shape (runs, n_problems)."""
    if math.isinf(concentration):
        return np.full(shape, mean)
    return generator.beta(mean * concentration, (1 - mean) * concentration, shape)


def true_pass_at_k(mean: float, concentration: float, k: int) -> float:
    """pass@k of a whole population: the average of 1 - (1 - rate)^k."""
    if math.isinf(concentration):
        return 1 - (1 - mean) ** k
    fails, passes = (1 - mean) * concentration, mean * concentration
    log = math.lgamma(fails + k) + math.lgamma(fails + passes)
    return 1 - math.exp(log - math.lgamma(fails) - math.lgamma(fails + passes + k))


def mean_for(target: float, concentration: float, k: int) -> float:
    """The mean rate that gives a population the stated pass@k, by bisection."""
    low, high = 1e-9, 1 - 1e-9
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if true_pass_at_k(middle, concentration, k) < target else (low, middle)
    return (low + high) / 2


def coverage(k: int, n: int, rate: float, concentration: float, runs: int) -> tuple[float, float, float]:
    """Shares of runs that the default and the bootstrap interval cover, and the default's mean width."""
    generator = np.random.default_rng([k, n, int(100 * rate), int(10 * min(concentration, 99))])
    mean = mean_for(rate, concentration, k)
    shape = (runs, NUM_PROBLEMS)
    counts = generator.binomial(n, draw_rates(generator, mean, concentration, shape))
    samples = np.full(NUM_PROBLEMS, n)
    hits, bootstrap_hits, width = 0, 0, 0.0
    bootstrap_runs = max(1, runs // 10)
    for index, row in enumerate(counts):
        values = pass_at_k(samples, row, k)
        interval = mean_interval(values, int(samples.sum()))
        hits += rate in interval
        width += interval.high - interval.low
        if index < bootstrap_runs:
            bootstrap_hits += rate in bootstrap_interval(values, resamples=1000)
    return hits / runs, bootstrap_hits / bootstrap_runs, width / runs


def single_runs(runs: int) -> Iterator[tuple[str, float]]:
    """Print the coverage of single runs; yield each line's name and coverage."""
    print(f"## pass@k of one run, {NUM_PROBLEMS} problems, 95 % intervals, {runs:,} runs a line\n")
    print(f"| k | n | true pass@k | problems | default | mean width | {BCA} ({max(1, runs // 10):,} runs) |")
    print("|---|---|---|---|---|---|---|")
    for k, n in ((1, 1), (1, 10), (10, 10)):
        for rate in RATES:
            for name, concentration in POPULATIONS.items():
                covered, bootstrap, width = coverage(k, n, rate, concentration, runs)
                print(
                    f"| {k} | {n} | {rate:.2f} | {name} | {covered:.1%} | {width:.3f} | {bootstrap:.1%} |",
                    flush=True,
                )
                yield f"pass@{k}, n={n}, {rate}, {name}", covered


def ends() -> None:
    """Print the exact coverage near 100 %, where one problem more or less decides and nothing is promised."""
    print("\n## At the end of the scale: every problem plainly solved or not, computed exactly\n")
    print("| true share of solved problems | default covers |")
    print("|---|---|")
    for rate in (0.97, 0.98, 0.99, 0.995, 0.999, 0.9999):
        covered = 0.0
        for solved in range(NUM_PROBLEMS + 1):
            values = np.repeat([1.0, 0.0], [solved, NUM_PROBLEMS - solved])
            if rate in mean_interval(values, NUM_PROBLEMS):
                ways = math.comb(NUM_PROBLEMS, solved)
                covered += ways * rate**solved * (1 - rate) ** (NUM_PROBLEMS - solved)
        print(f"| {rate:.2%} | {covered:.1%} |")


Draw = Callable[[np.random.Generator, int], tuple[Ints, Ints, int]]


def greedy(broken: float, fixed: float) -> tuple[float, Draw]:
    """Greedy runs of which these shares of problems break and get fixed; the true loss, and the runs."""

    def draw(generator: np.random.Generator, runs: int) -> tuple[Ints, Ints, int]:
        shape = (runs, NUM_PROBLEMS)
        move = generator.choice([-1, 0, 1], size=shape, p=[broken, 1 - broken - fixed, fixed])
        base = np.where(move == 0, generator.integers(0, 2, shape), (move < 0).astype(np.int64))
        return base, base + move, 1

    return broken - fixed, draw


def sampled(n: int, concentration: float, keep: float, vanish: float) -> tuple[float, Draw]:
    """Sampled runs: the candidate keeps this share of every rate, and loses some problems altogether."""
    mean = 0.7

    def draw(generator: np.random.Generator, runs: int) -> tuple[Ints, Ints, int]:
        shape = (runs, NUM_PROBLEMS)
        rates = draw_rates(generator, mean, concentration, shape)
        kept = np.where(generator.random(shape) < vanish, 0.0, keep * rates)
        return generator.binomial(n, rates), generator.binomial(n, kept), n

    return mean * (1 - keep * (1 - vanish)), draw


PAIRS: dict[str, tuple[float, Draw]] = {
    "greedy, 10 % broken": greedy(0.10, 0.0),
    "greedy, 12 % broken, 2 % fixed": greedy(0.12, 0.02),
    "greedy, 25 % broken, 15 % fixed": greedy(0.25, 0.15),
    "greedy, 3 % broken": greedy(0.03, 0.0),
    "greedy, 6 % broken, 3 % fixed": greedy(0.06, 0.03),
    "n = 10, every rate a seventh lower, spread": sampled(10, 3.0, 6 / 7, 0.0),
    "n = 10, every rate a seventh lower, split": sampled(10, 0.4, 6 / 7, 0.0),
    "n = 10, a seventh of the problems lost, spread": sampled(10, 3.0, 1.0, 1 / 7),
    "n = 10, a seventh of the problems lost, split": sampled(10, 0.4, 1.0, 1 / 7),
    "n = 10, 3 % of the problems lost, split": sampled(10, 0.4, 1.0, 0.03),
    "n = 3, a seventh of the problems lost, split": sampled(3, 0.4, 1.0, 1 / 7),
    "n = 50, 3 % of the problems lost, spread": sampled(50, 3.0, 1.0, 0.03),
}


def paired_runs(runs: int) -> Iterator[tuple[str, float, float]]:
    """Print how the test does where the true loss is the margin; yield name, coverage, false "met" rate."""
    print(f"\n## True loss exactly at the margin, {NUM_PROBLEMS} problems, {runs:,} pairs a line\n")
    print('| pair of runs | true loss = margin | interval covers | falsely "met" | falsely "missed" |')
    print("|---|---|---|---|---|")
    for name, (loss, draw) in PAIRS.items():
        base, candidate, n = draw(np.random.default_rng(len(name)), runs)
        intervals = [paired_interval(row, least=1 / n) for row in (candidate - base) / n]
        decisions = [decide(0.0, interval, -loss) for interval in intervals]
        covered = sum(-loss in interval for interval in intervals) / runs
        met, missed = (decisions.count(word) / runs for word in ("met", "missed"))
        print(f"| {name} | {100 * loss:.1f} points | {covered:.1%} | {met:.1%} | {missed:.1%} |", flush=True)
        yield name, covered, met


def bootstrap_time() -> None:
    """Print how long the bootstrap of one large run takes."""
    counts = np.random.default_rng(1).binomial(200, 0.5, NUM_PROBLEMS)
    started = time.perf_counter()
    interval: Interval = estimate_pass_at_k(np.full(NUM_PROBLEMS, 200), counts, 10, method="bca").interval
    elapsed = time.perf_counter() - started
    print(f"\n{interval.method} of pass@10, {NUM_PROBLEMS} x 200 samples: {elapsed:.3f} s")


def main() -> int:
    """Run all simulations; 0 if every line is as promised."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=4000, help="simulated runs a line (default 4000)")
    runs = parser.parse_args().runs
    # Three standard errors of a share near 95 %, so that a correct interval does not fail by chance.
    slack = 3 * math.sqrt(0.95 * 0.05 / runs)
    astray = [
        f"{name}: covers {covered:.1%}"
        for name, covered in single_runs(runs)
        if not BAND[0] - slack <= covered <= BAND[1] + slack
    ]
    for name, covered, met in paired_runs(runs):
        if covered < BAND[0] - slack or met > FALSE_MET + slack:
            astray.append(f"{name}: covers {covered:.1%}, falsely met {met:.1%}")
    ends()
    bootstrap_time()
    print("\n" + ("\n".join(["Not as promised:", *astray]) if astray else "All as promised."))
    return 1 if astray else 0


if __name__ == "__main__":
    sys.exit(main())
