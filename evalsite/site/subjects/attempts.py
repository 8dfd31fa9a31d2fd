"""What every run made of a problem: the subjects of the pages of problems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.rundir.schema import Problem, Tally
from evalsite.site.evidence.difficulty import difficulties
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup, in_time
from evalsite.site.slugs import slug_map
from evalsite.site.subjects.samples import in_between
from evalsite.site.urls import Urls


@dataclass(frozen=True)
class Attempt:
    """What one run did with a problem."""

    run_id: str
    model: str
    name: str
    """What the run is called among those of its data set."""
    quantization: str
    side: str
    created_at: str
    tally: Tally
    flip: str
    """``broken`` or ``fixed``: how the problem changed sides against the run's baseline; empty where it did
    not, or where no page shows both programs.
    """
    flip_path: str


@dataclass(frozen=True)
class AskedProblem:
    """A problem as one data set asks it, and the runs that were asked."""

    dataset: str
    problem: Problem
    attempts: tuple[Attempt, ...]
    """Of very many runs the baselines, and the newest."""
    asked: int
    """How many runs were asked in all."""
    solved: int
    """How many of them solved it at least once."""
    older: tuple[str, ...]
    """Paths of the pages with all runs in time order; none where this page has room for all."""
    marks: tuple[str, ...]
    """What is remarkable about it."""


@dataclass(frozen=True)
class ClusterRow:
    """A problem of a cluster as one data set asks it: who solves it there."""

    task_id: str
    dataset: str
    language: str
    """As people write it."""
    kind: str
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True)
class ProblemSubject:
    """A problem across runs. Data sets may share one, as variants do: same id, maybe other tests."""

    task_id: str
    asked: tuple[AskedProblem, ...]
    cluster: tuple[ClusterRow, ...]
    """The same source problem in every data set and language, this one's own rows first; none where it
    stands alone.
    """
    before: str | None
    """The problem before this one in the first of its data sets."""
    after: str | None
    urls: Urls


@dataclass(frozen=True)
class OlderSubject:
    """A problem in :data:`WINDOW` runs of a data set, in time order: a page that later runs do not change."""

    task_id: str
    dataset: str
    path: str
    first: int
    """Which of all runs on the data set the first one is, counted from 1."""
    attempts: tuple[Attempt, ...]
    urls: Urls


WINDOW = 100
"""Newest runs on a problem's page, where half as many more would not fit it, too."""


def problem_subjects(judgement: Judgement) -> Iterator[ProblemSubject]:
    """Gather what the page of each problem shows, data set by data set."""
    groups = judgement.evidence.groups
    asked: dict[str, list[AskedProblem]] = {}
    clusters: dict[str, list[ClusterRow]] = {}
    around: dict[str, tuple[str | None, str | None]] = {}
    for group in groups:
        for one in _asked(group, judgement):
            asked.setdefault(one.problem.task_id, []).append(one)
            clusters.setdefault(one.problem.source_problem, []).append(_cluster_row(one))
        for before, task, after in in_between(group.task_ids):
            around.setdefault(task, (before, after))
    for task, sets in asked.items():
        before, after = around[task]
        sources = dict.fromkeys(one.problem.source_problem for one in sets)
        cluster = [row for source in sources for row in clusters[source]]
        cluster.sort(key=lambda row: row.task_id != task)
        alone = len(cluster) == 1
        runs = [attempt.run_id for row in cluster for attempt in row.attempts]
        tasks = filter(None, (before, after, *(row.task_id for row in cluster)))
        urls = judgement.evidence.urls.only(runs, tasks)
        yield ProblemSubject(task, tuple(sets), () if alone else tuple(cluster), before, after, urls)


def _cluster_row(asked: AskedProblem) -> ClusterRow:
    problem = asked.problem
    title, kind = language_of(problem).title, kind_of(problem).title
    return ClusterRow(problem.task_id, asked.dataset, title, kind, asked.attempts)


def _asked(group: DatasetGroup, judgement: Judgement) -> Iterator[AskedProblem]:
    found = difficulties(group, judgement)
    place = {run.id: number for number, run in enumerate(group.entries)}
    for problem, attempts in _attempts(group, judgement):
        shown = attempts
        if len(attempts) > WINDOW * 3 // 2:
            shown = tuple(
                attempt
                for number, attempt in enumerate(attempts, start=1)
                if attempt.side == "baseline" or number > len(attempts) - WINDOW
            )
        yield AskedProblem(
            dataset=group.label,
            problem=problem,
            attempts=tuple(sorted(shown, key=lambda attempt: place[attempt.run_id])),
            asked=len(attempts),
            solved=sum(attempt.tally.c > 0 for attempt in attempts),
            marks=found[problem.task_id].marks,
            older=tuple(path for path, _ in _chunks(group, problem.task_id, attempts, judgement)),
        )


def older_subjects(judgement: Judgement) -> Iterator[OlderSubject]:
    """Gather what the pages show that have a problem's runs in time order, where there are very many."""
    for group in judgement.evidence.groups:
        if len(group.entries) > WINDOW * 3 // 2:
            for problem, attempts in _attempts(group, judgement):
                task = problem.task_id
                for number, (path, chunk) in enumerate(_chunks(group, task, attempts, judgement)):
                    urls = judgement.evidence.urls.only([one.run_id for one in chunk], [task])
                    yield OlderSubject(task, group.label, path, number * WINDOW + 1, chunk, urls)


def _chunks(
    group: DatasetGroup, task: str, attempts: Sequence[Attempt], judgement: Judgement
) -> Iterator[tuple[str, tuple[Attempt, ...]]]:
    """Split runs in time order into whole windows: what is left over is among the newest."""
    if len(attempts) > WINDOW * 3 // 2:
        above = judgement.evidence.urls.problem(task)
        for number in range(len(attempts) // WINDOW):
            chunk = tuple(attempts[number * WINDOW : (number + 1) * WINDOW])
            yield f"{above}{slug_map([group.anchor])[group.anchor]}-{number + 1}/", chunk


def _attempts(group: DatasetGroup, judgement: Judgement) -> Iterator[tuple[Problem, tuple[Attempt, ...]]]:
    """Pair each problem with what every run made of it, in time order."""
    entries = in_time(group.entries)
    sides = {run.id: judgement.side(run) for run in entries}
    tallies = {run.id: {tally.problem: tally for tally in run.summary.tallies} for run in entries}
    flips = {run.id: _flips(run, judgement) for run in entries}
    for problem in group.problems:
        yield (
            problem,
            tuple(
                Attempt(
                    run_id=run.id,
                    model=run.model,
                    name=group.names[run.id],
                    quantization=run.run.model.card.quantization,
                    side=sides[run.id],
                    created_at=run.run.created_at,
                    tally=tallies[run.id][problem.task_id],
                    flip=flips[run.id].get(problem.task_id, _SAME)[0],
                    flip_path=flips[run.id].get(problem.task_id, _SAME)[1],
                )
                for run in entries
                if problem.task_id in tallies[run.id]
            ),
        )


_SAME = ("", "")


def _flips(run: LoadedRun, judgement: Judgement) -> dict[str, tuple[str, str]]:
    """Problem -> how it changed sides against the run's baseline, and the path of the page that shows it."""
    found, urls = judgement.against_baseline(run), judgement.evidence.urls
    if found is None or not urls.archived.isdisjoint((found.base.id, run.id)):
        return {}
    return {
        flip.task_id: (flip.kind, urls.flip(found.base.id, run.id, flip.task_id))
        for flip in found.flips
        if flip.crossed
    }
