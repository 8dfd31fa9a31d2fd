"""A run's calls of tools on its page: how many fit their schema, which leaked, and accuracy by group."""

from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.report.calls import GROUPS_HEADER, call_facts, group_rows
from evalsite.site.views.frame import Fact


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
