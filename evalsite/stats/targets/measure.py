"""One run against one target: the figure that the target is about, with its interval."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Counts
from evalsite.counts.times import why_untimed
from evalsite.rundir.schema import Distribution
from evalsite.stats.compare.calls import as_calls, trigger_agreement
from evalsite.stats.compare.clusters import told_clusters
from evalsite.stats.compare.common import clustered, comparable
from evalsite.stats.compare.edits import as_edits, has_turns
from evalsite.stats.compare.guard import reservations
from evalsite.stats.compare.noise import single_noise
from evalsite.stats.compare.numbers import compare_counts
from evalsite.stats.compare.planning import needed, open_question
from evalsite.stats.compare.sameness import same_model_twice
from evalsite.stats.decision import MARGIN
from evalsite.stats.intervals import Interval, estimate_pass_at_k, estimate_share
from evalsite.stats.looks import standpoint
from evalsite.stats.quantiles import student_quantile
from evalsite.stats.readiness import why_not_comparable, why_not_ready
from evalsite.stats.targets.distances import measure_distance
from evalsite.stats.targets.measured import Measured as Measured
from evalsite.stats.targets.measured import Unmeasured as Unmeasured
from evalsite.stats.targets.schema import Target
from evalsite.stats.targets.ways import figures
from evalsite.words.commands import command
from evalsite.words.sentences import count, excluded_sentences, missing_module_sentences, names

TIME_METHOD = "Student's t over problems"
RATIO_METHOD = "Welch's t of the logarithm of a ratio, over problems"
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
        return _no_baseline(run)
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
        caveats=(*_missing(run), *_unlike(base, run)),
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
    return _paired(target, run, base) if base else _no_baseline(run)


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
    caveats = [*_missing(run), *excluded_sentences(only_base)]
    whole = base.task_ids if run.asks_all else ()
    counted = {*whole, *run.task_ids} - {*base.excluded, *run.excluded}
    if short := len(counted) - here.size:
        if k > 1:
            return _too_few(run if run.max_k < k else base, k)
        were = "was" if short == 1 else "were"
        caveats.append(f"{count(short, 'problem')} without enough samples in both runs {were} left out.")
    caveats += [told_clusters(here.size, layout.num_clusters)] if layout else []
    caveats += [*_unlike(base, run), *same_model_twice(base, run)]
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
        return _no_baseline(run)
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
        caveats=("The baseline is a figure, not a run, so the problems could not be paired.", *_missing(run)),
    )


def _no_baseline(run: LoadedRun) -> Unmeasured:
    return Unmeasured(
        f"No baseline run on {run.dataset} to compare {run.model} with: name one with --baseline, in its "
        "model card, or in targets.toml."
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


def _time(target: Target, run: LoadedRun, _: LoadedRun | None) -> Measured | Unmeasured:
    times = _times(target, run)
    if times is None:
        return _untimed(target, run)
    caveats = _partly_timed(run) if target.metric.field == "token_s" else ()
    value = 1000 * float(getattr(times, target.metric.statistic))
    error = _error(times, run) if target.metric.statistic == "mean" else None
    if error is None:
        return Measured(value, None, caveats=caveats)
    size, freedom = error
    half = 1000 * student_quantile(0.5 + target.confidence / 2, freedom) * size
    interval = Interval(max(0.0, value - half), value + half, target.confidence, TIME_METHOD)
    return Measured(value, interval, caveats=caveats)


def _times(target: Target, run: LoadedRun) -> Distribution | None:
    found: Distribution | None = getattr(run.summary, target.metric.field)
    return found


def _slowdown(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    """How much more time than the baseline's, in percent; against a figure, which is taken as exact, too.

    The interval is that of the logarithm of the ratio of two means that are independent of each other
    (Welch 1947 for the degrees of freedom). Those of the same problems are not, which makes it too wide.
    """
    ours = _times(target, run)
    if ours is None:
        return _untimed(target, run)
    theirs = _times(target, base) if base else None
    if base and theirs is None:
        return _untimed(target, base)
    if theirs is None and target.baseline is None:
        return _no_baseline(run)
    reference = theirs.mean if theirs else (target.baseline or 0.0) / 1000
    if not reference:
        return Unmeasured(f"The baseline's {target.metric.label} is 0, which nothing is a percentage of.")
    ratio = ours.mean / reference
    errors = [(ours.mean, _error(ours, run))]
    if theirs and base:
        errors.append((theirs.mean, _error(theirs, base)))
    caveats = [*_partly_timed(run), *(_partly_timed(base) if base else ())]
    return Measured(
        actual=100 * (ratio - 1),
        interval=_ratio_interval(ratio, errors, target.confidence),
        candidate=1000 * ours.mean,
        base=1000 * reference,
        caveats=tuple(caveats),
    )


def _ratio_interval(
    ratio: float, errors: Sequence[tuple[float, tuple[float, int] | None]], confidence: float
) -> Interval | None:
    """Of a ratio of means, in percent above one; ``errors``: each mean with its error and its freedom."""
    known = [(error[0] / mean, error[1]) for mean, error in errors if error and mean > 0]
    variance = math.fsum(relative**2 for relative, _ in known)
    if len(known) < len(errors):
        return None
    fourth = math.fsum(relative**4 / freedom for relative, freedom in known)
    # One error alone has its own freedom, which rounding may leave a hair below the whole number that it is.
    freedom = int(variance**2 / fourth + 1e-6) if fourth else known[0][1]
    half = student_quantile(0.5 + confidence / 2, max(1, freedom)) * math.sqrt(variance)
    low, high = (100 * (ratio * math.exp(side * half) - 1) for side in (-1, 1))
    return Interval(low, high, confidence, RATIO_METHOD)


def _speed(target: Target, run: LoadedRun, _: LoadedRun | None) -> Measured | Unmeasured:
    speed = run.summary.tokens_per_s
    if speed is not None:
        return Measured(speed, None, caveats=_partly_timed(run))
    why = why_untimed(run.summary)
    return _unmeasured(target, run, why) if why else Unmeasured(f"The run {run.id} has no token counts.")


def _untimed(target: Target, run: LoadedRun) -> Unmeasured:
    """Say that a time is not known; of a time per token, why."""
    return _unmeasured(target, run, why_untimed(run.summary) if target.metric.field == "token_s" else "")


def _unmeasured(target: Target, run: LoadedRun, why: str) -> Unmeasured:
    reason = f"The run {run.id} did not measure the {target.metric.label}"
    return Unmeasured(f"{reason}: it has {why}." if why else f"{reason}.")


def _partly_timed(run: LoadedRun) -> tuple[str, ...]:
    """A caveat where some samples have no time per token."""
    why = why_untimed(run.summary)
    return (f"Left out: {why}.",) if why else ()


def _error(times: Distribution, run: LoadedRun) -> tuple[float, int] | None:
    """Standard error of a mean time and its degrees of freedom, with problems as the unit.

    Summaries that did not record it hold the spread between samples only. It is then taken to lie between
    problems entirely, which makes the interval as wide as it can be.
    """
    if times.error is not None and times.problems is not None:
        return times.error, times.problems - 1
    problems = min(times.count, int(np.count_nonzero(run.n)))
    if times.sd is None or problems < 2:
        return None
    return times.sd / math.sqrt(problems), problems - 1


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
    lacking = f"{count(run.num_missing, 'sample')} of {run.id} {_are(run.num_missing)} missing."
    modules = missing_module_sentences(run.summary.missing_modules)
    return (*([lacking] if run.num_missing else []), *excluded_sentences(run.excluded), *modules)


def _unlike(base: LoadedRun, run: LoadedRun) -> Sequence[str]:
    unlike = [reservation.field for reservation in reservations(base.run, run.run)]
    if not unlike:
        return ()
    return (f"Not known to be the same in both runs: {names(unlike)}.",)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


Measure = Callable[[Target, LoadedRun, LoadedRun | None], Measured | Unmeasured]
MEASURES: Mapping[str, Measure] = {
    "pass": _pass,
    "degradation": _loss,
    "recovery": _share_kept,
    "slowdown": _slowdown,
    "errors": _failures,
    "symptoms": _symptoms,
    "time": _time,
    "speed": _speed,
    "agreement": _agreement,
    "distance": measure_distance,
}
"""Kind of metric (:data:`.kinds.KINDS`) -> how it is measured."""
OWN_MEASURES: Mapping[str, Measure] = {"call": _calls, "edit": _edits}
"""What has figures of its own (:data:`.metrics.OWN`) -> how those are measured."""
