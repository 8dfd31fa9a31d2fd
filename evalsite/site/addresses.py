"""Where a sample stands on the published site, without building it."""

import contextlib
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.errors import RunError
from evalsite.rundir.finding import find_records
from evalsite.rundir.removed import read_removed
from evalsite.rundir.schema import Problem, Run, Verdict
from evalsite.rundir.store import RunDir
from evalsite.site.options import SiteOptions
from evalsite.site.subjects.samples import glances
from evalsite.site.urls import Urls, last_turn
from evalsite.words.commands import command


@dataclass(frozen=True)
class Addresses:
    """The addresses of one run's pages."""

    run_id: str
    base_url: str
    """The site's address with a slash at its end, or an empty string: then there are no addresses."""
    urls: Urls
    unshown: frozenset[tuple[str, int]]
    """(problem, sample) of those that the site counts and does not show: they have no anchor."""

    @classmethod
    def of(cls, run_dir: RunDir, site: SiteOptions) -> "Addresses":
        """Read the names of all runs beside this one: a slug depends on what it could clash with."""
        beside = run_dir.path.absolute().parent
        gone = read_removed(beside)
        records, tasks = [], [task for one in gone for task in one.problems]
        for each, record in find_records(beside):
            records.append(record)
            with contextlib.suppress(RunError):  # as a build has it, which leaves such a run out
                tasks += [problem.task_id for problem in each.problems()]
        urls = Urls.of_runs(records, tasks, site)
        run = run_dir.read_run()
        base_url = "" if site.excludes(run) else site.base_url
        return cls(run.id, base_url, urls, frozenset(_unshown(run_dir, run, site)))

    @property
    def run(self) -> str:
        """Address of the run's page."""
        return f"{self.base_url}{self.urls.run(self.run_id)}" if self.base_url else ""

    def problem(self, task_id: str) -> str:
        """Address of a problem's page in the run."""
        return f"{self.base_url}{self.urls.problem_in_run(self.run_id, task_id)}" if self.base_url else ""

    def sample(self, verdict: Verdict, turn: int | None = None) -> str:
        """Address of a sample's anchor; of its problem's page where the sample is not shown.

        Of an agent's it is a turn's: the last one of a sample that failed, unless another one is named.
        """
        if not self.base_url or not self.shows(verdict):
            return self.problem(verdict.problem)
        at = last_turn(verdict) if turn is None else turn
        path = self.urls.problem_in_run(self.run_id, verdict.problem, verdict.sample, at)
        return f"{self.base_url}{path}"

    def shows(self, verdict: Verdict) -> bool:
        """Whether the rules of the site let a sample be seen."""
        return (verdict.problem, verdict.sample) not in self.unshown

    def find_problem(self, run_dir: RunDir, name: str) -> Problem:
        """Return the problem that is called ``name``: its id, its slug, or its number where one fits.

        Raises :class:`RunError` with the nearest names.
        """
        problems = {problem.task_id: problem for problem in run_dir.problems()}
        tasks = list(problems)
        exact = [task for task in tasks if name.lower() in (task.lower(), self.urls.tasks[task].lower())]
        found = exact or [task for task in tasks if task.rpartition("/")[2] == name]
        if len(found) == 1:
            return problems[found[0]]
        near = difflib.get_close_matches(name, tasks, n=3, cutoff=0.4) or tasks[:3]
        raise RunError(
            f"{run_dir.path}: {'several problems are' if found else 'no problem is'} called {name!r}",
            hint=f"For example: {', '.join(found[:3] or near)}",
        )


def find_sample(run_dir: RunDir, task_id: str, sample: int | None) -> Verdict:
    """Return the verdict on a sample; without a number that of the first failed one, else the first.

    Raises :class:`RunError` where there is none.
    """
    verdicts = sorted(
        (row for row in run_dir.verdicts() if row.problem == task_id), key=lambda row: row.sample
    )
    if not verdicts:
        raise RunError(
            f"{run_dir.path}: {task_id} has no verdict yet",
            hint=f"Grade it: {command('grade', run_dir.path)}",
        )
    if sample is None:
        return next((row for row in verdicts if row.verdict != "passed"), verdicts[0])
    for row in verdicts:
        if row.sample == sample:
            return row
    raise RunError(
        f"{run_dir.path}: {task_id} has no sample {sample}",
        hint=f"Its samples are {verdicts[0].sample} to {verdicts[-1].sample}.",
    )


def _unshown(run_dir: RunDir, run: Run, site: SiteOptions) -> Iterator[tuple[str, int]]:
    for problem, seen in glances(run_dir.verdicts(), run, site).items():
        yield from ((problem, one.number) for one in seen.outcomes if one.number not in seen.shown)
