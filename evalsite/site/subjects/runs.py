"""What a page is about, taken out of all that is known: a run, a pair of runs, a problem.

Pages are made from a subject alone. It is also what tells whether they have to be made again, so it holds
what they show and no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from evalsite.counts.loaded import LoadedRun
from evalsite.languages import titles_of
from evalsite.rundir.store import RunDir
from evalsite.site.evidence.judgement import Conclusion, Judgement
from evalsite.site.evidence.runs import DatasetGroup
from evalsite.site.urls import Urls
from evalsite.stats.cliffs import Cliff, Curve
from evalsite.stats.compare.runs import RunComparison
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
    baseline_name: str
    """What the baseline is called; empty where there is none."""
    compare_path: str
    flips: frozenset[str]
    """Problems that changed sides against the baseline, and so have a page with both programs."""
    reservations: tuple[str, ...]
    """In what this run and the baseline differ besides the model."""
    urls: Urls
    packed: bool
    """Whether the run is archived with its problems' pages in a compressed file."""

    @classmethod
    def of(cls, run: LoadedRun, judgement: Judgement) -> "RunSubject":
        """Gather what the pages of a run show."""
        baseline, found = judgement.baseline_of(run), judgement.against_baseline(run)
        group = judgement.evidence.group_of(run)
        return cls(
            run=run,
            baseline=baseline,
            side=judgement.side(run),
            dataset=DatasetSubject.of(group),
            conclusions=judgement.conclusions(run),
            name=group.names[run.id],
            baseline_name=group.names[baseline.id] if baseline else "",
            compare_path=judgement.compare_path(run),
            flips=frozenset(flip.task_id for flip in found.flips if flip.crossed) if found else frozenset(),
            reservations=judgement.reservations(run),
            urls=judgement.evidence.urls.only([one.id for one in (run, baseline) if one], run.asked_ids),
            packed=run.id in judgement.evidence.packed,
        )

    @property
    def archived(self) -> bool:
        """Whether the run has its own page and counts alone."""
        return self.run.id in self.urls.archived


def bytes_of(run: LoadedRun) -> int:
    """What a run's files take."""
    return _bytes_of(run.dir)


@lru_cache(maxsize=4096)
def _bytes_of(run_dir: RunDir) -> int:
    """A baseline is asked for with each of its candidates."""
    return sum(path.lstat().st_size for _, path in run_dir.files())


@dataclass(frozen=True)
class PairSubject:
    """Two runs, the baseline or the older one first, and how they differ."""

    found: RunComparison
    dataset: DatasetSubject
    names: tuple[str, str]
    """What both are called among the runs of the data set."""
    decides: bool
    """Whether it is that of a candidate with its own baseline."""
    models_path: str
    """Path of the page of both models over all that was measured; empty where there is none."""
    distances: tuple[tuple[str, Found], ...]
    """How far both models are apart by their tokens: path of the page, and what was found."""
    urls: Urls
    packed: bool
    """Whether one of the runs is archived, and the flips' pages stand in a compressed file."""
    crowded: bool
    """Whether the baseline has more candidates than p-values are corrected for."""

    @classmethod
    def of(cls, found: RunComparison, judgement: Judgement) -> "PairSubject":
        """Gather what the pages of a comparison show."""
        group = judgement.evidence.group_of(found.base)
        return cls(
            found=found,
            dataset=DatasetSubject.of(group),
            names=(group.names[found.base.id], group.names[found.candidate.id]),
            decides=judgement.against_baseline(found.candidate) is found,
            models_path=judgement.models_path(found.base.model, found.candidate.model),
            distances=distances_between(found.base.model, found.candidate.model, judgement),
            urls=judgement.evidence.urls.only([found.base.id, found.candidate.id], group.task_ids),
            packed=not judgement.evidence.packed.isdisjoint((found.base.id, found.candidate.id)),
            crowded=found.base.id in judgement.crowded,
        )

    @property
    def pair(self) -> tuple[LoadedRun, LoadedRun]:
        """Both runs."""
        return self.found.base, self.found.candidate

    def name_of(self, run: LoadedRun) -> str:
        """What one of both is called."""
        return self.names[0 if run is self.found.base else 1]

    @property
    def title(self) -> str:
        """The comparison in words."""
        return f"{self.names[1]} {self.against}"

    @property
    def against(self) -> str:
        """The same without the candidate."""
        return f"against {self.names[0]}"

    @property
    def path(self) -> str:
        """Path of the comparison."""
        return self.urls.compare(self.found.base.id, self.found.candidate.id)


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
