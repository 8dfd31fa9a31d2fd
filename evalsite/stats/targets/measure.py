"""One run against one target: the figure that the target is about, with its interval."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Counts
from evalsite.stats.compare.calls import as_calls, trigger_agreement
from evalsite.stats.compare.clusters import told_clusters
from evalsite.stats.compare.common import clustered, comparable
from evalsite.stats.compare.edits import as_edits, has_turns
from evalsite.stats.compare.noise import single_noise
from evalsite.stats.compare.numbers import compare_counts
from evalsite.stats.compare.planning import needed, open_question
from evalsite.stats.decision import MARGIN
from evalsite.stats.intervals import Interval, estimate_pass_at_k, estimate_share
from evalsite.stats.looks import standpoint
from evalsite.stats.readiness import why_not_comparable, why_not_ready
from evalsite.stats.targets.distances import measure_distance
from evalsite.stats.targets.measured import BY_A_FIGURE, no_baseline, unlike
from evalsite.stats.targets.measured import Measured as Measured
from evalsite.stats.targets.measured import Unmeasured as Unmeasured
from evalsite.stats.targets.schema import Target
from evalsite.stats.targets.times import measure_slowdown, measure_speed, measure_time
from evalsite.stats.targets.ways import figures
from evalsite.words.commands import command
from evalsite.words.sentences import count, excluded_sentences, missing_module_sentences, names

UNPAIRED = "against a figure, not paired"


def measure(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    """Return the target's figure for a run, or why there is none; ``base``: the baseline's run, if any."""
    metric = target.metric
    paired = base is not None and metric.means.is_relative
    timed = bool(metric.time)
    if reason := (
        why_not_comparable(base, run, timed=timed) if base and paired else why_not_ready(run, timed=timed)
    ):
        return Unmeasured(reason)
    if target.baseline_run and base is None and metric.means.is_relative:
        return Unmeasured(
            f"The target names {target.baseline_run} as its baseline_run, and no run on {run.dataset} is or "
            "answers to that."
        )
    return figure(target, run, base)


def figure(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    """Measure as :func:`measure` does, whether or not the runs are ready for a conclusion."""
    metric = target.metric
    if metric.of:
        return OWN_MEASURES[metric.of](target, run, base)
    return MEASURES[metric.kind](target, run, base)


def _calls(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    """A figure of calls: measured as pass@1 is, of answers or of calls; or agreement with the baseline."""
    metric = target.metric
    for each in (run, *([base] if base else [])):
        if not each.summary.calls:
            return Unmeasured(f"The run {each.id} has no problem that wants calls of tools.")
    if metric.figure == "trigger_f1":
        return _agreement(target, run, base)
    if metric.figure == "schema":
        run, base = as_calls(run), as_calls(base) if base else None
        if not run.n.size:
            return Unmeasured(f"No call was made in {run.id}.")
    return MEASURES[metric.kind](target, run, base)


def _edits(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    """A figure of first edits, measured as pass@1 is."""
    metric = target.metric
    for each in (run, *([base] if base else [])):
        if not each.summary.edits:
            return Unmeasured(f"The run {each.id} has no answers that were to be edits.")
        if metric.figure == "first" and not has_turns(each):
            return Unmeasured(f"The samples of {each.id} had one turn only: pass@1 is what passed at it.")
    run, base = as_edits(run, metric.figure), as_edits(base, metric.figure) if base else None
    return MEASURES[metric.kind](target, run, base)


def _agreement(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    """F1 of whether a call is made, with the baseline as the truth; its loss is what lacks of 100 %."""
    if base is None:
        return no_baseline(run)
    found = trigger_agreement(base, run, confidence=target.confidence)
    if found is None or found.f1 is None:
        return Unmeasured(f"Neither {run.id} nor {base.id} makes a call on a problem that both were asked.")
    interval, value = found.f1.interval.scaled(100), 100 * found.f1.value
    lost = target.metric.means.is_loss
    if lost:
        interval = replace(interval, low=100 - interval.high, high=100 - interval.low)
    return Measured(
        actual=100 - value if lost else value,
        interval=interval,
        candidate=value if lost else None,
        base=100.0 if lost else None,
        num_problems=found.num_problems,
        total_problems=run.run.dataset.num_problems,
        caveats=(*_missing(run), *unlike(base, run)),
    )


def _pass(target: Target, run: LoadedRun, _: LoadedRun | None) -> Measured | Unmeasured:
    k = target.metric.k
    if not run.n.size or run.max_k < k:
        return _too_few(run, k)
    estimate = estimate_pass_at_k(run.n, run.c, k, confidence=target.confidence)
    question = open_question(
        run.c / run.n,
        estimate.interval,
        target.threshold / 100,
        MARGIN,
        run.max_k,
        single_noise(run.n, run.c),
    )
    return Measured(
        actual=100 * estimate.value,
        interval=estimate.interval.scaled(100),
        needed=needed(question) if k == 1 and question.is_open else None,
        num_problems=run.n.size,
        total_problems=run.run.dataset.num_problems,
        caveats=_missing(run),
    )


def _loss(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    return _paired(target, run, base) if base else _unpaired(target, run)


def _share_kept(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    return _paired(target, run, base) if base else no_baseline(run)


def _paired(target: Target, run: LoadedRun, base: LoadedRun) -> Measured | Unmeasured:
    """The loss against the baseline's run, problem by problem."""
    k = target.metric.k
    here, there = comparable(base, run, least=k)
    if not here.size:
        return Unmeasured(f"{run.id} and {base.id} share no problem with {count(k, 'sample')} in both.")
    ours, theirs = (base.n[here], base.c[here]), (run.n[there], run.c[there])
    margin = target.threshold / 100 if target.metric.means.is_change else MARGIN
    stands = standpoint(base, run)
    confidence = stands.confidence(target.confidence)
    layout = clustered(base, run, here)
    found = compare_counts(ours, theirs, ks=(k,), margin=margin, confidence=confidence, layout=layout)
    lost = next(difference for difference in found.differences if difference.k == k)
    way = figures(target, ours, theirs, lost, confidence, layout)
    if way is None:
        return Unmeasured(f"The baseline's run {base.id} solves nothing that could be kept.")
    only_base = {task: reason for task, reason in base.excluded.items() if task not in run.excluded}
    caveats = [*_missing(run), *_lacking(base), *excluded_sentences(only_base)]
    whole = base.task_ids if run.asks_all else ()
    counted = {*whole, *run.task_ids} - {*base.excluded, *run.excluded}
    if short := len(counted) - here.size:
        if k > 1:
            return _too_few(run if run.max_k < k else base, k)
        were = "was" if short == 1 else "were"
        caveats.append(f"{count(short, 'problem')} without enough samples in both runs {were} left out.")
    caveats += [told_clusters(here.size, layout.num_clusters)] if layout else []
    caveats += unlike(base, run)
    return Measured(
        actual=way[0],
        interval=way[1],
        candidate=100 * lost.candidate,
        base=100 * lost.base,
        needed=found.needed if k == 1 and target.is_plain else None,
        num_problems=here.size,
        total_problems=run.run.dataset.num_problems,
        chance=None if way[3] is None else as_of_one_look(way[3], confidence, target.confidence),
        caveats=(*way[2], *filter(None, (stands.sentence(target.confidence),)), *caveats),
    )


def as_of_one_look(chance: float, here: float, confidence: float) -> float:
    """A p-value at the confidence of a look, as large as it would be at the stated one."""
    return chance if here == confidence else min(1.0, chance * (1 - confidence) / (1 - here))


def _unpaired(target: Target, run: LoadedRun) -> Measured | Unmeasured:
    """The loss against a figure from elsewhere, taken as exact."""
    k, baseline = target.metric.k, target.baseline
    if baseline is None:
        return no_baseline(run)
    if not run.n.size or run.max_k < k:
        return _too_few(run, k)
    estimate = estimate_pass_at_k(run.n, run.c, k, confidence=target.confidence)
    own = estimate.interval.scaled(100)
    return Measured(
        actual=baseline - 100 * estimate.value,
        interval=Interval(
            baseline - own.high, baseline - own.low, own.confidence, f"{own.method}, {UNPAIRED}"
        ),
        candidate=100 * estimate.value,
        base=baseline,
        num_problems=run.n.size,
        total_problems=run.run.dataset.num_problems,
        caveats=(f"{BY_A_FIGURE[:-1]}, so the problems could not be paired.", *_missing(run)),
    )


def _failures(target: Target, run: LoadedRun, _: LoadedRun | None) -> Measured | Unmeasured:
    """The share of samples that fail."""
    return _share(target, run, run.failures(target.metric.field or None))


def _symptoms(target: Target, run: LoadedRun, _: LoadedRun | None) -> Measured | Unmeasured:
    """The share of answers that have a symptom."""
    if run.n.sum() and not run.tells_symptoms:
        how = command("tally", run.dir.path)
        return Unmeasured(f"Not all answers of {run.id} were looked at for symptoms: {how}")
    return _share(target, run, run.symptoms(target.metric.field))


def _share(target: Target, run: LoadedRun, counts: Counts) -> Measured | Unmeasured:
    if not run.n.sum():
        return Unmeasured(f"The run {run.id} has no graded sample.")
    estimate = estimate_share(counts, run.n, confidence=target.confidence)
    return Measured(
        actual=100 * estimate.value,
        interval=estimate.interval.scaled(100),
        num_problems=estimate.num_problems,
        total_problems=run.run.dataset.num_problems,
        caveats=_missing(run),
    )


def _too_few(run: LoadedRun, k: int) -> Unmeasured:
    short = run.short_of(k)
    if len(short) == run.n.size:
        who = f"{run.id} has at most {int(run.n.max(initial=0))}"
    else:
        have = "has" if len(short) == 1 else "have"
        who = f"in {run.id} {count(len(short), 'problem')} {have} fewer ({names(short)})"
    return Unmeasured(f"pass@{k} needs {count(k, 'sample')} of every problem; {who}.")


def _missing(run: LoadedRun) -> tuple[str, ...]:
    """What the figure does without."""
    modules = missing_module_sentences(run.summary.missing_modules)
    return (*_lacking(run), *excluded_sentences(run.excluded), *modules)


def _lacking(run: LoadedRun) -> list[str]:
    told = f"{count(run.num_missing, 'sample')} of {run.id} {_are(run.num_missing)} missing."
    return [told] if run.num_missing else []


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


Measure = Callable[[Target, LoadedRun, LoadedRun | None], Measured | Unmeasured]
MEASURES: Mapping[str, Measure] = {
    "pass": _pass,
    "degradation": _loss,
    "recovery": _share_kept,
    "slowdown": measure_slowdown,
    "errors": _failures,
    "symptoms": _symptoms,
    "time": measure_time,
    "speed": measure_speed,
    "agreement": _agreement,
    "distance": measure_distance,
}
"""Kind of metric (:data:`.kinds.KINDS`) -> how it is measured."""
OWN_MEASURES: Mapping[str, Measure] = {"call": _calls, "edit": _edits}
"""What has figures of its own (:data:`.metrics.OWN`) -> how those are measured."""
