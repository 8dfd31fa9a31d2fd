"""Runs that stop when they are decided: how often falsely, and what they save, for ``coverage.py``.

Run by itself it does nothing. Problems come in a random order, so that a look sees the first ones of a world.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from promises import Row, slack
from worlds import LOSSES, POPULATIONS, Flags, Floats, Pairs, pairs_of, too_often

from evalsite.stats.compare.numbers import compare
from evalsite.stats.intervals import LookConfidence
from evalsite.stats.sequential import LookRule, chance_of_decision, levels, stops

MARGIN = 0.1
FALSELY = 0.03
"""How often a verdict may be wrong at exactly the margin."""
SAVED = 0.35
"""What share of requests is saved on average, of all sizes and samples, where none or 20 points are lost."""
ERROR = 0.025
SIZES, SAMPLES, MOST = (164, 538, 1138), (1, 10), (3, 5)
SPARED = 0.35
"""The same of who is thrifty: of each size, number of samples and looks, but for what a simulation errs."""
SHOWN = (0.0, 0.05, 0.1, 0.15, 0.2)
JUDGED = 2
"""Campaigns of a cell whose first look the product judges, too."""
WORLDS = tuple(
    (name, how)
    for how, name in itertools.product(LOSSES, POPULATIONS)
    if how == "whole" or (how == "even" and name != "deterministic")
)


@dataclass(frozen=True)
class Campaigns:
    """What became of so many runs; arrays of shape (runs,)."""

    met: Flags
    missed: Flags
    saved: Floats
    """The share of requests."""
    off: Floats
    """By how much the difference shown is larger than the true one, away from the margin."""


def stopping(runs: int, sizes: tuple[int, ...] = SIZES) -> Iterator[Row]:
    """Print false verdicts, then what is saved and decided; ``sizes``: numbers of problems."""
    for thrifty in (False, True):
        yield from falsely(runs, sizes, thrifty=thrifty)
        yield from saving(max(20, runs // 10), sizes, thrifty=thrifty)


def falsely(runs: int, sizes: tuple[int, ...] = SIZES, *, thrifty: bool = False) -> Iterator[Row]:
    """How often a run is falsely met, or missed, where exactly the margin is lost, and it is not given up."""
    how = _named(thrifty)
    print(f"\n## {how.capitalize()}, 10 points lost, margin 10: {runs:,} runs a world\n")
    print(f"The worst of {len(WORLDS)} worlds: {', '.join(POPULATIONS)}; whole and even losses.\n")
    print("| problems | n | looks at | falsely met | falsely missed |")
    print("|---|---|---|---|---|")
    for size, n, most in itertools.product(sizes, SAMPLES, MOST):
        rule = LookRule.of(most, thrifty=thrifty)
        never = replace(rule, give_up=0.0)
        found = [campaigns(world, MARGIN, (size, n, most), runs, never) for world in WORLDS]
        met, missed = (max(float(side.mean()) for side in sides) for sides in _sides(found))
        at = stops(size, most, MARGIN, spending=rule.spending)
        place = f"{size} | {n} | {', '.join(map(str, at))}"
        print(f"| {place} | {met:.1%} | {missed:.1%} |", flush=True)
        wrong = too_often(max(met, missed), FALSELY, runs)
        yield f"{how}: {place}", f"falsely met {met:.2%}, missed {missed:.2%}" if wrong else ""


def saving(runs: int, sizes: tuple[int, ...] = SIZES, *, thrifty: bool = False) -> Iterator[Row]:
    """What is saved and decided at several true losses, on average over the worlds."""
    how = _named(thrifty)
    print(f"\n## {how.capitalize()}: what is saved, on average over all worlds of {runs:,} runs\n")
    print("In a cell the share of requests saved, then that of runs decided; 'off': points by which the")
    print("difference of a run that stopped early lies further from the margin than the truth.\n")
    titles = " | ".join(f"{100 * loss:g} lost" for loss in SHOWN)
    print(f"| problems | n | looks | {titles} | off |")
    print("|---|---|---|" + "---|" * (len(SHOWN) + 1))
    means: dict[tuple[int, float], list[float]] = {}
    for size, n, most in itertools.product(sizes, SAMPLES, MOST):
        cells, off = [], []
        for loss in SHOWN:
            rule = LookRule.of(most, thrifty=thrifty)
            found = [campaigns(world, loss, (size, n, most), runs, rule) for world in WORLDS]
            saved, decided = (
                float(np.mean([values.mean() for values in each]))
                for each in ([one.saved for one in found], [one.met | one.missed for one in found])
            )
            off += [
                float(np.nanmean(one.off)) for one in found if loss != MARGIN and not np.isnan(one.off).all()
            ]
            means.setdefault((most, loss), []).append(saved)
            cells.append(f"{saved:.0%}, {decided:.0%}")
            least = SPARED - slack(SPARED, len(WORLDS) * runs)
            wrong = thrifty and loss in (0.0, 0.2) and saved < least
            yield f"{how}: {size} | {n} | {most}, {loss}", f"only {saved:.1%} saved" if wrong else ""
        print(f"| {size} | {n} | {most} | {' | '.join(cells)} | {100 * np.mean(off):.1f} |", flush=True)
    for (most, loss), each in means.items():
        saved = float(np.mean(each))
        print(f"\n{most} looks, {100 * loss:g} points lost: {saved:.0%} saved on average")
        wrong = sizes == SIZES and loss in (0.0, 0.2) and saved < SAVED
        yield f"{how}: saved with {most} looks at {loss}", f"only {saved:.1%}" if wrong else ""


def campaigns(
    world: tuple[str, str], loss: float, of: tuple[int, int, int], runs: int, rule: LookRule
) -> Campaigns:
    """Carry out runs of ``of`` = (problems, samples, looks) that truly lose so much, looked at by a rule."""
    size, n, most = of
    pairs = pairs_of(POPULATIONS[world[0]], world[1], loss, (n, n), size, runs)
    at = stops(size, most, MARGIN, spending=rule.spending)
    spent = levels(tuple(stop / size for stop in at), ERROR, rule.spending)
    going = np.arange(runs)
    met, missed = np.zeros(runs, dtype=bool), np.zeros(runs, dtype=bool)
    saved, off = np.zeros(runs), np.full(runs, np.nan)
    for stop, level in zip(at, spent, strict=True):
        seen = Pairs(pairs.base[going, :stop], pairs.candidate[going, :stop], n, n)
        above, below = seen.sides(-MARGIN, level=level)
        if not rule.give_up:
            _refuse_unlike(seen, above, below, level)
        lost = _hopeless(seen.differences, n, stop / size, rule.give_up) & ~above & ~below
        met[going[above]], missed[going[below]] = True, True
        ended = above | below | lost
        saved[going[ended]] = 1 - stop / size
        if stop < size:
            away = np.sign(MARGIN - loss) * (seen.differences.mean(axis=1) + loss)
            off[going[above | below]] = away[above | below]
        going = going[~ended]
        if not going.size:
            break
    return Campaigns(met, missed, saved, off)


def _hopeless(differences: Floats, n: int, fraction: float, give_up: float) -> Flags:
    """Which look hopeless, as :mod:`evalsite.runner.deciding` has it."""
    if fraction >= 1.0 or not give_up:
        return np.zeros(len(differences), dtype=bool)
    size = differences.shape[1] + 2
    mean = differences.sum(axis=1) / size
    weight = np.maximum(np.max(differences**2, axis=1), 1 / n)
    error = np.sqrt(((np.sum(differences**2, axis=1) + 2 * weight) / size - mean**2) / size)
    drifts = (mean + MARGIN) / error
    found: Flags = np.array([chance_of_decision(z, fraction) < give_up for z in drifts], dtype=bool)
    return found


def _refuse_unlike(seen: Pairs, above: Flags, below: Flags, level: float) -> None:
    """Make sure that what is simulated is what the product says."""
    full = np.full(seen.base.shape[1], seen.base_n)
    for row in range(min(JUDGED, len(seen.base))):
        found = compare(
            full, seen.base[row], full, seen.candidate[row], ks=(1,), margin=MARGIN,
            confidence=LookConfidence(1 - 2 * level),
        ).main.interval  # fmt: skip
        if (found.low > -MARGIN, found.high < -MARGIN) != (above[row], below[row]):
            raise AssertionError(f"the product judges otherwise: {found}, {above[row]}, {below[row]}")


def _named(thrifty: bool) -> str:
    return "thrifty, stopped when decided" if thrifty else "stopped when decided"


def _sides(found: list[Campaigns]) -> tuple[list[Flags], list[Flags]]:
    return [one.met for one in found], [one.missed for one in found]
