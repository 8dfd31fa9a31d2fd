"""Programs that belong to no run: jobs out of plain source, verdicts in the order that they were given in."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future

from evalsite.errors import IncompleteError, UsageError
from evalsite.grading.engine import Grader, Job
from evalsite.grading.verdicts import Ungraded
from evalsite.rundir.schema import Problem, Program, Verdict

_AHEAD = 256
"""Programs that are handed over before the first verdict is asked for; keeps any number of workers busy."""


def jobs_of(programs: Mapping[str, str | Sequence[str]], problems: Iterable[Problem]) -> list[Job]:
    """Pair whole programs with the problems that they are to solve.

    ``programs``: a problem's id -> source, or several, its samples 0, 1, ... Raises :class:`UsageError` for
    an id that no problem has.
    """
    by_id = {problem.task_id: problem for problem in problems}
    for task_id in programs:
        if task_id not in by_id:
            known = ", ".join(list(by_id)[:3]) or "none"
            raise UsageError(
                f"there is a program for {task_id!r}, and no such problem",
                hint=f"Give each program under the id of its problem; these begin with {known}.",
            )
    return [
        Job(Program(problem=task_id, sample=number, source=source, rule="given"), by_id[task_id])
        for task_id, sources in programs.items()
        for number, source in enumerate([sources] if isinstance(sources, str) else sources)
    ]


def grade_loose(grader: Grader, jobs: Sequence[Job]) -> Iterator[Verdict]:
    """Yield the verdict of each job, in order. Raises :class:`IncompleteError` for one that has none here."""
    flying: deque[Future[Verdict | Ungraded]] = deque()
    waiting = iter(jobs)
    while True:
        while len(flying) < _AHEAD and (job := next(waiting, None)):
            flying.append(grader.submit(job))
        if not flying:
            return
        found = flying.popleft().result()
        if isinstance(found, Ungraded):
            raise IncompleteError(f"{found.problem}, sample {found.sample}: not judged here, {found.reason}")
        yield found
