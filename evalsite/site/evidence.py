"""Run directories -> what overviews need: runs with their counts, grouped by data set, and the baseline.

Only ``run.json``, ``summary.json`` and the problems are decoded here; the samples of a run are read when its
own pages are made, one run at a time.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evalsite.counts.loaded import RunFacts
from evalsite.counts.tally import rebuild_summary, summary_of
from evalsite.rundir.schema import Problem, Run, Summary
from evalsite.rundir.store import (
    COMPLETIONS,
    NOTES,
    PROBLEMS,
    RUN,
    SUMMARY,
    VERDICTS,
    RunDir,
    find_runs,
)
from evalsite.site.options import SiteOptions
from evalsite.site.urls import Urls
from evalsite.stats.baseline import pick_baselines

FILES = (RUN, PROBLEMS, COMPLETIONS, VERDICTS, SUMMARY, NOTES)
"""The files of a run directory whose content its pages depend on."""


@dataclass(frozen=True, eq=False)
class RunEntry:
    """One run as the overviews know it."""

    dir: RunDir
    facts: RunFacts
    digest: str
    """SHA-256 over the run's files, in hexadecimal."""

    @property
    def run(self) -> Run:
        """The run's record."""
        return self.facts.run

    @property
    def id(self) -> str:
        """The run's id."""
        return self.facts.run.id

    @property
    def model(self) -> str:
        """The model's name."""
        return self.facts.run.model.name

    @cached_property
    def pass_at_1(self) -> float | None:
        """Mean pass@1 over the problems, or None while one of them has no sample."""
        n, c = self.facts.n, self.facts.c
        return float((c / n).mean()) if self.facts.max_k else None


@dataclass(frozen=True, eq=False)
class DatasetGroup:
    """The runs on one data set: same name, same problems."""

    name: str
    sha256: str
    label: str
    """The name, with the first digits of the hash where two sets share it."""
    entries: tuple[RunEntry, ...]
    """Best pass@1 first; runs that ask only a part of the problems last."""
    baseline: RunEntry | None
    problems: tuple[Problem, ...]
    """In the data set's order: those that any run was asked."""

    @cached_property
    def task_ids(self) -> tuple[str, ...]:
        """The problems' ids, in the data set's order."""
        return tuple(problem.task_id for problem in self.problems)

    @property
    def anchor(self) -> str:
        """The group's fragment on the leaderboard."""
        return f"{self.name}-{self.sha256[:6]}"

    def candidates(self) -> tuple[RunEntry, ...]:
        """All runs but the baseline."""
        return tuple(entry for entry in self.entries if entry is not self.baseline)


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything that overviews are made from."""

    entries: tuple[RunEntry, ...]
    """By id, which begins with the date."""
    groups: tuple[DatasetGroup, ...]
    baselines: dict[str, RunEntry]
    """Run id -> the baseline that this run is held against; baselines themselves are not in it."""
    urls: Urls

    def group_of(self, entry: RunEntry) -> DatasetGroup:
        """The group that a run belongs to."""
        return next(group for group in self.groups if entry in group.entries)

    def pairs(self, most: int) -> list[tuple[RunEntry, RunEntry]]:
        """Pairs of runs to compare: the baseline with each candidate, then, up to ``most``, all others.

        Within a pair the baseline comes first, else the older run.
        """
        first = [
            (group.baseline, entry) for group in self.groups if group.baseline for entry in group.candidates()
        ]
        others = [
            (a, b)
            for group in self.groups
            for number, a in enumerate(in_time(group.candidates()))
            for b in in_time(group.candidates())[number + 1 :]
        ]
        return first + others if len(first) + len(others) <= most else first


def in_time(entries: Sequence[RunEntry]) -> list[RunEntry]:
    """Sort runs by when they were made."""
    return sorted(entries, key=lambda entry: (entry.run.created_at, entry.id))


def gather(
    runs_dir: Path, options: SiteOptions, progress: Callable[[str, int, int], None] = lambda *_: None
) -> Evidence:
    """Read every run's overview but those of the runs that are left out.

    Runs that are left out keep their slugs, so that no other run's address depends on the rules.
    Raises :class:`RunFormatError` for a broken file and :class:`UsageError` for an unknown baseline.
    """
    dirs = find_runs(runs_dir)
    entries: list[RunEntry] = []
    problems: dict[tuple[str, str], dict[str, Problem]] = defaultdict(dict)
    ids: list[str] = []
    tasks: set[str] = set()
    for done, run_dir in enumerate(dirs):
        progress("reading runs", done, len(dirs))
        run, own = run_dir.read_run(), run_dir.problems()
        ids.append(run.id)
        tasks.update(problem.task_id for problem in own)
        if options.excludes(run):
            continue
        summary = _summary(run_dir, run, own)
        entries.append(RunEntry(run_dir, RunFacts.of(run, summary), digest_of(run_dir.path)))
        asked = problems[run.dataset.name, run.dataset.sha256]
        for problem in own:
            asked.setdefault(problem.task_id, problem)
    chosen = pick_baselines([entry.run for entry in entries], options.baseline or None)
    groups = _group(entries, problems, {run.id for run in chosen.values()})
    return Evidence(
        entries=tuple(entries),
        groups=groups,
        baselines={
            entry.id: group.baseline for group in groups if group.baseline for entry in group.candidates()
        },
        urls=Urls.of(ids, tasks, (entry.id for entry in entries if options.rule_for(entry.run).archive)),
    )


def _summary(run_dir: RunDir, run: Run, problems: Sequence[Problem]) -> Summary:
    """The run's summary, made anew where the one on disk lags behind the rows."""
    summary = summary_of(run_dir)
    current = [tally.problem for tally in summary.tallies] == [problem.task_id for problem in problems]
    return summary if current and run.status != "running" else rebuild_summary(run_dir)


def digest_of(run_dir: Path) -> str:
    """Hash the files of a run directory, names included."""
    digest = hashlib.sha256()
    for name in FILES:
        path = run_dir / name
        if path.is_file():
            with path.open("rb") as file:
                digest.update(f"{name}:{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def _group(
    entries: Sequence[RunEntry],
    problems: dict[tuple[str, str], dict[str, Problem]],
    baseline_ids: set[str],
) -> tuple[DatasetGroup, ...]:
    by_set: dict[tuple[str, str], list[RunEntry]] = defaultdict(list)
    for entry in entries:
        by_set[entry.run.dataset.name, entry.run.dataset.sha256].append(entry)
    names = [name for name, _ in by_set]
    groups = [
        DatasetGroup(
            name=name,
            sha256=sha256,
            label=name if names.count(name) == 1 else f"{name} ({sha256[:6]})",
            entries=tuple(sorted(members, key=_rank_key)),
            baseline=next((entry for entry in members if entry.id in baseline_ids), None),
            problems=_in_order(members, problems[name, sha256]),
        )
        for (name, sha256), members in by_set.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.entries), group.name, group.sha256)))


def _rank_key(entry: RunEntry) -> tuple[bool, float, str]:
    score = entry.pass_at_1
    return (not entry.facts.asks_all or score is None, -(score or 0.0), entry.id)


def _in_order(members: Sequence[RunEntry], problems: dict[str, Problem]) -> tuple[Problem, ...]:
    """Order problems as the run does that was asked the most; what it lacks follows."""
    longest = max(members, key=lambda entry: len(entry.facts.task_ids))
    rank = {task: number for number, task in enumerate(longest.facts.task_ids)}
    return tuple(sorted(problems.values(), key=lambda problem: rank.get(problem.task_id, len(rank))))
