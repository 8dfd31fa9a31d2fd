"""What a page is about, taken out of all that is known: a run, a pair of runs, a problem.

Pages are made from a subject alone. It is also what tells whether they have to be made again, so it holds
what they show and no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.kinds import kind_of
from evalsite.languages import language_of, titles_of
from evalsite.rundir.schema import Problem, Tally
from evalsite.site.difficulty import difficulties
from evalsite.site.evidence import DatasetGroup
from evalsite.site.judgement import Conclusion, Judgement
from evalsite.site.samples import in_between
from evalsite.site.urls import Urls
from evalsite.stats.cliffs import Cliff, Curve
from evalsite.stats.compare import RunComparison
from evalsite.stats.distance import Found
from evalsite.stats.distance.flips import correlation_with_flips


@dataclass(frozen=True)
class DatasetSubject:
    """The data set that a run is about, as the leaderboard has it."""

    label: str
    path: str
    """Of its runs on the leaderboard."""
    task_ids: tuple[str, ...]
    """Every problem that any run was asked, in the data set's order."""
    languages: str
    """The programming languages of these problems, in words."""
    kinds: tuple[str, ...]
    """Their kinds, as people call them."""

    @classmethod
    def of(cls, group: DatasetGroup) -> "DatasetSubject":
        """Describe a group of runs."""
        return cls(group.label, f"#{group.anchor}", group.task_ids, titles_of(group.problems), group.kinds)


@dataclass(frozen=True)
class RunSubject:
    """One run, what it is held against, and what is said of it."""

    run: LoadedRun
    baseline: LoadedRun | None
    side: str
    """``baseline``, ``candidate`` or empty."""
    dataset: DatasetSubject
    conclusions: tuple[Conclusion, ...]
    """What targets and the comparison with the baseline say."""
    name: str
    """What it is called among the runs of its data set."""
    compare_path: str
    flips: frozenset[str]
    """Problems that changed sides against the baseline, and so have a page with both programs."""
    reservations: tuple[str, ...]
    """In what this run and the baseline differ besides the model."""
    urls: Urls

    @classmethod
    def of(cls, run: LoadedRun, judgement: Judgement) -> "RunSubject":
        """Gather what the pages of a run show."""
        baseline, found = judgement.baseline_of(run), judgement.against_baseline(run)
        return cls(
            run=run,
            baseline=baseline,
            side=judgement.side(run),
            dataset=DatasetSubject.of(judgement.evidence.group_of(run)),
            conclusions=judgement.conclusions(run),
            name=judgement.evidence.group_of(run).names[run.id],
            compare_path=judgement.compare_path(run),
            flips=frozenset(flip.task_id for flip in found.flips if flip.crossed) if found else frozenset(),
            reservations=judgement.reservations(run),
            urls=judgement.evidence.urls.only([one.id for one in (run, baseline) if one], run.asked_ids),
        )

    @property
    def archived(self) -> bool:
        """Whether the run has its own page alone."""
        return self.run.id in self.urls.archived


@dataclass(frozen=True)
class PairSubject:
    """Two runs, the baseline or the older one first, and how they differ."""

    found: RunComparison
    dataset: DatasetSubject
    decides: bool
    """Whether it is that of a candidate with its own baseline."""
    models_path: str
    """Path of the page of both models over all that was measured; empty where there is none."""
    distances: tuple[tuple[str, Found], ...]
    """How far both models are apart by their tokens: path of the page, and what was found."""
    urls: Urls

    @classmethod
    def of(cls, found: RunComparison, judgement: Judgement) -> "PairSubject":
        """Gather what the pages of a comparison show."""
        group = judgement.evidence.group_of(found.base)
        return cls(
            found=found,
            dataset=DatasetSubject.of(group),
            decides=judgement.against_baseline(found.candidate) is found,
            models_path=judgement.models_path(found.base.model, found.candidate.model),
            distances=distances_between(found.base.model, found.candidate.model, judgement),
            urls=judgement.evidence.urls.only([found.base.id, found.candidate.id], group.task_ids),
        )

    @property
    def pair(self) -> tuple[LoadedRun, LoadedRun]:
        """Both runs."""
        return self.found.base, self.found.candidate

    @property
    def path(self) -> str:
        """Path of the comparison."""
        return self.urls.compare(self.found.base.id, self.found.candidate.id)


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


@dataclass(frozen=True)
class AskedProblem:
    """A problem as one data set asks it, and the runs that were asked."""

    dataset: str
    problem: Problem
    attempts: tuple[Attempt, ...]
    marks: tuple[str, ...] = ()
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
    sides = {run.id: judgement.side(run) for run in group.entries}
    tallies = {run.id: {tally.problem: tally for tally in run.summary.tallies} for run in group.entries}
    found = difficulties(group, judgement)
    for problem in group.problems:
        attempts = tuple(
            Attempt(
                run_id=run.id,
                model=run.model,
                name=group.names[run.id],
                quantization=run.run.model.card.quantization,
                side=sides[run.id],
                created_at=run.run.created_at,
                tally=tallies[run.id][problem.task_id],
            )
            for run in group.entries
            if problem.task_id in tallies[run.id]
        )
        yield AskedProblem(group.label, problem, attempts, found[problem.task_id].marks)


@dataclass(frozen=True)
class CliffSubject:
    """A data set's levels of difficulty: every model on them, and the candidates beside their baselines."""

    name: str
    path: str
    curves: tuple[Curve, ...]
    cliffs: tuple[Cliff, ...]
    sides: dict[str, str]
    """Run -> ``baseline``, ``candidate`` or empty."""
    compared: frozenset[tuple[str, str]]
    """Pairs of runs that have a page of their own."""
    urls: Urls


def cliff_subjects(judgement: Judgement) -> Iterator[CliffSubject]:
    """Gather what is shown of each data set that was asked on several levels."""
    for of, path in judgement.cliff_paths.items():
        own = tuple(curve for curve in judgement.curves if curve.of == of)
        runs = list(dict.fromkeys(run for curve in own for run in curve.runs))
        ids = [run.id for run in runs]
        yield CliffSubject(
            name=of[0],
            path=path,
            curves=own,
            cliffs=tuple(cliff for cliff in judgement.cliffs if cliff.candidate.of == of),
            sides={run.id: judgement.side(run) for run in runs},
            compared=frozenset(pair for pair in judgement.comparisons if set(pair) <= set(ids)),
            urls=judgement.evidence.urls.only(ids, ()),
        )


@dataclass(frozen=True)
class ModelsSubject:
    """Two models over all that both were asked."""

    base: str
    candidate: str
    """By name."""
    path: str
    runs: tuple[LoadedRun, ...]
    """Of both."""
    known: dict[tuple[str, str], RunComparison]
    """(baseline's id, candidate's id) -> what is known of them, which has a page."""
    distances: tuple[tuple[str, Found], ...]
    """As those of a comparison."""
    urls: Urls


def models_subjects(judgement: Judgement) -> Iterator[ModelsSubject]:
    """Gather what is shown of every two models of which runs are compared."""
    runs: dict[str, list[LoadedRun]] = {}
    for run in judgement.evidence.entries:
        runs.setdefault(run.model, []).append(run)
    known: dict[frozenset[str], dict[tuple[str, str], RunComparison]] = {}
    for ids, one in judgement.comparisons.items():
        known.setdefault(frozenset((one.base.model, one.candidate.model)), {})[ids] = one
    for path, (base, candidate) in judgement.model_pairs.items():
        own = (*runs[base], *runs[candidate])
        yield ModelsSubject(
            base=base,
            candidate=candidate,
            path=path,
            runs=own,
            known=known[frozenset((base, candidate))],
            distances=distances_between(base, candidate, judgement),
            urls=judgement.evidence.urls.only([run.id for run in own], ()),
        )


@dataclass(frozen=True)
class DistanceSubject:
    """How far two models are apart by their tokens."""

    found: Found
    path: str
    told: tuple[str, ...]
    """What else is told of it: how it goes with what changed sides."""
    compare_path: str
    """Of the comparison of both models' runs on the same data set; empty where there is none."""
    models_path: str
    """Of the page of both models over all that was measured; likewise."""
    problems: dict[str, str]
    """Problem -> path of its page, for those that have one."""

    def path_of(self, problem: str) -> str:
        """Path of a problem's page; empty where there is none."""
        return self.problems.get(problem, "")


def distance_subjects(judgement: Judgement) -> Iterator[DistanceSubject]:
    """Gather what the page of each distance shows."""
    evidence = judgement.evidence
    paged = {task for group in evidence.groups for task in group.task_ids}
    for found in evidence.distances:
        base, candidate = found.names
        known = [
            one
            for one in judgement.comparisons.values()
            if (one.base.model, one.candidate.model) == found.names
            and one.base.run.dataset.sha256 == found.record.dataset.sha256
        ]
        last = known[-1] if known else None
        correlation = correlation_with_flips(found, last) if last else None
        both = base in evidence.urls.models and candidate in evidence.urls.models
        yield DistanceSubject(
            found=found,
            path=judgement.distance_paths[found.record.id],
            told=(correlation.sentence,) if correlation else (),
            compare_path=evidence.urls.compare(last.base.id, last.candidate.id) if last else "",
            models_path=judgement.models_path(base, candidate) if both else "",
            problems={task: evidence.urls.problem(task) for task in found.kl_of if task in paged},
        )


def distances_between(base: str, candidate: str, judgement: Judgement) -> tuple[tuple[str, Found], ...]:
    """What was measured of two models, with the path of its page, the newest first."""
    found = judgement.distances_between(base, candidate)
    return tuple((judgement.distance_paths[each.record.id], each) for each in found)
