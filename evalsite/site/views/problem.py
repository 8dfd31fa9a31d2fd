"""One problem across runs: who solves it, how often, and how the others fail."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import Problem, Tally
from evalsite.site.code import highlight
from evalsite.site.evidence import DatasetGroup
from evalsite.site.judgement import Judgement
from evalsite.site.samples import neighbours
from evalsite.site.urls import Urls
from evalsite.site.views.common import (
    Badge,
    Crumb,
    Frame,
    Mark,
    badges_of,
    decision_mark,
    failures_in_words,
    verdict_mark,
)
from evalsite.words import cells
from evalsite.words.text import plural


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
    failures: str
    day: str


@dataclass(frozen=True)
class ProblemSet:
    """The problem as one data set asks it, and the runs on that."""

    name: str
    entry_point: str
    prompt: tuple[Markup, ...]
    prompt_is_code: bool
    prompt_text: str
    tests: tuple[Markup, ...]
    reference: tuple[Markup, ...]
    rows: tuple[ProblemRun, ...]


@dataclass(frozen=True)
class ProblemView:
    """The context of ``problem.html``."""

    task_id: str
    summary: str
    sets: tuple[ProblemSet, ...]
    before: Crumb | None
    after: Crumb | None


def problem_view(task_id: str, judgement: Judgement) -> tuple[Frame, ProblemView]:
    """Make the page of one problem."""
    urls = judgement.evidence.urls
    groups = _groups(task_id, judgement)
    sets = tuple(_set(task_id, group, judgement) for group in groups)
    rows = [row for problem_set in sets for row in problem_set.rows]
    solved = sum(row.width > 0 for row in rows)
    path = urls.problem(task_id)
    before, after = _around(task_id, groups, urls)
    view = ProblemView(
        task_id=task_id,
        summary=f"{solved} of {plural(len(rows), 'run')} solved it at least once.",
        sets=sets,
        before=before,
        after=after,
    )
    return (
        Frame(
            path=path,
            title=task_id,
            description=f"{task_id}: {view.summary}",
            crumbs=(Crumb("Problems", ""), Crumb(task_id, path)),
            private=True,
        ),
        view,
    )


def problem_inputs(task_id: str, judgement: Judgement) -> str:
    """Return everything that the page of a problem depends on, to tell whether it has to be made again."""
    groups = _groups(task_id, judgement)
    told = [(group.label, _problem(task_id, group), _rows(task_id, group, judgement)) for group in groups]
    urls = judgement.evidence.urls
    return repr((told, urls.problem(task_id), _around(task_id, groups, urls)))


def _around(task_id: str, groups: Sequence[DatasetGroup], urls: Urls) -> tuple[Crumb | None, Crumb | None]:
    """The problems before and after this one in its data set."""
    before, after = neighbours(groups[0].task_ids, task_id)
    return (
        Crumb(before, urls.problem(before)) if before else None,
        Crumb(after, urls.problem(after)) if after else None,
    )


def _groups(task_id: str, judgement: Judgement) -> list[DatasetGroup]:
    return [group for group in judgement.evidence.groups if task_id in group.task_ids]


def _problem(task_id: str, group: DatasetGroup) -> Problem:
    return next(problem for problem in group.problems if problem.task_id == task_id)


def _set(task_id: str, group: DatasetGroup, judgement: Judgement) -> ProblemSet:
    problem = _problem(task_id, group)
    return ProblemSet(
        name=group.label,
        entry_point=problem.entry_point,
        prompt=highlight(problem.prompt) if problem.kind == "code" else (),
        prompt_is_code=problem.kind == "code",
        prompt_text=problem.prompt,
        tests=highlight(problem.tests),
        reference=highlight(problem.reference),
        rows=_rows(task_id, group, judgement),
    )


def _rows(task_id: str, group: DatasetGroup, judgement: Judgement) -> tuple[ProblemRun, ...]:
    """What each run did with the problem, the best first."""
    rows = []
    for entry in group.entries:
        tally = next((tally for tally in entry.summary.tallies if tally.problem == task_id), None)
        if tally is not None:
            rows.append(_row(entry, tally, judgement))
    return tuple(sorted(rows, key=lambda row: -row.width))


def _row(entry: LoadedRun, tally: Tally, judgement: Judgement) -> ProblemRun:
    side = judgement.side(entry)
    mark = decision_mark("pending") if tally.n == 0 else verdict_mark("passed" if tally.c else "wrong_answer")
    return ProblemRun(
        model=entry.model,
        path=judgement.evidence.urls.problem_in_run(entry.id, tally.problem),
        side=side,
        badges=badges_of(entry.run, side),
        mark=mark,
        passed=f"{tally.c} of {tally.n}",
        width=round(100 * tally.c / tally.n, 1) if tally.n else 0.0,
        failures=failures_in_words(tally.failures),
        day=cells.day(entry.run.created_at),
    )
