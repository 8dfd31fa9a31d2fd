"""The suite: every data set of a site beside the others, by language, with what each model scores there."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from evalsite.counts.loaded import LoadedRun
from evalsite.site.charts.series import SIDES
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup, in_time
from evalsite.site.views.marks import Mark, decision_mark
from evalsite.stats.readiness import is_whole
from evalsite.words import cells
from evalsite.words.sentences import count

Newest = dict[tuple[DatasetGroup, str], LoadedRun]
"""A data set and a model's name -> its newest whole run there."""
MOST_MODELS = 6
"""Columns that fit beside one another; the boards below have them all."""


@dataclass(frozen=True)
class SuiteCell:
    """What a model scores on a data set, and how far that is from the baseline."""

    score: str
    path: str
    difference: str
    """In points; empty for a baseline, and where there is none."""
    mark: Mark | None
    compare_path: str


@dataclass(frozen=True)
class SuiteRow:
    """One data set."""

    name: str
    anchor: str
    languages: tuple[str, ...]
    kinds: tuple[str, ...]
    problems: str
    cells: tuple[SuiteCell | None, ...]
    """In the order of the models; None where a model has no whole run."""


@dataclass(frozen=True)
class Suite:
    """All data sets."""

    models: tuple[str, ...]
    groups: tuple[tuple[SuiteRow, ...], ...]
    """The data sets of each language, or of several together."""
    note: str
    """Which models are not shown."""


def suite_of(judgement: Judgement) -> Suite | None:
    """Set data sets beside one another, the language with the most of them first; None for a single one."""
    groups = judgement.evidence.groups
    if len(groups) < 2:
        return None
    newest = {
        (group, entry.model): entry
        for group in groups
        for entry in in_time(group.entries)
        if is_whole(entry.run)
    }
    models, left = _models(newest, judgement)
    rows = [_row(group, [newest.get((group, model)) for model in models], judgement) for group in groups]
    often = Counter(row.languages for row in rows)
    rows.sort(key=lambda row: (-often[row.languages], row.languages, row.kinds, row.name))
    return Suite(
        models=models,
        groups=tuple(tuple(own) for _, own in groupby(rows, lambda row: row.languages)),
        note=f"{count(left, 'more model')} on the boards below." if left else "",
    )


def _models(newest: Newest, judgement: Judgement) -> tuple[tuple[str, ...], int]:
    """The models that were asked the most data sets, baselines first; and how many there are besides."""
    asked = Counter(model for _, model in newest)
    sides = {model: judgement.side(entry) for (_, model), entry in newest.items()}
    chosen = sorted(asked, key=lambda model: (-asked[model], sides[model] != "baseline", model))[:MOST_MODELS]
    return tuple(sorted(chosen, key=lambda model: (SIDES[sides[model]], model))), len(asked) - len(chosen)


def _row(group: DatasetGroup, entries: list[LoadedRun | None], judgement: Judgement) -> SuiteRow:
    return SuiteRow(
        name=group.label,
        anchor=group.anchor,
        languages=group.languages,
        kinds=group.kinds,
        problems=f"{len(group.problems):,}",
        cells=tuple(_cell(entry, judgement) if entry else None for entry in entries),
    )


def _cell(entry: LoadedRun, judgement: Judgement) -> SuiteCell:
    found = judgement.against_baseline(entry)
    numbers = found.numbers if found else None
    return SuiteCell(
        score=cells.DASH if entry.pass_at_1 is None else cells.percent(entry.pass_at_1),
        path=judgement.evidence.urls.run(entry.id),
        difference=cells.points(numbers.main.value) if numbers else "",
        mark=decision_mark(found.decision) if found and numbers else None,
        compare_path=judgement.compare_path(entry),
    )
