"""Targets: the answer to "is it good enough?", and the table behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.site.evidence import in_time
from evalsite.site.judgement import Judgement
from evalsite.site.marks import Mark, decision_mark
from evalsite.site.urls import TARGETS
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.stats.decision import WORST_FIRST, Decision, worst
from evalsite.stats.readiness import is_whole
from evalsite.stats.targets import Result
from evalsite.stats.targets.shown import Shown
from evalsite.words.sentences import count, names


@dataclass(frozen=True)
class TargetRow:
    """One target judged by one run, or pending."""

    name: str
    subject: str
    """The data set, where the target takes more than one."""
    mark: Mark
    baseline: str
    target: str
    actual: str
    actual_path: str
    interval: str
    delta: str
    sentence: str


@dataclass(frozen=True)
class Answer:
    """The five-second answer: a question about one model, and all its targets in one line."""

    question: str
    headline: str
    mark: Mark
    model: str


@dataclass(frozen=True)
class Judged:
    """All targets of one model."""

    model: str
    path: str
    mark: Mark
    headline: str
    rows: tuple[TargetRow, ...]


@dataclass(frozen=True)
class TargetsView:
    """The context of ``pages/targets.html``."""

    source: str
    judged: tuple[Judged, ...]
    open: tuple[TargetRow, ...]
    """Targets that no run can answer yet."""


_HEADLINES = {
    "met": "Yes: {met}.",
    "missed": "No: {missed}{rest}.",
    "inconclusive": "Not proven: {inconclusive}{rest}.",
    "vacuous": "Proves nothing: {vacuous}{rest}.",
    "pending": "Too early to say: {pending}{rest}.",
}


def focus_of(judgement: Judgement) -> LoadedRun | None:
    """Choose whose model the front page asks about: the newest candidate, else the newest other run.

    Runs that are ready go before trials and incomplete ones, which can answer nothing yet.
    """
    worth = {"candidate": 2, "": 1, "baseline": 0}

    def rank(entry: LoadedRun) -> tuple[bool, bool, int]:
        side = judgement.side(entry)
        return side != "baseline", is_whole(entry.run), worth[side]

    # Of equals the first is taken, which is the newest.
    return max(in_time(judgement.evidence.entries)[::-1], key=rank, default=None)


def answer_of(judgement: Judgement) -> Answer | None:
    """Answer for the model in focus; None without any run."""
    focus = focus_of(judgement)
    if focus is None:
        return None
    results = results_for(judgement, focus.model)
    decision = worst(result.decision for result in results)
    return Answer(
        question=f"Is {focus.model} good enough?",
        headline=headline_of(decision, results),
        mark=decision_mark(decision),
        model=focus.model,
    )


def headline_of(decision: Decision, results: Sequence[Result]) -> str:
    """Count verdicts in one line, the deciding ones first."""
    counts = {outcome: sum(result.decision == outcome for result in results) for outcome in WORST_FIRST}
    words = {outcome: f"{count(number, 'target')} {outcome}" for outcome, number in counts.items()}
    if decision == "met":
        words["met"] = f"all {count(counts['met'], 'target')} met"
    rest = [f"{number} {outcome}" for outcome, number in counts.items() if number and outcome != decision]
    return _HEADLINES[decision].format(**words, rest=f", {names(rest)}" if rest else "")


def results_for(judgement: Judgement, model: str) -> list[Result]:
    """A model's results in the targets' order; a target that it could but does not answer yet is pending."""
    runs = [entry.run for entry in judgement.evidence.entries if entry.model == model]
    results = []
    for target in judgement.targets.rows:
        judged = [one for one in judgement.results if one.target is target]
        own = [one for one in judged if one.run and one.run.model == model]
        if not own and any(target.selects(run) for run in runs):
            where = f" on {' or '.join(target.datasets)}" if target.datasets else ""
            sentence = f"No run of {model}{where} to judge yet."
            own = [Result(target, None, "pending", sentence)]
        results += own
    return results


def target_rows(judgement: Judgement) -> tuple[TargetRow, ...]:
    """The rows of the model in focus."""
    focus = focus_of(judgement)
    if focus is None:
        return ()
    return tuple(_row(result, judgement) for result in results_for(judgement, focus.model))


def targets_page(judgement: Judgement) -> Page:
    """Make the page of all targets, model by model, the newest first."""
    newest = {entry.model: entry for entry in in_time(judgement.evidence.entries)}
    answered = {result.run.model for result in judgement.results if result.run}
    shown = {model: results_for(judgement, model) for model in reversed(newest) if model in answered}
    told = {result.target for results in shown.values() for result in results}
    view = TargetsView(
        source=judgement.targets.source,
        judged=tuple(_judged(newest[model], results, judgement) for model, results in shown.items()),
        open=tuple(_row(result, judgement) for result in judgement.results if result.target not in told),
    )
    said = f"{count(len(judgement.targets.rows), 'target')}, {count(len(shown), 'model')} judged."
    frame = Frame(path=TARGETS, title="Targets", description=said, crumbs=(Crumb("Targets", TARGETS),))
    return Page("pages/targets.html", frame, view)


def _judged(newest: LoadedRun, results: Sequence[Result], judgement: Judgement) -> Judged:
    decision = worst(result.decision for result in results)
    return Judged(
        model=newest.model,
        path=judgement.evidence.urls.run(newest.id),
        mark=decision_mark(decision),
        headline=headline_of(decision, results),
        rows=tuple(_row(result, judgement) for result in results),
    )


def _row(result: Result, judgement: Judgement) -> TargetRow:
    several = len(result.target.datasets) != 1 and result.run is not None
    cells = Shown.of(result)
    return TargetRow(
        name=result.target.name,
        subject=result.label if several else "",
        mark=decision_mark(result.decision),
        baseline=cells.baseline,
        target=cells.target,
        actual=cells.actual,
        actual_path=judgement.evidence.urls.run(result.run.id) if result.run else "",
        interval=cells.interval,
        delta=cells.delta,
        sentence=result.sentence,
    )
