"""Where a model falls off: what it scores level by level, and what it loses there more than its baseline.

Every model loses when its questions get harder. What a candidate loses *more* than its baseline is a
difference of differences: of each problem the change from the easiest level to a harder one, the candidate's
less the baseline's. A problem is one unit, whatever becomes of it in four runs, so that its own difficulty
and what it shares between runs are taken out (the clusters of Miller 2024, arXiv 2411.00640). The interval
is that of a paired difference (:mod:`evalsite.stats.compare.paired`) on a scale twice as wide: a problem can
lose two points of two. ``tests/stats/test_cliffs.py`` draws what it covers.

Levels are judged from the easiest on. A candidate *holds to* a level if it is shown there, and on all before,
that it lost no more than the margin beyond what the baseline lost. That is a fixed sequence of tests, each
made only if all before were met, so that all of them together err as rarely as one (Maurer, Hothorn &
Lehmacher 1995). That it *loses more* is said where the p-value shows it after Holm's correction for the
number of levels. Intervals are each for itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from evalsite.counts.loaded import DatasetKey, LoadedRun
from evalsite.counts.passk import Counts, luck_at_k
from evalsite.rundir.levels import Wanted
from evalsite.stats.baseline import best_of
from evalsite.stats.compare.guard import Reservation, reservations
from evalsite.stats.compare.numbers import Difference, difference
from evalsite.stats.compare.paired import Changes, interval_of, interval_p_value
from evalsite.stats.compare.signflip import holm
from evalsite.stats.decision import MARGIN, Decision, decide
from evalsite.stats.intervals import CONFIDENCE, Interval
from evalsite.stats.readiness import why_not_comparable
from evalsite.words.limits import outward
from evalsite.words.sentences import count, figure

Axis = Literal["tools", "context"]
AXES: tuple[Axis, ...] = ("tools", "context")
AT = {"tools": "among tools of other problems", "context": "behind a conversation"}
"""Axis -> in what its levels differ, in words."""
TWICE = 2.0
"""A difference of two differences may be twice as large as one."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One model on levels of one data set that differ in one thing alone."""

    model: str
    of: DatasetKey
    """The data set that the levels were made from."""
    axis: Axis
    """In what they differ."""
    beside: int
    """How much of the other there is on each of them."""
    levels: tuple[int, ...]
    """From the easiest on."""
    runs: tuple[LoadedRun, ...]
    """The run on each."""

    @property
    def place(self) -> tuple[DatasetKey, Axis, int]:
        """What curves share that can be held against each other."""
        return self.of, self.axis, self.beside


@dataclass(frozen=True, slots=True)
class Further:
    """What the candidate lost between two levels more than its baseline did; shares."""

    value: float
    """Negative where it lost more."""
    interval: Interval
    p_value: float
    """Two-sided, of "both lost the same"."""
    p_adjusted: float
    """After Holm's correction for all levels."""
    num_problems: int
    base: float
    candidate: float
    """How pass@1 of each changed since the easier level."""
    could_lose: float
    """The least of what the candidate had there, and the baseline has here: more cannot be lost."""
    decision: Decision
    """Whether it is shown that no more than the margin was lost beyond the baseline's loss."""


@dataclass(frozen=True, eq=False)
class Step:
    """Baseline and candidate on one level."""

    level: int
    base: LoadedRun
    candidate: LoadedRun
    difference: Difference | None
    """Of pass@1, paired problem by problem; None where they share none."""
    further: Further | None
    """Since the easiest level; None there, and where nothing can be said."""
    pending: str
    """Why nothing is concluded, as a sentence; empty where something is."""


@dataclass(frozen=True, eq=False)
class Cliff:
    """A candidate beside its baseline, level by level."""

    base: Curve
    candidate: Curve
    steps: tuple[Step, ...]
    margin: float

    @cached_property
    def held(self) -> int:
        """How many steps are held, the easiest among them: there is nothing to hold against."""
        decided = [step.further is not None and step.further.decision == "met" for step in self.steps[1:]]
        return 1 + (decided.index(False) if False in decided else len(decided))

    @property
    def decision(self) -> Decision:
        """Whether it holds to the hardest level; else what the first level says that it does not hold at."""
        if self.held == len(self.steps):
            return "met"
        if any(step.further and step.further.decision == "missed" for step in self.steps[self.held :]):
            return "missed"
        further = self.steps[self.held].further
        return further.decision if further else "pending"

    @property
    def sentence(self) -> str:
        """Up to where the candidate holds, and what it loses where it does not."""
        return f"{self.candidate.model} {self.conclusion}"

    @cached_property
    def conclusion(self) -> str:
        """The same without the candidate's name."""
        told = []
        if self.held > 1:
            reached = self._named(self.steps[self.held - 1].level)
            last = ", the hardest level that was asked" if self.held == len(self.steps) else ""
            told.append(f"holds to {reached}{last}")
        left = self.steps[self.held :]
        for index, step in enumerate(left):
            falls = step.further is not None and step.further.decision == "missed"
            if index == 0 or falls:
                told.append(self._at(step, named=not told))
            if falls:
                break
        if not left:
            told.append(f"there it {_lost_more(self.steps[-1])}")
        return f"{'; '.join(told)}."

    @property
    def reservations(self) -> tuple[Reservation, ...]:
        """In what runs differ that are held against each other, besides their models and levels."""
        found: dict[str, Reservation] = {}
        for curve in (self.base, self.candidate):
            for run in curve.runs[1:]:
                for each in reservations(curve.runs[0].run, run.run):
                    if each.field not in _OF_LEVELS:
                        found.setdefault(each.field, each)
        for step in self.steps:
            for each in reservations(step.base.run, step.candidate.run):
                found.setdefault(each.field, each)
        return tuple(found.values())

    def _named(self, level: int) -> str:
        return named(self.candidate.axis, level)

    def _at(self, step: Step, *, named: bool) -> str:
        """What happens on a level at which it does not hold."""
        at = f"at {self._named(step.level) if named else f'{step.level:,}'}"
        if step.further is None:
            return f"{at} nothing can be said yet: {step.pending.rstrip('.')}"
        lost, decision = _lost_more(step), step.further.decision
        if decision == "pending":
            return f"{at} nothing is decided yet (it {lost} so far): {step.pending.rstrip('.')}"
        if decision == "vacuous":
            return f"{at} one of the models scores too little for a loss of {self._allowed} to show"
        if decision == "missed" or step.further.p_adjusted < 1 - step.further.interval.confidence:
            open_ = "" if decision == "missed" else f", which may be more or less than {self._allowed}"
            return f"{at} it {lost}{open_}"
        return f"{at} these data cannot tell (it {lost})"

    @property
    def _allowed(self) -> str:
        return f"the allowed {100 * self.margin:g} points"


_OF_LEVELS = frozenset({"dataset.name", "dataset.sha256", "settings.context"})
"""What levels differ in by their nature."""


def named(axis: Axis, level: int) -> str:
    """A level in words: ``32 tools``, ``8,000 tokens``."""
    return count(level, "tool") if axis == "tools" else count(level, "token")


def cliffs(
    runs: Sequence[LoadedRun], baselines: Mapping[str, LoadedRun], *, margin: float = MARGIN
) -> tuple[Cliff, ...]:
    """Hold every model's levels against its baseline's. ``baselines``: run id -> baseline's run."""
    found = curves(runs)
    by_place = {(curve.model, curve.place): curve for curve in found}
    pairs = []
    for curve in found:
        bases = [baselines[run.id].model for run in curve.runs if run.id in baselines]
        base = by_place.get((bases[0], curve.place)) if bases else None
        if base is not None and base is not curve:
            pairs.append(compare_curves(base, curve, margin=margin))
    return tuple(cliff for cliff in pairs if cliff is not None)


def curves(runs: Iterable[LoadedRun]) -> tuple[Curve, ...]:
    """Put the runs of each model on levels of one data set in order; curves of one level are none.

    Of several runs on one level the one counts that belongs to the newest campaign, else the best.
    """
    grouped: dict[tuple[str, DatasetKey], dict[Wanted, list[LoadedRun]]] = {}
    for run in runs:
        of, wanted = level_of(run)
        grouped.setdefault((run.model, of), {}).setdefault(wanted, []).append(run)
    found = []
    for (model, of), levels in grouped.items():
        if len(levels) < 2:
            continue
        newest = _newest_campaign(run for each in levels.values() for run in each)
        chosen = {wanted: choose_run(each, newest) for wanted, each in sorted(levels.items())}
        for axis in AXES:
            for beside in sorted({_parts(wanted, axis)[1] for wanted in chosen}):
                own = {
                    _parts(wanted, axis)[0]: run
                    for wanted, run in chosen.items()
                    if _parts(wanted, axis)[1] == beside
                }
                if len(own) > 1:
                    found.append(
                        Curve(
                            model, of, axis, beside, tuple(sorted(own)), tuple(own[at] for at in sorted(own))
                        )
                    )
    return tuple(found)


def level_of(run: LoadedRun) -> tuple[DatasetKey, Wanted]:
    """The data set that a run's was made from, and how much harder it is; the set itself where it is not."""
    level = run.run.dataset.level
    if not level:
        return run.dataset_key, Wanted()
    return (level.of, level.of_sha256), Wanted(level.distractors, level.context_tokens)


def tokens_read(run: LoadedRun) -> float | None:
    """Tokens of a prompt, as the server counted them; mean over answers, None where it counted none."""
    told, answers = run.summary.prompt_tokens, run.num_samples
    return told / answers if told is not None and answers else None


def _parts(wanted: Wanted, axis: Axis) -> tuple[int, int]:
    """How much a level has of what an axis is about, and how much of the other."""
    both = wanted.distractors, wanted.context_tokens
    return both if axis == "tools" else (both[1], both[0])


def _newest_campaign(runs: Iterable[LoadedRun]) -> str:
    named = [(run.run.created_at, run.run.campaign.id) for run in runs if run.run.campaign]
    return max(named)[1] if named else ""


def choose_run(runs: Sequence[LoadedRun], campaign: str) -> LoadedRun:
    """Of several runs of a model on one level the best of a campaign, given by its id; else the best."""
    own = [run for run in runs if run.run.campaign and run.run.campaign.id == campaign]
    return best_of(own or runs)


def compare_curves(
    base: Curve, candidate: Curve, *, margin: float = MARGIN, confidence: float = CONFIDENCE
) -> Cliff | None:
    """Hold a candidate against its baseline on the levels that both were asked; None for fewer than two."""
    there = dict(zip(base.levels, base.runs, strict=True))
    pairs = [
        (level, there[level], run)
        for level, run in zip(candidate.levels, candidate.runs, strict=True)
        if level in there
    ]
    if len(pairs) < 2:
        return None
    steps = [_step(level, pair, pairs[0][1:], margin, confidence) for level, *pair in pairs]
    known = [step.further for step in steps if step.further]
    adjusted = iter(holm([further.p_value for further in known]))
    steps = [
        replace(step, further=replace(step.further, p_adjusted=next(adjusted))) if step.further else step
        for step in steps
    ]
    return Cliff(base, candidate, tuple(steps), margin)


def _step(
    level: int, pair: Sequence[LoadedRun], first: Sequence[LoadedRun], margin: float, confidence: float
) -> Step:
    base, candidate = pair
    shared = _counts(pair)
    if not shared[0][0].size:
        return Step(level, base, candidate, None, None, "the models have no problem in common there")
    moved = difference(shared[0], shared[1], 1, confidence=confidence)
    pending = why_not_comparable(base, candidate) or why_not_comparable(*first)
    easiest = candidate is first[1]
    further = None if easiest else lost_further(first, pair, margin=margin, confidence=confidence)
    if further and pending:
        further = replace(further, decision="pending")
    if not (easiest or further):
        pending = "the four runs have no problem in common"
    return Step(level, base, candidate, moved, further, pending)


def lost_further(
    first: Sequence[LoadedRun],
    then: Sequence[LoadedRun],
    *,
    margin: float = MARGIN,
    confidence: float = CONFIDENCE,
) -> Further | None:
    """What the second of two runs lost since then more than the first did; None without common problems.

    ``first`` and ``then``: baseline and candidate on the easier level and on the harder one.
    """
    counts = _counts([*first, *then])
    if not counts[0][0].size:
        return None
    before, were, after, are = (passes / n for n, passes in counts)
    change = (are - were) - (after - before)
    values = change / TWICE
    luck = sum(float(np.mean(luck_at_k(n, passes, 1))) for n, passes in counts) / TWICE**2
    least = 1 / min(int(n.min()) for n, _ in counts) / TWICE**2
    changes = Changes(values, luck, max(float(np.max(values**2)), least), freedom=max(values.size - 1, 1))
    interval = interval_of(changes, confidence).scaled(TWICE)
    value, p_value = float(change.mean()), interval_p_value(changes)
    could_lose = float(min(after.mean(), were.mean()))
    return Further(
        value=value,
        interval=interval,
        p_value=p_value,
        p_adjusted=p_value,
        num_problems=int(values.size),
        base=float((after - before).mean()),
        candidate=float((are - were).mean()),
        could_lose=could_lose,
        decision=decide(value, interval, -margin, base=could_lose),
    )


def _counts(runs: Sequence[LoadedRun]) -> list[tuple[Counts, Counts]]:
    """Samples and passes, in each run, of the problems that all of them have samples of."""
    places = [{task: index for index, task in enumerate(run.task_ids) if run.n[index]} for run in runs]
    tasks = [task for task in places[0] if all(task in place for place in places)]
    found = []
    for run, place in zip(runs, places, strict=True):
        index = np.array([place[task] for task in tasks], dtype=np.intp)
        found.append((run.n[index], run.c[index]))
    return found


def _lost_more(step: Step) -> str:
    """``loses 21 points (12 to 30) more than its baseline``."""
    further = step.further
    assert further is not None
    lost = -100 * further.value
    limits = outward(-100 * further.interval.high, -100 * further.interval.low)
    more = "less" if lost < 0 else "more"
    if lost < 0:
        limits = outward(100 * further.interval.low, 100 * further.interval.high)
    between = f"{limits.low:.{limits.digits}f} to {limits.high:.{limits.digits}f}"
    return f"loses {figure(abs(lost), 'points')} ({between}) {more} than its baseline"
