"""Targets and runs in, verdicts out, each with a sentence that says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from evalsite.counts.loaded import LoadedRun, dataset_labels
from evalsite.stats.baseline import best_of, is_repeat, why_undecided
from evalsite.stats.compare.guard import swapped_roles
from evalsite.stats.compare.sameness import doubts, own_doubts
from evalsite.stats.compare.suites import SuiteComparison
from evalsite.stats.decision import Decided, Decision, decide, decide_equivalence
from evalsite.stats.intervals import Interval
from evalsite.stats.looks import standpoint
from evalsite.stats.readiness import in_a_word
from evalsite.stats.targets.explain import missing_sentence, nothing_yet, of_the_baseline, verdict_sentence
from evalsite.stats.targets.levels import measure_level
from evalsite.stats.targets.measure import Measured, Unmeasured, figure, measure
from evalsite.stats.targets.metrics import LEVEL, parse_metric
from evalsite.stats.targets.missing import is_hidden, worst_and_best
from evalsite.stats.targets.pooled import compare_pool, part_of, pooled_measure
from evalsite.stats.targets.schema import Target, Targets


@dataclass(frozen=True, eq=False)
class Result:
    """One target judged by one run, or pending. All figures are in the metric's unit."""

    target: Target
    run: LoadedRun | None
    """None where there is no run to judge yet."""
    decision: Decision
    sentence: str
    """Figure, certainty and conclusion in plain words; the only explanation, wherever it is shown."""
    actual: float | None = None
    interval: Interval | None = None
    baseline: float | None = None
    """The baseline's figure as it was measured, in :attr:`Metric.baseline_unit`; None where it was not. What
    the target states of it is :attr:`Target.baseline`."""
    baseline_pending: str = ""
    """Why nothing is concluded from the baseline's figure, in a few words; empty where it counts."""
    baseline_run: LoadedRun | None = None
    delta: float | None = None
    """The run's figure minus the baseline's (the stated one where none was measured), in its unit; in points
    for percentages."""
    dataset_label: str = ""
    awaited: str = ""
    """The model that has no run to judge yet, though it answers other targets."""
    chance: float | None = None
    """One-sided p-value of "not met", whatever the missing samples would have been, if it has one."""
    plain: Decision | None = None
    """Of several candidates: the verdict of each by itself, and of all of them together."""
    together: Decision | None = None
    num_candidates: int = 1
    """How many were judged together."""
    pooled: SuiteComparison | None = None
    """Of a pool: what it is about, data set by data set."""
    pool: tuple[tuple[LoadedRun, LoadedRun | None], ...] = ()
    """Of a pool: its runs, each with the baseline's; the first is :attr:`run`."""

    @property
    def runs(self) -> tuple[LoadedRun, ...]:
        """The runs that are judged: one, or several of a pool; none where there is nothing yet."""
        return tuple(run for run, _ in self.pool) or ((self.run,) if self.run else ())

    @property
    def held_against(self) -> tuple[LoadedRun, ...]:
        """The baseline's runs."""
        bases = [base for _, base in self.pool] or [self.baseline_run]
        return tuple(base for base in bases if base is not None)

    @property
    def model(self) -> str:
        """Whom the result is about; empty where no model has a run to judge yet."""
        return self.run.model if self.run else self.awaited

    @property
    def is_trial(self) -> bool:
        """Whether the run asks only a part of its data set; of a pool, whether all do.

        No trial is what is judged at a look that was planned.
        """
        enough = self.target.metric.means.is_relative and self.decision != "pending"
        return bool(self.runs) and not any(run.asks_enough if enough else run.asks_all for run in self.runs)

    @property
    def is_sequential(self) -> bool:
        """Whether it is one look of several at a run, or at the baseline's."""
        if self.decision == "pending" or not self.target.metric.means.is_relative:
            return False
        pairs = self.pool or (((self.run, self.baseline_run),) if self.run else ())
        return any(base is not None and standpoint(base, run).is_sequential for run, base in pairs)

    @property
    def dataset(self) -> str:
        """The data set of the run; without one, those that the target would take."""
        if self.target.pool:
            return " + ".join(self.target.pool)
        return self.run.dataset if self.run else " or ".join(self.target.datasets)

    @property
    def label(self) -> str:
        """The same in words: with the first digits of its hash where runs ask two of one name."""
        return self.dataset_label or self.dataset


def judge_each(
    targets: Targets, runs: Sequence[LoadedRun], baselines: Mapping[str, LoadedRun] | None = None
) -> tuple[Result, ...]:
    """Judge every target by every run that it applies to; in the order of the targets, then of the runs.

    ``baselines``: run id -> the run that this one is held against, as far as there is one
    (:func:`evalsite.stats.baseline.pick_baselines`). Without ``applies_to`` a target applies to all runs but
    the baseline's own. Of several runs of one model on one data set, the newest that holds what the target
    needs is judged. A target that a model could but does not answer yet is pending for it, where the model
    answers others; one without any run is pending altogether.
    """
    labels = dataset_labels(runs)
    found = [(target, _candidates(target, runs, baselines or {})) for target in targets.rows]
    whole = (one.run for _, candidates in found for one in candidates if one.run.asks_all)
    answering = dict.fromkeys(run.model for run in whole)
    results: list[Result] = []
    for target, candidates in found:
        if target.where_possible:
            able = [one for one in candidates if isinstance(one.measured, Measured)]
            results += [_result(target, one, labels[one.run.dataset_key]) for one in able]
            continue
        judged = (
            [_pooled_result(target, model, pool) for model, pool in _pools(target, candidates)]
            if target.pool
            else [_result(target, one, labels[one.run.dataset_key]) for one in candidates]
        )
        awaited = _able(target, runs, baselines or {}) - {one.run.model for one in candidates}
        judged += [
            Result(target, None, "pending", nothing_yet(target, model), awaited=model)
            for model in answering
            if model in awaited
        ]
        results += judged or [Result(target, None, "pending", nothing_yet(target))]
    return tuple(results)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A run that a target applies to, the baseline's run on its data set, and the target's figure."""

    run: LoadedRun
    base: LoadedRun | None
    measured: Measured | Unmeasured

    @property
    def rank(self) -> tuple[bool, bool, str, str]:
        """The higher, the rather this run is judged among several of one model on one data set."""
        run = self.run.run
        return isinstance(self.measured, Measured), run.status == "complete", run.created_at, run.id


def _candidates(
    target: Target, runs: Sequence[LoadedRun], baselines: Mapping[str, LoadedRun]
) -> list[_Candidate]:
    """The runs to judge: one for each model and data set, in the order in which these first appear."""
    best: dict[object, _Candidate] = {}
    for run in runs:
        base = _baseline_run(target, run, runs, baselines)
        if not target.wants_dataset(run.dataset) or not _applies(target, run, base):
            continue
        found = _Candidate(run, base, _measured(part_of(target), run, base, runs))
        key = (run.model, run.run.model.card, run.dataset, run.run.dataset.sha256)
        if key not in best or found.rank > best[key].rank:
            best[key] = found
    return list(best.values())


def _measured(
    target: Target, run: LoadedRun, base: LoadedRun | None, runs: Sequence[LoadedRun]
) -> Measured | Unmeasured:
    """The target's figure, unless the model cards contradict the baseline, or leave open which one it is."""
    if target.metric.means.is_relative:
        if base and (swapped := swapped_roles(base.run, run.run)):
            return Unmeasured(swapped)
        named = target.baseline_run or target.baseline is not None
        if not base and not named and (undecided := why_undecided(run.run, (one.run for one in runs))):
            return Unmeasured(undecided)
    if target.metric.figure == LEVEL:
        return measure_level(target, run, base, runs)
    return measure(target, run, base)


def _able(target: Target, runs: Sequence[LoadedRun], baselines: Mapping[str, LoadedRun]) -> set[str]:
    """The models that a target applies to, on whatever data set they have a run."""
    return {run.model for run in runs if _applies(target, run, _baseline_run(target, run, runs, baselines))}


def _applies(target: Target, run: LoadedRun, base: LoadedRun | None) -> bool:
    """Whether a target applies to a run, whatever its data set."""
    if not target.selects(run.run) or (target.metric.figure == LEVEL and not run.run.dataset.level):
        return False
    if base is None:
        return not target.metric.means.is_relative or run.run.model.card.role != "baseline"
    is_baseline = is_repeat(run.run, base.run)
    # Nobody can lose against itself; for other metrics the target may well ask for the baseline by name.
    return not is_baseline or (bool(target.applies_to) and not target.metric.means.is_relative)


def _baseline_run(
    target: Target, run: LoadedRun, runs: Sequence[LoadedRun], baselines: Mapping[str, LoadedRun]
) -> LoadedRun | None:
    if not target.baseline_run:
        return baselines.get(run.id)
    named = [one for one in runs if target.baseline_run in (one.id, one.model) and one.dataset == run.dataset]
    same = [one for one in named if one.run.dataset.sha256 == run.run.dataset.sha256]
    return best_of(same or named) if named else None


def _result(target: Target, candidate: _Candidate, label: str) -> Result:
    run, base, measured = candidate.run, candidate.base, candidate.measured
    if isinstance(measured, Unmeasured):
        return Result(
            target=target,
            run=run,
            decision="pending",
            sentence=measured.reason,
            baseline=theirs.actual if (theirs := _baseline_figure(target, base, None)) else None,
            baseline_pending=in_a_word(base, run) if base else "",
            baseline_run=base,
            dataset_label=label,
        )
    could_lose = measured.base if measured.least is None else measured.least
    margin_of = could_lose if target.metric.means.is_loss else None
    decision = _decision(target, measured, margin_of)
    if cases := worst_and_best(target, run, base):
        against = cases if target.two_sided else cases[:1]
        at_worst = {_decision(target, case) for case in against}
        chances = [case.chance or 0.0 for case in against]
        measured = replace(
            measured,
            caveats=(*measured.caveats, missing_sentence(target, cases, of_base=_lacks(target, base))),
            chance=None if measured.chance is None else max(measured.chance, *chances),
            hidden=decision == "met" and at_worst != {"met"},
        )
    elif is_hidden(target, run, base):
        measured = replace(measured, hidden=decision == "met")
    decision = "inconclusive" if measured.hidden else decision
    theirs = _baseline_figure(target, base, measured)
    unready = in_a_word(base, run) if base else ""
    if theirs and base and not unready:
        odd = of_the_baseline(target, base.model, theirs)
        measured = replace(measured, caveats=(*measured.caveats, *odd))
    relative = base is not None and target.metric.means.is_relative
    doubted = doubts(base, run) if base is not None and relative else own_doubts(run)
    measured = replace(measured, caveats=(*measured.caveats, *doubted))
    own = measured.actual if measured.candidate is None else measured.candidate
    reference = theirs.actual if theirs and not unready else target.baseline
    return Result(
        target=target,
        run=run,
        decision=decision,
        sentence=verdict_sentence(target, run.model, label, measured, decision),
        actual=measured.actual,
        interval=measured.interval,
        chance=measured.chance,
        baseline=theirs.actual if theirs else None,
        baseline_pending=unready,
        baseline_run=base,
        delta=None if reference is None else own - reference,
        dataset_label=label,
    )


def _lacks(target: Target, base: LoadedRun | None) -> bool:
    """Whether the baseline's run is held against, and lacks samples."""
    return base is not None and target.metric.means.is_relative and base.num_missing > 0


def _decision(target: Target, measured: Measured, margin_of: float | None = None) -> Decided:
    """What a figure means for a target; ``margin_of``: the baseline's score, if the threshold is a margin."""
    if target.two_sided:
        return decide_equivalence(measured.actual, measured.interval, target.threshold, margin_of)
    return decide(measured.actual, measured.interval, target.threshold, target.direction, margin_of)


def _pools(target: Target, candidates: Sequence[_Candidate]) -> list[tuple[str, list[_Candidate]]]:
    """Of each model what it holds of a pool: one candidate for each data set, in the pool's order."""
    best: dict[object, dict[str, _Candidate]] = {}
    for one in candidates:
        held = best.setdefault((one.run.model, one.run.run.model.card), {})
        name = one.run.dataset.casefold()
        if name not in held or one.rank > held[name].rank:
            held[name] = one
    names = [name.casefold() for name in target.pool]
    found = [[held[name] for name in names if name in held] for held in best.values()]
    return [(pool[0].run.model, pool) for pool in found]


def _pooled_result(target: Target, model: str, pool: Sequence[_Candidate]) -> Result:
    """The verdict over several data sets."""
    run, base = pool[0].run, pool[0].base
    pairs = tuple((one.run, one.base) for one in pool)
    there = {one.run.dataset.casefold() for one in pool}
    reasons = [
        *(
            nothing_yet(replace(target, datasets=(name,)), model)
            for name in target.pool
            if name.casefold() not in there
        ),
        *(one.measured.reason for one in pool if isinstance(one.measured, Unmeasured)),
    ]
    whole = [(base, run) for run, base in pairs if base is not None]
    found = Unmeasured(reasons[0]) if reasons else compare_pool(target, whole)
    if isinstance(found, Unmeasured):
        return Result(target, run, "pending", found.reason, baseline_run=base, pool=pairs)
    measured = pooled_measure(target, found)
    return Result(
        target=target,
        run=run,
        decision=found.decision,
        sentence=verdict_sentence(target, model, found.place, measured, found.decision),
        actual=measured.actual,
        interval=measured.interval,
        chance=measured.chance,
        baseline=measured.base,
        baseline_run=base,
        delta=100 * found.numbers.value,
        dataset_label=" + ".join(target.pool),
        pooled=found,
        pool=pairs,
    )


def _baseline_figure(target: Target, base: LoadedRun | None, measured: Measured | None) -> Measured | None:
    """What the baseline's run gives in the metric's terms, ready or not; None where it gives nothing.

    Against a baseline, its figure is the one that the run was held against: on the same problems.
    ``measured`` is None where nothing could be measured.
    """
    if base is None:
        return None
    metric = target.metric
    if metric.figure == LEVEL:
        return measured and replace(measured, actual=measured.base or 0.0, interval=None)
    if metric.means.is_relative:
        metric = parse_metric(metric.lost)
    theirs = _own_figure(replace(target, metric=metric), base)
    if not isinstance(theirs, Measured):
        return None
    return replace(theirs, actual=measured.base) if measured and measured.base is not None else theirs


@lru_cache(maxsize=32)
def _own_figure(target: Target, base: LoadedRun) -> Measured | Unmeasured:
    """A baseline's own figure, which is the same for each of its candidates."""
    return figure(target, base, None)
