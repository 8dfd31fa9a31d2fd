"""One problem across runs: who solves it, how often, and how the others fail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evalsite.kinds import kind_of
from evalsite.kinds.showing import shown_prompt, shown_reference, shown_tests, shown_words
from evalsite.languages import language_of
from evalsite.rundir.schema import Tally
from evalsite.site.charts.series import SIDES
from evalsite.site.code.highlighting import highlight
from evalsite.site.subjects.attempts import (
    WINDOW,
    AskedProblem,
    Attempt,
    ClusterRow,
    OlderSubject,
    ProblemSubject,
)
from evalsite.site.urls import PROBLEMS, Urls
from evalsite.site.views.flip import SIGNS
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.marks import Badge, Mark, badges_of, decision_mark, verdict_mark
from evalsite.site.views.tallies import Cell, kinds_of, level_of
from evalsite.words import cells
from evalsite.words.sentences import count

MOST_MODELS = 30
"""Columns of the table of one problem elsewhere: with more, those who come first by side and name."""


@dataclass(frozen=True)
class ProblemRun:
    """What one run did with the problem."""

    model: str
    path: str
    side: str
    badges: tuple[Badge, ...]
    mark: Mark
    passed: str
    width: float
    """Share of passes in percent."""
    failures: tuple[Crumb, ...]
    """Counted by class; each leads to the run's failures of that class."""
    flip: Mark | None
    """How it changed sides against the run's baseline; None where it did not."""
    flip_path: str
    day: str


@dataclass(frozen=True)
class ProblemSet:
    """The problem as one data set asks it, and the runs on that."""

    name: str
    language: str
    """As people write it."""
    entry_point: str
    prompt: tuple[Markup, ...]
    prompt_is_code: bool
    prompt_text: str
    tests: tuple[Markup, ...]
    reference: tuple[Markup, ...]
    rows: tuple[ProblemRun, ...]
    shown: str
    """How many of all runs the rows are, where they are not all."""
    older: tuple[Crumb, ...]
    """The pages with all runs in time order."""
    cells: tuple[Cell, ...]
    """Its row of the matrix."""
    marks: tuple[str, ...]
    """What is remarkable about it."""


@dataclass(frozen=True)
class ElsewhereCell:
    """What a model made of a problem."""

    path: str
    mark: Mark
    passed: str
    level: str
    """As in a run's grid."""


@dataclass(frozen=True)
class ElsewhereRow:
    """The problem in one data set and language."""

    task_id: str
    path: str
    """Empty for the page's own problem."""
    dataset: str
    language: str
    kind: str
    cells: tuple[ElsewhereCell | None, ...]
    """In the order of the models; None where a model was not asked."""


@dataclass(frozen=True)
class Elsewhere:
    """One source problem in every data set and language, by every model."""

    models: tuple[str, ...]
    rows: tuple[ElsewhereRow, ...]


@dataclass(frozen=True)
class ProblemView:
    """The context of ``pages/problem.html``."""

    task_id: str
    summary: str
    elsewhere: Elsewhere | None
    """None where no other data set asks the same."""
    sets: tuple[ProblemSet, ...]
    before: Crumb | None
    after: Crumb | None


@dataclass(frozen=True)
class OlderView:
    """The context of ``pages/older.html``."""

    task_id: str
    dataset: str
    title: str
    above: str
    """Path of the problem's page."""
    rows: tuple[ProblemRun, ...]


def problem_page(subject: ProblemSubject) -> Page:
    """Make the page of one problem."""
    task_id, urls = subject.task_id, subject.urls
    sets = tuple(_set(asked, urls) for asked in subject.asked)
    asked, solved = (sum(getattr(one, name) for one in subject.asked) for name in ("asked", "solved"))
    view = ProblemView(
        task_id=task_id,
        summary=f"{solved} of {count(asked, 'run')} solved it at least once.",
        elsewhere=_elsewhere(subject) if subject.cluster else None,
        sets=sets,
        before=Crumb(subject.before, urls.problem(subject.before)) if subject.before else None,
        after=Crumb(subject.after, urls.problem(subject.after)) if subject.after else None,
    )
    frame = Frame(
        path=subject.path,
        title=task_id,
        description=f"{task_id}: {view.summary}",
        crumbs=(Crumb("Problems", PROBLEMS), Crumb(task_id, subject.path)),
        private=True,
    )
    return Page("pages/problem.html", frame, view)


def older_page(subject: OlderSubject, task: str) -> Page:
    """Make the page of one problem with so many runs in time order."""
    last = subject.first + len(subject.entrants) - 1
    title = f"{task}, runs {subject.first:,} to {last:,}"
    above, path = subject.urls.problem(task), subject.path(task)
    view = OlderView(task, subject.dataset, title, above, _rows(subject.attempts(task), subject.urls))
    frame = Frame(
        path=path,
        title=title,
        description=f"{title} on {subject.dataset}.",
        crumbs=(Crumb("Problems", PROBLEMS), Crumb(task, above), Crumb(title, path)),
        private=True,
    )
    return Page("pages/older.html", frame, view)


def _elsewhere(subject: ProblemSubject) -> Elsewhere:
    """The newest run of each model in each row; baselines before the others."""
    sides = {attempt.model: SIDES[attempt.side] for row in subject.cluster for attempt in row.attempts}
    models = sorted(sides, key=lambda model: (sides[model], model))[:MOST_MODELS]
    return Elsewhere(tuple(models), tuple(_elsewhere_row(row, models, subject) for row in subject.cluster))


def _elsewhere_row(row: ClusterRow, models: Sequence[str], subject: ProblemSubject) -> ElsewhereRow:
    newest = {one.model: one for one in sorted(row.attempts, key=lambda one: (one.created_at, one.run_id))}
    attempts = (newest.get(model) for model in models)
    return ElsewhereRow(
        task_id=row.task_id,
        path="" if row.task_id == subject.task_id else subject.urls.problem(row.task_id),
        dataset=row.dataset,
        language=row.language,
        kind=row.kind,
        cells=tuple(_elsewhere_cell(one, subject.urls) if one else None for one in attempts),
    )


def _elsewhere_cell(attempt: Attempt, urls: Urls) -> ElsewhereCell:
    tally = attempt.tally
    return ElsewhereCell(
        path=urls.problem_in_run(attempt.run_id, tally.problem),
        mark=_mark(tally),
        passed=f"{tally.c} of {tally.n}",
        level=level_of(tally),
    )


def _mark(tally: Tally) -> Mark:
    if tally.n == 0:
        return decision_mark("pending")
    return verdict_mark("passed" if tally.c else "wrong_answer")


def _set(asked: AskedProblem, urls: Urls) -> ProblemSet:
    """The problem in one data set, the run that solves it the most often first."""
    problem = asked.problem
    language = language_of(problem)
    return ProblemSet(
        name=asked.dataset,
        language=language.title,
        entry_point=problem.entry_point,
        prompt=highlight(shown_prompt(problem), language) if kind_of(problem).prompt_is_code else (),
        prompt_is_code=kind_of(problem).prompt_is_code,
        prompt_text=shown_words(problem),
        tests=highlight(shown_tests(problem), language),
        reference=highlight(shown_reference(problem), language),
        rows=_rows(asked.attempts, urls),
        shown=f"The newest {WINDOW} of {asked.asked:,} runs, and the baselines."
        if len(asked.attempts) < asked.asked
        else "",
        older=tuple(Crumb(f"{first:,} to {first + WINDOW - 1:,}", path) for first, path in asked.older),
        cells=tuple(_cell(attempt, urls) for attempt in asked.attempts),
        marks=asked.marks,
    )


def _cell(attempt: Attempt, urls: Urls) -> Cell:
    tally = attempt.tally
    return Cell(
        path=urls.problem_in_run(attempt.run_id, tally.problem),
        short=str(tally.c) if tally.n else cells.DASH,
        level=level_of(tally),
        label=f"{attempt.name}: {tally.c} of {tally.n} passed",
    )


def _rows(attempts: Iterable[Attempt], urls: Urls) -> tuple[ProblemRun, ...]:
    """Show runs, the one that solves the problem the most often first."""
    return tuple(sorted((_row(attempt, urls) for attempt in attempts), key=lambda row: -row.width))


def _row(attempt: Attempt, urls: Urls) -> ProblemRun:
    tally = attempt.tally
    return ProblemRun(
        model=attempt.name,
        path=urls.problem_in_run(attempt.run_id, tally.problem),
        side=attempt.side,
        badges=badges_of(attempt.quantization, attempt.side),
        mark=_mark(tally),
        passed=f"{tally.c} of {tally.n}",
        width=round(100 * tally.c / tally.n, 1) if tally.n else 0.0,
        failures=kinds_of(tally, attempt.run_id, urls),
        flip=SIGNS.get(attempt.flip),
        flip_path=attempt.flip_path,
        day=cells.day(attempt.created_at),
    )
