"""One problem across runs: who solves it, how often, and how the others fail."""

from dataclasses import dataclass

from markupsafe import Markup

from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.site.code import highlight
from evalsite.site.marks import Badge, Mark, badges_of, decision_mark, failures_in_words, verdict_mark
from evalsite.site.subjects import AskedProblem, Attempt, ProblemSubject
from evalsite.site.urls import Urls
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.words import cells
from evalsite.words.sentences import count


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
    """The context of ``pages/problem.html``."""

    task_id: str
    summary: str
    sets: tuple[ProblemSet, ...]
    before: Crumb | None
    after: Crumb | None


def problem_page(subject: ProblemSubject) -> Page:
    """Make the page of one problem."""
    task_id, urls = subject.task_id, subject.urls
    sets = tuple(_set(asked, urls) for asked in subject.asked)
    rows = [row for problem_set in sets for row in problem_set.rows]
    solved = sum(row.width > 0 for row in rows)
    path = urls.problem(task_id)
    view = ProblemView(
        task_id=task_id,
        summary=f"{solved} of {count(len(rows), 'run')} solved it at least once.",
        sets=sets,
        before=Crumb(subject.before, urls.problem(subject.before)) if subject.before else None,
        after=Crumb(subject.after, urls.problem(subject.after)) if subject.after else None,
    )
    frame = Frame(
        path=path,
        title=task_id,
        description=f"{task_id}: {view.summary}",
        crumbs=(Crumb("Problems", ""), Crumb(task_id, path)),
        private=True,
    )
    return Page("pages/problem.html", frame, view)


def _set(asked: AskedProblem, urls: Urls) -> ProblemSet:
    """The problem in one data set, the run that solves it the most often first."""
    problem = asked.problem
    language = language_of(problem)
    return ProblemSet(
        name=asked.dataset,
        entry_point=problem.entry_point,
        prompt=highlight(problem.prompt, language) if kind_of(problem).prompt_is_code else (),
        prompt_is_code=kind_of(problem).prompt_is_code,
        prompt_text=problem.prompt,
        tests=highlight(problem.tests, language),
        reference=highlight(problem.reference, language),
        rows=tuple(sorted((_row(attempt, urls) for attempt in asked.attempts), key=lambda row: -row.width)),
    )


def _row(attempt: Attempt, urls: Urls) -> ProblemRun:
    tally = attempt.tally
    mark = decision_mark("pending") if tally.n == 0 else verdict_mark("passed" if tally.c else "wrong_answer")
    return ProblemRun(
        model=attempt.model,
        path=urls.problem_in_run(attempt.run_id, tally.problem),
        side=attempt.side,
        badges=badges_of(attempt.quantization, attempt.side),
        mark=mark,
        passed=f"{tally.c} of {tally.n}",
        width=round(100 * tally.c / tally.n, 1) if tally.n else 0.0,
        failures=failures_in_words(tally.failures),
        day=cells.day(attempt.created_at),
    )
