"""Measure how often verdicts and intervals err, by simulation, and exactly where that can be.

Run ``python bench/coverage.py`` (a quarter of an hour; ``--quick`` for a part of it, ``--runs`` sets the runs
that are simulated for a cell). Prints Markdown tables. A cell that is not as docs/statistics.md and
docs/targets.md promise is named at the end, and the exit code is then 1. Seeds are fixed: the same code
prints the same figures.

The truth that an interval has to cover is the average over the population that the problems are drawn from.
``worlds.py`` has the populations and the ways to lose, ``repeats.py`` what is measured without a promise.
"""

import argparse
import itertools
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from designs import designs
from exact import binomial, exact_false_met
from looks import SIZES, stopping
from pools import asked, pools, settled, unlike
from promises import Row, ended, slack
from repeats import repeats
from rooms import rooms
from ways import believed, calibrated, kept
from worlds import (
    LOSSES,
    POPULATIONS,
    Flags,
    Floats,
    Pairs,
    Problems,
    alike,
    beta,
    mean_for,
    moved,
    pairs_of,
    single_sides,
    too_often,
    two,
)

from evalsite.stats.compare.evidence import confidence_in_excess
from evalsite.stats.intervals import mean_interval

FALSE_MET = 0.05
"""How often a verdict may be met that is not deserved, in any cell."""
FALSE_DIFFERENCE = 0.05
COVERAGE = 0.93
"""What an interval at 95 % has to cover at least, but for three standard errors of the simulation."""
POWER_LOST = 0.01
"""What room for unseen problems may cost of the chance to be met, with 164 problems x 10 samples."""

EXACT = 10**9
"""Stands for the runs of what was computed, not simulated."""


@dataclass(frozen=True)
class Plan:
    """How much is simulated."""

    runs: int = 4000
    first: int = 400
    """Runs of a cell after which it is left alone if it is far from its limit."""
    sizes: tuple[int, ...] = (4, 10, 12, 20, 26, 42, 50, 100, 164, 378, 974)
    samples: tuple[int, ...] = (1, 2, 5, 10, 100)
    margins: tuple[float, ...] = (0.10, 0.05, 0.02, 0.01)
    most_problems: int = 1_500_000
    """Of all runs of a cell together."""
    pools: int = 3000
    """Runs of a cell of several data sets."""


QUICK = Plan(400, 200, (10, 26, 57, 100, 164), (1, 10), (0.10, 0.02), pools=40)


def false_met(plan: Plan) -> Iterator[Row]:
    """How often a candidate is called met that truly loses exactly the margin: the whole table."""
    print("\nA column is a margin in points and the samples of a problem. A cell is the worst of all")
    print(f"populations: {', '.join(POPULATIONS)}.")
    for how in LOSSES:
        print(f"\n## Falsely met where exactly the margin is lost, {how}\n")
        columns = list(itertools.product(plan.margins, plan.samples))
        print(f"| problems | {' | '.join(f'{100 * margin:g} x {n}' for margin, n in columns)} |")
        print("|---|" + "---|" * len(columns))
        for size in plan.sizes:
            cells = []
            for margin, n in columns:
                found = {
                    name: false_met_rate(plan, problems, how, margin, size, n)
                    for name, problems in POPULATIONS.items()
                    if how == "whole" or name != "deterministic"
                }
                worst = max(found, key=found.__getitem__)
                rate, runs = found[worst]
                cells.append(f"{rate:.3f}")
                place = f"margin {100 * margin:g}, {size} x {n}, {worst}, {how}"
                yield place, f"falsely met {rate:.2%}" if too_often(rate, FALSE_MET, runs) else ""
            print(f"| {size} | {' | '.join(cells)} |", flush=True)


def false_met_rate(
    plan: Plan, problems: Problems, how: str, margin: float, size: int, n: int
) -> tuple[float, int]:
    """The rate, and of how many runs: exact for one sample and for deterministic models, else simulated."""
    if n == 1 or problems is POPULATIONS["deterministic"]:
        # Broken and fixed problems are all there is, however the loss falls on the rates.
        fixed = (1 - margin / problems.mean) * (problems.mean - problems.square)
        return exact_false_met(size, margin, round(max(fixed, 0.0), 12), n), EXACT
    about = (size, n, round(1000 * margin), round(1e4 * problems.square))
    generator = np.random.default_rng([*about, *how.encode()])
    runs = min(plan.runs, max(plan.first, plan.most_problems // size))
    met = done = 0
    for part in (plan.first, runs - plan.first):
        rates = problems.draw(generator, (part, size))
        lost = moved(generator, problems, how, margin, rates)
        pairs = Pairs(generator.binomial(n, rates), generator.binomial(n, lost), n, n)
        met, done = met + int(pairs.sides(-margin)[0].sum()), done + part
        if met <= 0.02 * done or done == runs:
            break
    return met / done, done


def at_the_margin(plan: Plan) -> Iterator[Row]:
    """Both limits at 164 problems, where the loss is exactly the margin of 10 points."""
    print(f"\n## 164 problems, 10 points lost, margin 10: {plan.runs:,} pairs a line\n")
    print("| problems | loss | n | interval covers | falsely met | falsely missed |")
    print("|---|---|---|---|---|---|")
    for how, (name, problems), n in itertools.product(("whole", "even"), POPULATIONS.items(), (1, 3, 10, 50)):
        if how == "even" and name == "deterministic":
            continue
        sides = pairs_of(problems, how, 0.1, (n, n), 164, plan.runs).sides(-0.1)
        met, missed = (float(side.mean()) for side in sides)
        told = f"{1 - met - missed:.1%} | {met:.1%} | {missed:.1%}"
        print(f"| {name} | {how} | {n} | {told} |", flush=True)
        wrong = 1 - met - missed < COVERAGE - slack(COVERAGE, plan.runs)
        wrong |= too_often(max(met, missed), FALSE_MET, plan.runs)
        yield f"164 x {n}, {name}, {how}", told if wrong else ""


def power(plan: Plan) -> Iterator[Row]:
    """How often what is inside the margin is met, and what room for unseen problems takes of that."""
    print(f"\n## Met at a margin of 10, 164 problems, {plan.runs:,} pairs a cell\n")
    print("In brackets without room for unseen problems, where that differs.\n")
    losses = (0.0, 0.03, 0.05, 0.07)
    print(f"| problems | loss | n | {' | '.join(f'{100 * loss:g} lost' for loss in losses)} |")
    print("|---|---|---|---|---|---|---|")
    for how, (name, problems), n in itertools.product(("whole", "even"), POPULATIONS.items(), (1, 10)):
        if name == "deterministic":
            continue
        cells = []
        for loss in losses:
            pairs = pairs_of(problems, how, loss, (n, n), 164, plan.runs)
            kept, before = (float(pairs.sides(-0.1, unseen)[0].mean()) for unseen in (True, False))
            cells.append(f"{kept:.3f}" + (f" ({before:.3f})" if kept < before else ""))
            dear = n == 10 and too_often(before - kept, POWER_LOST, plan.runs)
            yield f"power, 164 x {n}, {name}, {how}, {loss}", f"{before} fell to {kept}" if dear else ""
        print(f"| {name} | {how} | {n} | {' | '.join(cells)} |", flush=True)


def excess(plan: Plan) -> Iterator[Row]:
    """How often the confidence in an excess is as small as so much where exactly the margin is lost."""
    few = plan.pools < 1000
    runs, sizes = (100, (20, 164)) if few else (max(200, plan.runs // 4), (20, 50, 164, 378))
    shares = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5)
    print(
        f"\n## Confidence that more than the margin was lost, where exactly that is: {runs:,} pairs a line\n"
    )
    print(
        "Margin 10; the worst of all populations. Small: at most so much; large: at least 1 less so much.\n"
    )
    titles = [f"{end} {100 * share:g} %" for end in ("small", "large") for share in shares]
    print(f"| problems | n | loss | {' | '.join(titles)} |")
    print("|---|---|---|" + "---|" * len(titles))
    for size, n, how in itertools.product(sizes, (1, 10), ("whole", "even")):
        worst = np.zeros(len(titles))
        for name, problems in POPULATIONS.items():
            if how == "even" and name == "deterministic":
                continue
            least, most = excesses(pairs_of(problems, how, 0.1, (n, n), size, runs))
            rates = [*(most <= share for share in shares), *(least >= 1 - share for share in shares)]
            worst = np.maximum(worst, [rate.mean() for rate in rates])
        print(f"| {size} | {n} | {how} | {' | '.join(f'{rate:.3f}' for rate in worst)} |", flush=True)
        for title, share, rate in zip(titles, shares * 2, worst, strict=True):
            wrong = too_often(float(rate), min(2.5 * share, share + 0.2), runs)
            yield f"excess, {size} x {n}, {how}, {title}", f"in {rate:.1%}" if wrong else ""


def excesses(pairs: Pairs) -> tuple[Floats, Floats]:
    """Least and most confidence that more than 10 points were lost, of each pair."""
    size = pairs.base.shape[1]
    ours, theirs = np.full(size, pairs.base_n), np.full(size, pairs.candidate_n)
    found = [
        confidence_in_excess((ours, base), (theirs, candidate), 0.1, 0.0)
        for base, candidate in zip(pairs.base, pairs.candidate, strict=True)
    ]
    return np.array([one.least for one in found]), np.array([one.most for one in found])


def no_difference(plan: Plan) -> Iterator[Row]:
    """How often a difference is claimed where there is none: unequal samples, skew changes that cancel."""
    print(f"\n## A difference claimed where there is none, {plan.runs:,} pairs a cell\n")
    sizes = (20, 50, 164)
    print(f"| models | samples | {' | '.join(f'{size} problems' for size in sizes)} |")
    print("|---|---|---|---|---|")
    same = {
        "every rate .95": alike(0.95),
        **{name: POPULATIONS[name] for name in ("spread", "split", "easy")},
    }
    unequal = ((1, 10), (3, 20), (1, 100), (10, 10))
    lines = [
        (f"the same, {name}", n, [pairs_of(problems, "even", 0.0, n, size, plan.runs) for size in sizes])
        for (name, problems), n in itertools.product(same.items(), unequal)
    ]
    lines.append(("5 % lost outright, the rest gained", (50, 50), [skew(size, plan.runs) for size in sizes]))
    for name, n, simulated in lines:
        claimed = [sum(float(side.mean()) for side in pairs.sides(0.0)) for pairs in simulated]
        print(f"| {name} | {n[0]}, {n[1]} | {' | '.join(f'{share:.3f}' for share in claimed)} |", flush=True)
        for size, share in zip(sizes, claimed, strict=True):
            wrong = f"claimed in {share:.2%}" if too_often(share, FALSE_DIFFERENCE, plan.runs) else ""
            yield f"no difference, {name}, {n}, {size} problems", wrong


def skew(size: int, runs: int) -> Pairs:
    """Every rate .7; the candidate loses one problem in twenty outright, and gains that on all others."""
    generator = np.random.default_rng([size, runs])
    rates = np.where(generator.random((runs, size)) < 0.05, 0.0, 0.7 / 0.95)
    return Pairs(generator.binomial(50, 0.7, (runs, size)), generator.binomial(50, rates), 50, 50)


def one_run(plan: Plan) -> Iterator[Row]:
    """What intervals of pass@k cover, 164 problems."""
    print(f"\n## pass@k of one run, 164 problems: what the interval covers, {plan.runs:,} runs a cell\n")
    truths = (0.05, 0.5, 0.75, 0.95)
    print(f"| k | n | problems | {' | '.join(f'true {100 * truth:g} %' for truth in truths)} |")
    print("|---|---|---|---|---|---|---|")
    populations = {"alike": math.inf, "spread": 3.0, "split": 0.4}
    for (k, n), name in itertools.product(((1, 1), (1, 10), (10, 10), (10, 20)), populations):
        cells = []
        for truth in truths:
            sides = misses(population(truth, populations[name], k), 164, (k, n), truth, plan.runs)
            covered = 1 - sum(float(side.mean()) for side in sides)
            cells.append(f"{covered:.1%}")
            wrong = covered < COVERAGE - slack(COVERAGE, plan.runs)
            yield f"pass@{k} of {n}, {name}, {truth}", f"covers {covered:.1%}" if wrong else ""
        print(f"| {k} | {n} | {name} | {' | '.join(cells)} |", flush=True)


def ceiling(plan: Plan) -> Iterator[Row]:
    """How often a threshold near the ceiling is falsely met: the truth is exactly there."""
    runs = max(200, plan.runs // 2)
    print(f"\n## Falsely met where pass@k is exactly at its threshold, {runs:,} runs a cell\n")
    print("The worst of spread and split problems; mixed are 99 % at .995 and 1 % at .2, true pass@1 98.7.\n")
    truths, sizes = (0.83, 0.93, 0.97, 0.99), (20, 50, 164, 378)
    print(f"| k | n | problems | {' | '.join(f'above {100 * truth:g}' for truth in truths)} | mixed |")
    print("|---|---|---|---|---|---|---|---|")
    for (k, n), size in itertools.product(((1, 2), (1, 10), (1, 100), (10, 20), (10, 200)), sizes):
        worlds = [[(truth, population(truth, around, k)) for around in (3.0, 0.4)] for truth in truths]
        if k == 1:
            mixed = two(0.99, 0.995, 0.2)
            worlds.append([(mixed.mean, mixed)])
        rates = [
            max(float(misses(problems, size, (k, n), truth, runs)[0].mean()) for truth, problems in world)
            for world in worlds
        ]
        print(f"| {k} | {n} | {size} | {' | '.join(f'{rate:.3f}' for rate in rates)} |", flush=True)
        for world, rate in zip(worlds, rates, strict=True):
            place = f"pass@{k} of {n} above {world[0][0]:.3f}, {size} problems"
            yield place, f"falsely met {rate:.2%}" if too_often(rate, FALSE_MET, runs) else ""


def population(truth: float, concentration: float, k: int) -> Problems:
    """Problems whose true pass@k is so much."""
    if math.isinf(concentration):
        return alike(1 - (1 - truth) ** (1 / k))
    return beta(mean_for(truth, concentration, k), concentration)


def misses(
    problems: Problems, size: int, passes: tuple[int, int], truth: float, runs: int
) -> tuple[Flags, Flags]:
    """Which intervals of pass@k from n samples, ``passes`` = (k, n), lie wholly above and below the truth."""
    k, n = passes
    generator = np.random.default_rng([size, n, k, round(1e4 * truth), round(1e4 * problems.square)])
    counts = generator.binomial(n, problems.draw(generator, (runs, size)))
    return single_sides(n, counts, k, truth)


def ends(_plan: Plan) -> Iterator[Row]:
    """Exact coverage near 100 %, where one problem more or less decides; nothing is promised."""
    print("\n## At the end of the scale: 164 problems plainly solved or not, computed exactly\n")
    print("| true share of solved problems | interval covers |")
    print("|---|---|")
    for rate in (0.97, 0.98, 0.99, 0.995, 0.999, 0.9999):
        covered = math.fsum(
            binomial(164, solved, rate)
            for solved in range(165)
            if rate in mean_interval(np.repeat([1.0, 0.0], [solved, 164 - solved]), 164)
        )
        print(f"| {rate:.2%} | {covered:.1%} |")
    yield from ()


def several(plan: Plan) -> Iterator[Row]:
    """Verdicts over several data sets."""
    yield from pools(plan.pools)
    yield from unlike(plan.pools)
    yield from rooms(plan.pools)
    yield from asked(plan.pools)
    yield from settled(plan.pools)


def other_ways(plan: Plan) -> Iterator[Row]:
    """Verdicts on a share that is kept, and by a posterior."""
    yield from kept(plan.pools)
    yield from believed(plan.pools)
    yield from calibrated(plan.pools)


def planned(plan: Plan) -> Iterator[Row]:
    """The power that ``evalsite plan`` tells."""
    yield from designs(plan.pools)


def again(plan: Plan) -> Iterator[Row]:
    """Runs that stop when they are decided, looking again, and many candidates."""
    few = plan.pools < 1000
    yield from stopping(plan.pools if few else plan.runs, SIZES[:1] if few else SIZES)
    yield from repeats(plan.runs)


SECTIONS: tuple[Callable[[Plan], Iterator[Row]], ...] = (
    false_met,
    at_the_margin,
    power,
    excess,
    no_difference,
    one_run,
    ceiling,
    ends,
    several,
    other_ways,
    planned,
    again,
)


def main() -> int:
    """Print all tables; 0 if every cell is as promised."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, help="simulated runs a cell (default 4000, or 400 if quick)")
    parser.add_argument("--quick", action="store_true", help="a part of the tables, with fewer runs")
    given = parser.parse_args()
    plan = QUICK if given.quick else Plan()
    plan = replace(plan, runs=given.runs or plan.runs)
    return ended(row for section in SECTIONS for row in section(plan))


if __name__ == "__main__":
    sys.exit(main())
