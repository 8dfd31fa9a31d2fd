"""A run's edits on its page, those of two runs beside each other, and the edit of one sample as a diff."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.kinds import kind_of
from evalsite.report.edits import edit_facts, title_of
from evalsite.rundir.schema import Problem
from evalsite.site.views.frame import Fact
from evalsite.stats.compare.edits import FIGURES
from evalsite.stats.compare.numbers import Comparison
from evalsite.stats.compare.runs import RunComparison
from evalsite.words import cells
from evalsite.words.text import shorten, visible

CONTEXT = 3
MOST_PAIRS = 1_000_000
"""Of lines that are held against each other: what that costs grows faster than files do."""
MOST_LINES, MOST_CHARS = 2_000, 2_000
"""Lines of a file's diff that are shown, and characters of each."""
_KINDS = {"+": "add", "-": "del", "@": "at"}


@dataclass(frozen=True)
class DiffLine:
    """A line of a diff, with its sign; ``kind`` is ``add``, ``del``, ``at`` or nothing."""

    kind: str
    text: str


@dataclass(frozen=True)
class FileDiff:
    """What became of one file."""

    path: str
    lines: tuple[DiffLine, ...]
    note: str = ""
    """Why lines are not shown; empty where all are."""


HEAD = ("Edits", "Problems", "Baseline, %", "Candidate, %", "Difference, points", "Interval", "Allowed loss")


def compared_rows(found: RunComparison) -> tuple[tuple[str, ...], ...]:
    """Rows of :data:`HEAD`: each figure of both runs' first edits, then what passes in the end."""
    if found.edits is None:
        return ()
    told = [(FIGURES[name], compared) for name, compared in found.edits.figures.items()]
    told += [("Samples that pass after the last turn (pass@1)", found.numbers)] if found.numbers else []
    return tuple(compared_row(name, compared, found) for name, compared in told)


def compared_row(name: str, compared: Comparison, found: RunComparison) -> tuple[str, ...]:
    """A row of :data:`HEAD`: one figure of those that two runs are compared by."""
    main = compared.main
    return (
        name,
        f"{compared.num_problems:,}",
        cells.percent(main.base),
        cells.percent(main.candidate),
        *cells.moved(main.value, main.interval, compared.margin),
        found.decided(compared),
    )


def formats_of(found: RunComparison) -> str:
    """In which formats both were asked for edits; empty where they were not."""
    if found.edits is None:
        return ""
    base, candidate = map(title_of, found.edits.formats)
    return f"as {base}" if base == candidate else f"the baseline as {base}, the candidate as {candidate}"


def edits_of(entry: LoadedRun) -> tuple[Fact, ...]:
    """What was counted; nothing where answers were to be no edits."""
    return tuple(Fact(name, value) for name, value in edit_facts(entry))


def diffs_of(problem: Problem, program: str) -> tuple[FileDiff, ...]:
    """What an edit changed, a file each; files that it left alone are not among them."""
    kind = kind_of(problem)
    shown, after = kind.to_edit(problem), kind.files_of(problem, program)
    if shown is None or not after:
        return ()
    return tuple(
        file_diff(path, text, after.get(path, ""))
        for path, text in shown.files.items()
        if text != after.get(path, "")
    )


def file_diff(path: str, before: str, after: str) -> FileDiff:
    """What became of a file's text."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) * len(new) > MOST_PAIRS:
        return FileDiff(path, (), "too large to be compared line by line")
    lines = tuple(_lines(old, new))
    note = f"the first {MOST_LINES:,} of {len(lines):,} lines" if len(lines) > MOST_LINES else ""
    return FileDiff(path, lines[:MOST_LINES], note)


def _lines(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    told = difflib.unified_diff(old, new, n=CONTEXT, lineterm="")
    for number, line in enumerate(told):
        if number > 1:  # the names of the files
            yield DiffLine(_KINDS.get(line[:1], ""), visible(shorten(line, MOST_CHARS)))
