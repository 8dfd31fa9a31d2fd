"""Verdicts that a newer run of the same model turned: met is missed now, or the other way round."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup, in_time
from evalsite.stats.targets import Result, judge


@dataclass(frozen=True)
class Change:
    """A target's verdict on a run, where it differs from that on the run before it."""

    entry: LoadedRun
    before: LoadedRun
    was: str
    result: Result


def verdict_changes(judgement: Judgement) -> dict[str, tuple[Change, ...]]:
    """Return run id -> the verdicts that changed with it, in the targets' order.

    Runs are held against the previous run of the same model, with the same model card, on the same problems.
    Pages judge only the newest of them, so the others are judged here. A pending verdict is none: the last
    one that was given counts.
    """
    found: dict[str, tuple[Change, ...]] = {}
    for group in judgement.evidence.groups:
        series: dict[object, list[LoadedRun]] = defaultdict(list)
        for entry in in_time(group.entries):
            series[entry.model, entry.run.model.card].append(entry)
        for entries in series.values():
            if len(entries) > 1:
                found |= _changes(entries, group, judgement)
    return found


def _changes(
    entries: Sequence[LoadedRun], group: DatasetGroup, judgement: Judgement
) -> dict[str, tuple[Change, ...]]:
    """Walk through one model's runs, the oldest first."""
    last: dict[str, tuple[LoadedRun, str]] = {}
    found = {}
    for entry in entries:
        changed = []
        for result in _results(entry, entries, group, judgement):
            name = result.target.name
            if name in last and last[name][1] != result.decision:
                changed.append(Change(entry, *last[name], result))
            last[name] = entry, result.decision
        if changed:
            found[entry.id] = tuple(changed)
    return found


def _results(
    entry: LoadedRun, series: Sequence[LoadedRun], group: DatasetGroup, judgement: Judgement
) -> list[Result]:
    """Judge one run as if it were its model's only one, beside the other models' runs."""
    beside = [other for other in group.entries if other not in series]
    results = judge(judgement.targets, [*beside, entry], judgement.evidence.baselines)
    return [each for each in results if each.run is entry and each.decision != "pending"]
