"""What a run's tallies show: every problem as a cell and as a row, and every verdict class as a share."""

from dataclasses import dataclass
from urllib.parse import quote

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import Tally
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.subjects.failures import plain
from evalsite.site.urls import Urls
from evalsite.site.views.frame import Crumb, Fact
from evalsite.site.views.linked import Part
from evalsite.site.views.marks import Mark, verdict_mark
from evalsite.words import cells
from evalsite.words.sentences import and_more


@dataclass(frozen=True)
class Cell:
    """A problem in the grid; ``level`` is 0 to 10 tenths of samples passed, or ``x`` without samples."""

    path: str
    short: str
    level: str
    label: str


@dataclass(frozen=True)
class ProblemRow:
    """A problem in the table of all problems."""

    task_id: str
    path: str
    anchor: str
    """The row's id where it tells of the problem in place of its page, in an archived run; else empty."""
    passed: str
    num_passed: int | None
    """For sorting, as what follows; None without any sample."""
    share: str
    share_value: float | None
    failures: tuple[Crumb, ...]
    """Counted by class, the most frequent first; each leads to the run's failures of that class."""
    num_failed: int | None
    execution: str
    execution_value: float | None
    """In seconds, as all values for sorting; None without any sample."""


@dataclass(frozen=True)
class Problems:
    """All problems of a run, as a grid and as a table."""

    cells: tuple[Cell, ...]
    rows: tuple[ProblemRow, ...]


@dataclass(frozen=True)
class ErrorShare:
    """One verdict class as a share of all samples, and where to see it."""

    mark: Mark
    meaning: str
    samples: str
    percent: str
    width: float
    """In percent of the widest bar's room."""
    problems: tuple[Crumb, ...]
    """The first problems where it happened."""
    more: str
    path: str
    """Of all of them in the list of failures; empty where there is none."""


@dataclass(frozen=True)
class Failures:
    """What became of a run's samples."""

    shares: tuple[ErrorShare, ...]
    """Passes first, then the most frequent failure."""
    exceptions: tuple[Crumb, ...]
    """The runtime errors by exception, counted; each leads to the list of failures."""
    modules: tuple[Fact, ...]
    """What programs asked for in vain, by module."""


def problems_of(entry: LoadedRun, urls: Urls, *, anchored: bool) -> Problems:
    """Show every problem of a run; ``anchored`` rows have an address each."""
    tallies = entry.summary.tallies
    return Problems(
        cells=tuple(_cell(entry, tally, urls) for tally in tallies),
        rows=tuple(_row(entry, tally, urls, anchored=anchored) for tally in tallies),
    )


def failures_of(entry: LoadedRun, languages: str, urls: Urls) -> Failures:
    """Show how a run's samples ended; ``languages`` are those of its problems, in words."""
    shares = _shares(entry, languages, urls)
    exceptions = tuple(
        Crumb(f"{number:,} × {name}", urls.listed(entry.id, f"exception={plain(name)}"))
        for name, number in entry.summary.exceptions.items()
        if plain(name)
    )
    modules = tuple(
        Fact(name, f"{number:,}", said=(Part(f"{number:,}", urls.listed(entry.id, lacking(name))),))
        for name, number in entry.summary.missing_modules.items()
    )
    return Failures(shares, exceptions, modules)


def lacking(module: str) -> str:
    """Those of a run's failures that asked for a module in vain, as their list's address has it."""
    return f"class={VerdictClass.MISSING_MODULE}&q={quote(module)}"


def kinds_of(tally: Tally, run_id: str, urls: Urls) -> tuple[Crumb, ...]:
    """Count a problem's failures by class, the most frequent first, each with where the run's are listed."""
    ordered = sorted(tally.failures.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Crumb(f"{number} × {VerdictClass(kind).words}", urls.listed(run_id, f"class={kind}"))
        for kind, number in ordered
    )


def _cell(entry: LoadedRun, tally: Tally, urls: Urls) -> Cell:
    none = "not graded yet" if entry.is_ungraded else "no sample"
    said = f"{tally.c} of {tally.n} passed" if tally.n else none
    return Cell(
        path=urls.problem_in_run(entry.id, tally.problem),
        short=tally.problem.rpartition("/")[2][:6],
        level=level_of(tally),
        label=f"{tally.problem}: {said}",
    )


def level_of(tally: Tally) -> str:
    """Share of passes in tenths: only none is 0 and only all is 10; ``x`` without samples."""
    return str(tally.c and max(1, 10 * tally.c // tally.n)) if tally.n else "x"


def _row(entry: LoadedRun, tally: Tally, urls: Urls, *, anchored: bool) -> ProblemRow:
    share = tally.c / tally.n if tally.n else None
    return ProblemRow(
        task_id=tally.problem,
        path=urls.problem_in_run(entry.id, tally.problem),
        anchor=urls.row(tally.problem) if anchored else "",
        passed=f"{tally.c} of {tally.n}" if tally.n else cells.DASH,
        num_passed=tally.c if tally.n else None,
        share=cells.percent(share, 0) if share is not None else cells.DASH,
        share_value=share,
        failures=kinds_of(tally, entry.id, urls),
        num_failed=tally.n - tally.c if tally.n else None,
        execution=cells.seconds(tally.execution_s) if tally.n else cells.DASH,
        execution_value=tally.execution_s if tally.n else None,
    )


def _shares(entry: LoadedRun, languages: str, urls: Urls) -> tuple[ErrorShare, ...]:
    summary = entry.summary
    total = sum(summary.verdicts.values())
    widest = max(summary.verdicts.values(), default=1)
    shares = []
    order = sorted(summary.verdicts, key=lambda kind: (kind != VerdictClass.PASSED, -summary.verdicts[kind]))
    for kind in order:
        number = summary.verdicts[kind]
        where = [tally.problem for tally in summary.tallies if tally.failures.get(kind)]
        shares.append(
            ErrorShare(
                mark=verdict_mark(kind),
                meaning=VerdictClass(kind).meaning.format(language=languages),
                samples=f"{number:,}",
                percent=cells.percent(number / total),
                width=round(100 * number / widest, 1),
                problems=tuple(Crumb(task, urls.problem_in_run(entry.id, task)) for task in where[:3]),
                more=and_more(len(where), 3),
                path=urls.listed(entry.id, f"class={kind}") if kind != VerdictClass.PASSED else "",
            )
        )
    return tuple(shares)
