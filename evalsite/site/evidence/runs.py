"""Run directories -> what overviews need: runs with their counts, grouped by data set, and the baseline.

Only ``run.json``, ``summary.json`` and the problems are decoded here; the samples of a run are read when its
own pages are made, one run at a time.
"""

import heapq
import itertools
import logging
import math
from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from evalsite.counts.loaded import DatasetKey, LoadedRun, dataset_labels, load_run
from evalsite.counts.validate import find_faults
from evalsite.distance.store import find_distances
from evalsite.errors import RunError, RunFormatError
from evalsite.events import Event, Listener, ignore
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.rundir.finding import find_runs
from evalsite.rundir.removed import Removed, read_removed
from evalsite.rundir.schema import Problem, Run
from evalsite.rundir.store import PROBLEMS, Hashes, RunDir
from evalsite.site.evidence.archiving import packed_by_rule
from evalsite.site.evidence.naming import told_apart
from evalsite.site.options import SiteOptions, Unread
from evalsite.site.urls import Urls
from evalsite.stats.baseline import contradicted, pick_if_known, why_unknown
from evalsite.stats.distance import Found, load_distance
from evalsite.words.commands import command
from evalsite.words.sentences import and_more

log = logging.getLogger("evalsite")


@dataclass(frozen=True, eq=False)
class DatasetGroup:
    """The runs on one data set: same name, same problems."""

    name: str
    sha256: str
    label: str
    """The name, with the first digits of the hash where two sets share it."""
    entries: tuple[LoadedRun, ...]
    """Best pass@1 first; runs that ask only a part of the problems last."""
    baselines: tuple[LoadedRun, ...]
    """One, unless several families have each their own."""
    problems: tuple[Problem, ...]
    """In the data set's order: those that any run was asked."""

    @cached_property
    def task_ids(self) -> tuple[str, ...]:
        """The problems' ids, in the data set's order."""
        return tuple(problem.task_id for problem in self.problems)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The programming languages of the problems, as people write them."""
        return tuple(dict.fromkeys(language_of(problem).title for problem in self.problems))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the problems, as people call them."""
        return tuple(dict.fromkeys(kind_of(problem).title for problem in self.problems))

    @property
    def key(self) -> DatasetKey:
        """What tells it from others, as its runs do."""
        return self.name, self.sha256

    @property
    def anchor(self) -> str:
        """The group's fragment on the leaderboard."""
        return f"{self.name}-{self.sha256[:6]}"

    @cached_property
    def names(self) -> dict[str, str]:
        """Run id -> what it is called among these runs."""
        return told_apart(self.entries)

    def candidates(self) -> tuple[LoadedRun, ...]:
        """All runs but the baselines."""
        return tuple(entry for entry in self.entries if entry not in self.baselines)


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything that overviews are made from."""

    entries: tuple[LoadedRun, ...]
    """By id, which begins with the date."""
    groups: tuple[DatasetGroup, ...]
    baselines: dict[str, LoadedRun]
    """Run id -> what :func:`evalsite.stats.baseline.pick_baselines` found; a baseline is its own."""
    urls: Urls
    packed: frozenset[str] = frozenset()
    """Runs that a rule archives with their problems' pages in a compressed file."""
    removed: tuple[Removed, ...] = ()
    """Runs that were removed, whose addresses say so."""
    unread: tuple[Unread, ...] = ()
    """Runs that could not be read, and are left out."""
    unknown_baseline: str = ""
    """The baseline that was named and has no run here; empty where there is nothing amiss."""
    distances: tuple[Found, ...] = ()
    """How far models are apart by their tokens, by id."""

    def baseline_of(self, entry: LoadedRun) -> LoadedRun | None:
        """The run of the same data set that this one is held against; None for a baseline."""
        found = self.baselines.get(entry.id)
        return found if found and found is not entry and found.dataset_key == entry.dataset_key else None

    def group_of(self, entry: LoadedRun) -> DatasetGroup:
        """The group that a run belongs to."""
        return self._groups[entry.dataset_key]

    @cached_property
    def _groups(self) -> dict[DatasetKey, DatasetGroup]:
        return {group.key: group for group in self.groups}

    def pairs(self, most: int, published: "Collection[PairIds]" = ()) -> "Paired":
        """Choose the pairs of runs to compare, so that a pair which has a page keeps it.

        Each run with its baseline, and with whatever a card calls a baseline, since it may have been one;
        what is ``published``; then up to ``most`` others, all in time, so that a newer run leaves those of
        older runs as they are.
        """
        kept: list[Pair] = []
        new: list[Iterator[_Ranked]] = []
        known: list[_Ranked] = []
        number = 0
        for group in self.groups:
            runs = in_time(group.entries)
            held = self._held(runs)
            kept += [self._directed(one, other, group) for one, other in held]
            ids = {pair_ids(*pair) for pair in held}
            known += self._published(runs, published, ids)
            new.append(self._others(runs, published, ids))
            number += math.comb(len(runs), 2) - len(held)
        room = max(most, len(known))
        further = (pair for *_, pair in heapq.merge(*new, key=lambda each: each[:2]))
        chosen = [pair for *_, pair in sorted(known, key=lambda each: each[:2])]
        chosen += itertools.islice(further, room - len(known))
        others = (self._directed(*pair, self.group_of(pair[0])) for pair in chosen)
        return Paired((*kept, *others), max(0, number - room))

    def _held(self, runs: Sequence[LoadedRun]) -> "list[Pair]":
        """All pairs of runs, which are in time order, of which one is, or by its card may have been, the
        baseline of the other.
        """
        place = {run.id: at for at, run in enumerate(runs)}
        found: set[tuple[int, int]] = set()
        for at, run in enumerate(runs):
            base = self.baseline_of(run)
            by_card = run.run.model.card.role == "baseline"
            beside = range(len(runs)) if by_card else [place[base.id]] if base else ()
            found.update((min(at, other), max(at, other)) for other in beside if other != at)
        return [(runs[one], runs[other]) for one, other in sorted(found)]

    @staticmethod
    def _published(
        runs: Sequence[LoadedRun], published: "Collection[PairIds]", held: "Container[PairIds]"
    ) -> "Iterator[_Ranked]":
        """The other pairs of these runs that have a page."""
        place = {run.id: (at, run) for at, run in enumerate(runs)}
        for ids in published:
            if ids not in held and ids[0] in place and ids[1] in place:
                (_, one), (_, other) = sorted(place[run_id] for run_id in ids)
                yield _ranked(one, other)

    @staticmethod
    def _others(
        runs: Sequence[LoadedRun], published: "Container[PairIds]", held: "Container[PairIds]"
    ) -> "Iterator[_Ranked]":
        """The rest, in time: of half a million pairs of a thousand runs, the first few are wanted."""
        for at, other in enumerate(runs):
            for one in sorted(runs[:at], key=lambda run: run.id):
                ids = pair_ids(one, other)
                if ids not in held and ids not in published:
                    yield _ranked(one, other)

    def _directed(self, one: LoadedRun, other: LoadedRun, group: DatasetGroup) -> "Pair":
        """Put the baseline first: today's, else that of a card, else the older run."""
        if self.baseline_of(one) is other:
            return other, one
        if self.baseline_of(other) is one:
            return one, other
        first, second = (
            (each not in group.baselines, each.run.model.card.role != "baseline") for each in (one, other)
        )
        return (other, one) if second < first else (one, other)


Pair = tuple[LoadedRun, LoadedRun]
"""The baseline, or the older run, first."""
PairIds = tuple[str, str]
"""The ids of two runs, in their order: what the address of their comparison depends on."""


_Ranked = tuple[str, str, Pair]
"""A pair behind what it is sorted by: when the newer run was made, and both ids."""


def _ranked(one: LoadedRun, other: LoadedRun) -> _Ranked:
    return other.run.created_at, f"{other.id} {one.id}", (one, other)


def pair_ids(one: LoadedRun, other: LoadedRun) -> PairIds:
    """Both ids, whichever run is the baseline."""
    first, second = sorted((one.id, other.id))
    return first, second


@dataclass(frozen=True, eq=False)
class Paired:
    """The pairs of runs that are compared."""

    pairs: tuple[Pair, ...]
    left_out: int
    """Pairs that have no comparison, for the limit on them."""


def in_time(entries: Sequence[LoadedRun]) -> list[LoadedRun]:
    """Sort runs by when they were made."""
    return sorted(entries, key=lambda entry: (entry.run.created_at, entry.id))


def gather(runs_dir: Path, options: SiteOptions, listener: Listener = ignore) -> Evidence:
    """Read every run's overview but those of the runs that are left out.

    Runs that are left out keep their slugs, so that no other run's address depends on the rules.
    So do those that cannot be read (or, with ``validate``, are not sound): they are left out, and told in
    ``unread``; with ``strict`` the error is raised.
    """
    dirs = find_runs(runs_dir)
    entries: list[LoadedRun] = []
    problems: dict[DatasetKey, dict[str, Problem]] = defaultdict(dict)
    records: list[Run] = []
    tasks: set[str] = set()
    unread: list[Unread] = []
    read: dict[str, tuple[Problem, ...]] = {}
    for done, run_dir in enumerate(dirs):
        listener(Event("building", "reading runs", done, len(dirs)))
        try:
            # Before all that is shown: what is appended meanwhile makes the next build anew.
            hashes = run_dir.hashes()
            run, own = run_dir.read_run(), _problems(run_dir, hashes, read)
            entry = None if options.excludes(run) else _entry(run_dir, run, own, hashes, options)
        except RunError as error:
            if options.strict:
                raise
            record = _record(run_dir)
            records += filter(None, [record])
            unread.append(Unread(record.id if record else run_dir.path.name, run_dir.path, error))
            continue
        records.append(run)
        tasks.update(problem.task_id for problem in own)
        if entry is None:
            continue
        entries.append(entry)
        known = problems[run.dataset.name, run.dataset.sha256]
        for problem in own:
            known.setdefault(problem.task_id, problem)
    removed = read_removed(runs_dir)
    tasks.update(task for gone in removed for task in gone.problems)
    shown = [entry.run for entry in entries]
    chosen = pick_if_known(shown, options.baseline)
    for base, run, told in contradicted(shown, chosen):
        log.warning("%s is held against %s, which is no baseline of it. %s", run.id, base.id, told)
    by_id = {entry.id: entry for entry in entries}
    baselines = {run_id: by_id[run.id] for run_id, run in chosen.items()}
    groups = _group(entries, problems, baselines)
    return Evidence(
        entries=tuple(entries),
        unread=tuple(unread),
        distances=tuple(_distances(runs_dir, options)),
        groups=groups,
        baselines=baselines,
        urls=Urls.of_runs(records, tasks, options),
        packed=packed_by_rule(entries, options),
        removed=removed,
        unknown_baseline=options.baseline
        if options.baseline and why_unknown(shown, options.baseline)
        else "",
    )


def _record(run_dir: RunDir) -> Run | None:
    """The record of a run of which something cannot be read; None where that is the record."""
    try:
        return run_dir.read_run()
    except RunError:
        return None


def _problems(run_dir: RunDir, hashes: Hashes, read: dict[str, tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """A run's problems; ``read``: by the hash of their file, since most runs of a data set have the same."""
    content = hashes.over([PROBLEMS])
    if content not in read:
        read[content] = run_dir.problems()
    return read[content]


def _distances(runs_dir: Path, options: SiteOptions) -> Iterator[Found]:
    """Read the distances that have anything to tell; one that cannot be read is told, or raised."""
    for folder in find_distances(runs_dir):
        try:
            yield load_distance(folder)
        except RunError as error:
            if options.strict:
                raise
            log.warning("left out: %s", error.message)


def _entry(
    run_dir: RunDir, run: Run, problems: tuple[Problem, ...], hashes: Hashes, options: SiteOptions
) -> LoadedRun:
    """Load a run that is shown; raises :class:`RunError` where it cannot be read, or may not be published."""
    entry = replace(load_run(run_dir, problems, hashes, run), digest=hashes.as_they_stand)
    if options.validate and (faults := find_faults(run_dir)):
        more = f" ({and_more(len(faults), 1)})" if len(faults) > 1 else ""
        raise RunFormatError(
            f"{run_dir.path}: is not sound: {faults[0]}{more}", hint=command("validate", run_dir.path)
        )
    return entry


def _group(
    entries: Sequence[LoadedRun],
    problems: dict[DatasetKey, dict[str, Problem]],
    baselines: Mapping[str, LoadedRun],
) -> tuple[DatasetGroup, ...]:
    by_set: dict[DatasetKey, list[LoadedRun]] = defaultdict(list)
    for entry in entries:
        by_set[entry.dataset_key].append(entry)
    labels = dataset_labels(entries)
    groups = [
        DatasetGroup(
            name=name,
            sha256=sha256,
            label=labels[name, sha256],
            entries=tuple(sorted(members, key=_rank_key)),
            baselines=tuple(entry for entry in members if baselines.get(entry.id) is entry),
            problems=_in_order(members, problems[name, sha256]),
        )
        for (name, sha256), members in by_set.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.entries), group.name, group.sha256)))


def _rank_key(entry: LoadedRun) -> tuple[bool, float, str]:
    score = entry.pass_at_1
    return (not entry.asks_all or score is None, -(score or 0.0), entry.id)


def _in_order(members: Sequence[LoadedRun], problems: dict[str, Problem]) -> tuple[Problem, ...]:
    """Order problems as the run does that was asked the most; what it lacks follows."""
    longest = max(members, key=lambda entry: len(entry.asked_ids))
    rank = {task: number for number, task in enumerate(longest.asked_ids)}
    return tuple(sorted(problems.values(), key=lambda problem: rank.get(problem.task_id, len(rank))))
