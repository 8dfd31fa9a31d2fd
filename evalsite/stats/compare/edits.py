"""Two runs' edits: whether they can still be read, whether they still apply, and what passes at each turn.

Each figure is one of first answers, compared problem by problem as pass@1 is. What passes after the last turn
is pass@1 itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace as replaced

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import Tally
from evalsite.stats.compare import explain
from evalsite.stats.compare.common import compare_passes
from evalsite.stats.compare.numbers import Comparison, Decide
from evalsite.stats.decision import MARGIN
from evalsite.stats.intervals import CONFIDENCE
from evalsite.words.sentences import count

FIGURES = {
    "well_formed": "Edits that can be read in their format",
    "applied": "Edits that apply",
    "first": "Samples that pass at the first turn",
}
"""Field of :class:`evalsite.rundir.edits.EditTally` -> what is counted, as a sentence begins."""


@dataclass(frozen=True)
class EditComparison:
    """What a comparison says of edits, besides pass@1, which is what passes after the last turn."""

    formats: tuple[str, str]
    """Of both runs; they may differ."""
    figures: dict[str, Comparison]
    """Name of :data:`FIGURES` -> the comparison; ``first`` where more than one turn was allowed."""


def compare_edits(
    base: LoadedRun, candidate: LoadedRun, *, margin: float = MARGIN, confidence: float = CONFIDENCE
) -> EditComparison | None:
    """Compare the edits of two runs; None where either has none, or they share no problem."""
    if not (base.summary.edits and candidate.summary.edits):
        return None
    found = {}
    for name in FIGURES:
        if name == "first" and not (has_turns(base) or has_turns(candidate)):
            continue
        compared = compare_passes(as_edits(base, name), as_edits(candidate, name), margin, confidence)
        if compared is None:
            return None
        found[name] = compared
    return EditComparison((base.summary.edits.format, candidate.summary.edits.format), found)


def has_turns(run: LoadedRun) -> bool:
    """Whether a sample could take more than one turn."""
    return run.run.settings is not None and run.run.settings.turns > 1


def as_edits(run: LoadedRun, name: str) -> LoadedRun:
    """The run in which a sample passes whose edit is what a name of :data:`FIGURES` says."""
    tallies = tuple(
        Tally(problem=tally.problem, n=tally.n, c=getattr(tally.edits, name), missing=tally.missing)
        for tally in run.summary.tallies
        if tally.edits
    )
    return LoadedRun(run.dir, run.run, replaced(run.summary, tallies=tallies), run.digest, run.retested)


def edit_sentences(found: EditComparison, decided: Decide) -> Iterator[str]:
    """What a careful reader should know of the edits, a sentence each."""
    for name, compared in found.figures.items():
        where = f"on {count(compared.num_problems, 'problem')}"
        yield explain.beside(f"{FIGURES[name]}, {where}", compared, decided(compared))
    if len(set(found.formats)) > 1:
        yield f"The baseline was asked for edits as {found.formats[0]}, the candidate as {found.formats[1]}."
