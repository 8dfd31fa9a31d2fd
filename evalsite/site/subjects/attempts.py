"""What every run made of a problem: the subjects of the pages of problems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from evalsite.counts.loaded import LoadedRun
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.rundir.schema import Problem, Tally
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup, in_time
from evalsite.site.slugs import slug_map
from evalsite.site.subjects.samples import in_between
from evalsite.site.urls import Urls, below


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
    older: tuple[tuple[int, str], ...]
    """The pages with all runs in time order: which run of the data set the first one is, counted from 1, and
    the path. None where this page has room for all.
    """
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

    @property
    def path(self) -> str:
        """Its page's path."""
        return self.urls.problem(self.task_id)


@dataclass(frozen=True)
class Entrant:
    """A run as pages of problems know it."""

    run: LoadedRun
    name: str
    """What it is called among those of its data set."""
    side: str
    flips: dict[str, tuple[str, str]]
    """Problem -> ``broken`` or ``fixed``, and the path of the page with both programs."""

    @classmethod
    def of(cls, run: LoadedRun, name: str, judgement: Judgement) -> "Entrant":
        """Gather what is known of a run."""
        return cls(run, name, judgement.side(run), _flips(run, judgement))

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """What it made of each problem that it was asked."""
        return by_problem(self.run)

    def at(self, task: str) -> Attempt:
        """What it made of a problem that it was asked."""
        tally = self.tallies[task]
        flip, flip_path = self.flips.get(task, ("", ""))
        return Attempt(
            run_id=self.run.id,
            model=self.run.model,
            name=self.name,
            quantization=self.run.run.model.card.quantization,
            side=self.side,
            created_at=self.run.run.created_at,
            tally=tally,
            flip=flip,
            flip_path=flip_path,
        )


def by_problem(run: LoadedRun) -> dict[str, Tally]:
    """What a run made of each problem that it was asked."""
    return {tally.problem: tally for tally in run.summary.tallies}


@dataclass(frozen=True)
class OlderSubject:
    """:data:`WINDOW` runs of a data set, in time order: what they made of problems, for ever."""

    dataset: str
    folder: str
    """What each problem's page of these runs is called below the problem's own."""
    first: int
    """Which of all runs on the data set the first one is, counted from 1."""
    entrants: tuple[Entrant, ...]
    urls: Urls

    @property
    def tasks(self) -> tuple[str, ...]:
        """All that any of them was asked."""
        return tuple(dict.fromkeys(task for one in self.entrants for task in one.run.asked_ids))

    def path(self, task: str) -> str:
        """Path of a problem's page."""
        return f"{self.urls.problem(task)}{self.folder}/"

    def attempts(self, task: str) -> tuple[Attempt, ...]:
        """What these runs made of a problem."""
        return tuple(one.at(task) for one in self.entrants if task in one.tallies)


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
    found = judgement.difficulties(group)
    place = {run.id: number for number, run in enumerate(group.entries)}
    runs = [(run, by_problem(run)) for run in in_time(group.entries)]
    baselines = {run.id for run, _ in runs if judgement.side(run) == "baseline"}
    entrant = cache(lambda run: Entrant.of(run, group.names[run.id], judgement))
    windows = [
        (first, folder, {task for run in own for task in run.asked_ids})
        for first, folder, own in _windows(group)
    ]
    for problem in group.problems:
        task = problem.task_id
        asked = [(run, tallies[task]) for run, tallies in runs if task in tallies]
        left_out = len(asked) - WINDOW if len(asked) > WINDOW * 3 // 2 else 0
        shown = [run for at, (run, _) in enumerate(asked) if at >= left_out or run.id in baselines]
        yield AskedProblem(
            dataset=group.label,
            problem=problem,
            attempts=tuple(entrant(run).at(task) for run in sorted(shown, key=lambda run: place[run.id])),
            asked=len(asked),
            solved=sum(tally.c > 0 for _, tally in asked),
            marks=found[task].marks,
            older=tuple(
                (first, f"{judgement.evidence.urls.problem(task)}{folder}/")
                for first, folder, tasks in windows
                if task in tasks
            ),
        )


def older_subjects(judgement: Judgement) -> Iterator[OlderSubject]:
    """Gather what the pages show that have a problem's runs in time order, where there are very many."""
    for group in judgement.evidence.groups:
        for first, folder, runs in _windows(group):
            entrants = tuple(Entrant.of(run, group.names[run.id], judgement) for run in runs)
            tasks = dict.fromkeys(task for run in runs for task in run.asked_ids)
            urls = judgement.evidence.urls.only([run.id for run in runs], tasks)
            yield OlderSubject(group.label, folder, first, entrants, urls)


def _windows(group: DatasetGroup) -> Iterator[tuple[int, str, Sequence[LoadedRun]]]:
    """Split very many runs, in time order, into whole windows: what is left over is among the newest.

    Each with the number of its first run, and what its pages are called.
    """
    runs = in_time(group.entries)
    if len(runs) > WINDOW * 3 // 2:
        slug = slug_map([group.anchor])[group.anchor]
        for number in range(len(runs) // WINDOW):
            first = number * WINDOW
            yield first + 1, f"{slug}-{number + 1}", runs[first : first + WINDOW]


def _flips(run: LoadedRun, judgement: Judgement) -> dict[str, tuple[str, str]]:
    """Problem -> how it changed sides against the run's baseline, and the path of the page that shows it."""
    found, urls = judgement.against_baseline(run), judgement.evidence.urls
    if found is None or not urls.archived.isdisjoint((found.base.id, run.id)):
        return {}
    compared = urls.compare(found.base.id, run.id)
    return {
        flip.task_id: (flip.kind, below(compared, urls.tasks[flip.task_id]))
        for flip in found.flips
        if flip.crossed
    }
