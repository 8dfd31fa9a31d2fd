"""Which runs a chart shows, and what they are called in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.words.sentences import count

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
    name: str = ""
    """The model, told apart from another run of it."""


def choose(entries: Sequence[Series]) -> tuple[list[Series], str]:
    """Name the runs of a chart, and choose: baselines, candidates, then the best; says what is left out."""
    named = [
        Series(one.run, one.side, one.key, name)
        for one, name in zip(entries, names([one.run for one in entries]), strict=True)
    ]
    worth = {"baseline": 0, "candidate": 1, "": 2}
    chosen = sorted(named, key=lambda one: worth[one.side])[:MOST_DRAWN]
    keep = {one.name for one in chosen}
    left_out = len(named) - len(chosen)
    told = f" {count(left_out, 'run')} more in the table above." if left_out else ""
    return [one for one in named if one.name in keep], told


def names(entries: Sequence[LoadedRun]) -> list[str]:
    """Model names, told apart by date (and number) where one occurs twice."""
    models = [entry.model for entry in entries]
    dated = [
        model if models.count(model) == 1 else f"{model} ({entry.run.created_at[:10]})"
        for model, entry in zip(models, entries, strict=True)
    ]
    return [
        name if dated.count(name) == 1 else f"{name} #{dated[: index + 1].count(name)}"
        for index, name in enumerate(dated)
    ]


def short(name: str) -> str:
    """Cut a name in its middle, since what tells quantizations apart stands at the end."""
    if len(name) <= LONGEST:
        return name
    head = (LONGEST - 1) // 2
    return f"{name[:head]}…{name[head + 1 - LONGEST :]}"
