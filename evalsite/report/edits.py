"""What a report says of a run's edits: how many can be read, apply, and pass at each turn."""

from collections.abc import Iterator, Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.edits.formats import FORMATS
from evalsite.report.documents import compared_json
from evalsite.rundir.edits import EditCounts
from evalsite.stats.compare.edits import EditComparison, as_edits, has_turns
from evalsite.stats.compare.numbers import Decide
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.words.cells import percent_limits
from evalsite.words.sentences import certainty, percent

TABLE_HEADER = (
    "format of edits",
    "model",
    "samples",
    "well-formed",
    "applied",
    "passed",
    "at the first turn",
)


def edit_facts(run: LoadedRun) -> Iterator[tuple[str, str]]:
    """Names and values of facts; none where answers were to be no edits."""
    if not (edits := run.summary.edits):
        return
    yield "Edits", f"asked for as {title_of(edits.format)}"
    named = [("Well-formed", "well_formed"), ("Applied", "applied")]
    named += [("Passed at the first turn", "first")] if has_turns(run) else []
    for name, field in named:
        counted = as_edits(run, field)
        estimate = estimate_pass_at_k(counted.n, counted.c, 1)
        low, high = percent_limits(estimate.interval.low, estimate.interval.high)
        sure = f"{certainty(estimate.interval.confidence)} interval {low} to {high}"
        yield name, f"{percent(estimate.value)}  ({sure})"


def title_of(name: str) -> str:
    """A format as people write it."""
    return FORMATS[name].title if name in FORMATS else name


def format_rows(runs: Sequence[LoadedRun], named: Sequence[str]) -> list[tuple[str, ...]]:
    """Rows of :data:`TABLE_HEADER`, a run each, by format and then as they came; none without edits."""
    rows = [
        (title_of(edits.format), name, *_cells(edits, run))
        for run, name in zip(runs, named, strict=True)
        if (edits := run.summary.edits)
    ]
    return sorted(rows, key=lambda row: row[0])


def _cells(edits: EditCounts, run: LoadedRun) -> Iterator[str]:
    yield f"{edits.samples:,}"
    for counted in (edits.well_formed, edits.applied, edits.passed[-1] if edits.passed else 0):
        yield percent(counted / edits.samples)
    first = edits.passed[0] if edits.passed else 0
    yield percent(first / edits.samples) if has_turns(run) else "-"


def edits_json(run: LoadedRun) -> dict[str, object] | None:
    """The same for scripts."""
    if not (edits := run.summary.edits):
        return None
    return {
        "format": edits.format,
        "samples": edits.samples,
        "well_formed": edits.well_formed,
        "applied": edits.applied,
        "passed_after_turn": list(edits.passed),
    }


def comparison_json(found: EditComparison | None, decided: Decide) -> dict[str, object] | None:
    """What a comparison says of edits, for scripts; shares in [0, 1]."""
    if found is None:
        return None
    return {
        "formats": {"base": found.formats[0], "candidate": found.formats[1]},
        **{name: compared_json(compared, decided(compared)) for name, compared in found.figures.items()},
    }
