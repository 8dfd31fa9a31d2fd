"""Which runs a chart shows, and what they are called in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.words.sentences import count

SIDES = {"baseline": 0, "candidate": 1, "": 2}
"""Side of a run -> its place among others, where there is no room for all."""
MOST_DRAWN = 16
"""Runs in one chart: more labels than that nobody reads."""
LONGEST = 15
"""Characters of a name beside its line or point; the whole name stands in the table."""


@dataclass(frozen=True)
class Series:
    """A run in a chart."""

    run: LoadedRun
    side: str
    """``baseline``, ``candidate`` or empty."""
    key: str
    """What the filter knows it by; empty on pages without one."""
    name: str
    """The model, told apart from another run of it."""


def choose(entries: Sequence[Series]) -> tuple[list[Series], str]:
    """Choose the runs of a chart: baselines, candidates, then the best; says what is left out."""
    chosen = sorted(range(len(entries)), key=lambda place: SIDES[entries[place].side])[:MOST_DRAWN]
    left_out = len(entries) - len(chosen)
    told = f" {count(left_out, 'run')} more in the table above." if left_out else ""
    return [entries[place] for place in sorted(chosen)], told


def short(name: str, longest: int = LONGEST) -> str:
    """Cut a name in its middle, since what tells quantizations apart stands at the end."""
    if len(name) <= longest:
        return name
    head = (longest - 1) // 2
    return f"{name[:head]}…{name[head + 1 - longest :]}"
