"""Targets: the answer to "is it good enough?", and the table behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.naming import told_apart
from evalsite.site.evidence.runs import in_time
from evalsite.site.urls import targets_path
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.marks import Mark, decision_mark
from evalsite.site.views.pooled import OverAll, pooled_section
from evalsite.stats.readiness import is_whole
from evalsite.stats.targets import Result, Standing
from evalsite.stats.targets.families import of_families
from evalsite.stats.targets.shown import Shown
from evalsite.words.sentences import count


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
    among: str
    """What is counted of all models, as the gate does; empty where this is the only one."""


@dataclass(frozen=True)
class Judged:
    """All targets of one model."""

    model: str
    """Its name, with what tells it from another that looks the same."""
    path: str
    mark: Mark
    headline: str
    rows: tuple[TargetRow, ...]
    pooled: tuple[OverAll, ...]
    """Of targets over several data sets: each data set's difference, and where the loss is."""


@dataclass(frozen=True)
class TargetsView:
    """The context of ``pages/targets.html``."""

    source: str
    counted: str
    """What is counted of all models, as the gate does; empty where there is one at most."""
    families: str
    """How several candidates of one baseline were judged; empty where there are none."""
    judged: tuple[Judged, ...]
    open: tuple[TargetRow, ...]
    """Targets that no run can answer yet."""
    trials: tuple[TargetRow, ...]
    """Results of runs that ask a part of their data set, beside others that decide."""
    badges: str
    """Of all targets and of each, as Markdown; empty while the site does not know where it stands."""
    parts: tuple[Crumb, ...]
    """All pages of targets; none where this is the only one."""


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
    whole = judgement.standing
    own = whole.of_model(focus.model)
    return Answer(
        question=f"Is {focus.model} good enough?",
        headline=own.answer,
        mark=decision_mark(own.decision),
        model=focus.model,
        among=f"{count(len(whole.models), 'model')} judged: {whole.counted}" if len(whole.models) > 1 else "",
    )


def standings(judgement: Judgement) -> list[tuple[str, Standing]]:
    """What is said of each model that is judged: of the one in focus first, then the newest first."""
    focus, standing = focus_of(judgement), judgement.standing
    newest = {entry.model: entry for entry in in_time(judgement.evidence.entries)}
    models = [model for model in reversed(newest) if model in standing.models]
    if focus is not None:
        models.sort(key=lambda model: model != focus.model)
    return [(model, standing.of_model(model)) for model in models]


def target_rows(judgement: Judgement) -> tuple[TargetRow, ...]:
    """The rows of the model in focus."""
    focus = focus_of(judgement)
    if focus is None:
        return ()
    return tuple(_row(result, judgement) for result in judgement.standing.of_model(focus.model).deciding)


MOST_JUDGED, MOST_TRIALS = 40, 100
"""Models, and results of trials, on one page; the next ones stand on further pages."""


def targets_pages(judgement: Judgement, badges: Mapping[str, Sequence[str]] | None = None) -> Iterator[Page]:
    """Make the pages of all targets, model by model, the newest first.

    ``badges``: model -> lines of Markdown, that of all targets together under the empty name.
    """
    newest = {entry.model: entry for entry in in_time(judgement.evidence.entries)}
    standing, lines = judgement.standing, badges or {}
    shown = [model for model in reversed(newest) if model in standing.models]
    named = told_apart([newest[model] for model in shown])
    counted = standing.counted if len(shown) > 1 else ""
    pages = max(1, -(-len(shown) // MOST_JUDGED), -(-len(standing.trials) // MOST_TRIALS))
    paths = [targets_path(place) for place in range(1, pages + 1)]
    waiting = tuple(_row(result, judgement) for result in standing.of_model("").deciding)
    for place, path in enumerate(paths):
        here = shown[place * MOST_JUDGED : (place + 1) * MOST_JUDGED]
        trials = standing.trials[place * MOST_TRIALS : (place + 1) * MOST_TRIALS]
        view = TargetsView(
            source=judgement.targets.source,
            counted=counted,
            families=of_families(standing.deciding),
            judged=tuple(
                _judged(newest[model], named, standing.of_model(model), judgement, f"m{number}")
                for number, model in enumerate(here, 1)
            ),
            open=waiting if not place else (),
            trials=tuple(_row(result, judgement, names_model=True) for result in trials),
            badges="\n".join(line for model in ("", *here) for line in lines.get(model, ())),
            parts=tuple(Crumb(str(part), each) for part, each in enumerate(paths, 1)) if pages > 1 else (),
        )
        title = f"Targets, {place + 1} of {pages}" if place else "Targets"
        said = f"{count(len(judgement.targets.rows), 'target')}, {count(len(shown), 'model')} judged."
        frame = Frame(path=path, title=title, description=said, crumbs=(Crumb(title, path),))
        yield Page("pages/targets.html", frame, view)


def _judged(
    newest: LoadedRun, named: Mapping[str, str], standing: Standing, judgement: Judgement, anchor: str
) -> Judged:
    pooled = [(result.target.name, result.pooled) for result in standing.deciding if result.pooled]
    return Judged(
        model=named[newest.id],
        path=judgement.evidence.urls.run(newest.id),
        mark=decision_mark(standing.decision),
        headline=standing.answer,
        rows=tuple(_row(result, judgement) for result in standing.deciding),
        pooled=tuple(
            pooled_section(found, judgement, f"{anchor}-{number}", name)
            for number, (name, found) in enumerate(pooled, 1)
        ),
    )


def figure_path(result: Result, judgement: Judgement) -> str:
    """Where a result's figure comes from: a comparison, a list of failures, or the run; empty without one."""
    run, metric = result.run, result.target.metric
    if run is None or result.actual is None:
        return ""
    listed = ""
    if metric.means.lists_failures:
        listed = judgement.evidence.urls.listed(run.id, f"class={metric.field}" if metric.field else "")
    loss = metric.means.is_relative and not result.target.pool
    return listed or (loss and judgement.compare_path(run)) or judgement.evidence.urls.run(run.id)


def _row(result: Result, judgement: Judgement, *, names_model: bool = False) -> TargetRow:
    several = result.target.takes_several_datasets and result.run is not None
    cells = Shown.of(result)
    return TargetRow(
        name=result.target.name,
        subject=f"{result.model} on {result.label}" if names_model else result.label if several else "",
        mark=decision_mark(result.decision, sequential=result.is_sequential),
        baseline=cells.baseline,
        target=cells.target,
        actual=cells.actual,
        actual_path=figure_path(result, judgement),
        interval=cells.interval,
        delta=cells.delta,
        sentence=result.sentence,
    )
