"""Calls of tools on pages: of a run how many fit their schema, which leaked, and accuracy by group; of two
runs the same beside each other, and on which problems each of them calls.
"""

from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.report.calls import GROUPS_HEADER, call_facts, group_rows
from evalsite.site.views.edits import HEAD, compared_row
from evalsite.site.views.frame import Fact
from evalsite.stats.compare.runs import RunComparison


@dataclass(frozen=True)
class Calls:
    """Calls of a run."""

    facts: tuple[Fact, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """A group each; none where problems have no groups."""


def calls_of(entry: LoadedRun) -> Calls | None:
    """Show what was counted; None where no problem wants calls."""
    if not (calls := entry.summary.calls):
        return None
    facts = tuple(Fact(name or "Schema", value) for name, value in call_facts(entry))
    head = tuple(name.capitalize() for name in GROUPS_HEADER)
    return Calls(facts, head, tuple(group_rows(calls)))


@dataclass(frozen=True)
class ComparedCalls:
    """Calls of two runs."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    trigger_head: tuple[str, ...]
    trigger: tuple[tuple[str, ...], ...]
    """Problems by who calls a tool, two rows of two; none where the runs share no problem."""


def compared_calls(found: RunComparison) -> ComparedCalls | None:
    """Show what a comparison says of calls; None where either run wants none."""
    if (calls := found.calls) is None:
        return None
    told = [("Right calls (pass@1)", found.numbers), ("Calls that fit their schema", calls.schema)]
    who = calls.trigger
    trigger = () if who is None else ((who.both, who.base_only), (who.candidate_only, who.neither))
    return ComparedCalls(
        head=("Calls", *HEAD[1:]),
        rows=tuple(compared_row(name, one, found) for name, one in told if one),
        trigger_head=("Problems", "The candidate calls", "It does not"),
        trigger=tuple(
            (name, *(f"{number:.4g}" for number in row))
            for name, row in zip(("The baseline calls", "It does not"), trigger, strict=False)
        ),
    )
