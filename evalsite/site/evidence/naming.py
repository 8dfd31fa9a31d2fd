"""What runs are called where several stand side by side: by model, and where one has several, by more."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.words import cells


def _asked(run: LoadedRun) -> str:
    settings = run.run.settings
    return f"n = {run.run.num_samples}" + (f", T = {settings.temperature:g}" if settings else "")


def _day(run: LoadedRun) -> str:
    return cells.day(run.run.created_at)


def _moment(run: LoadedRun) -> str:
    return cells.moment(run.run.created_at)


_WAYS: tuple[tuple[Callable[[LoadedRun], str], ...], ...] = ((_asked,), (_day,), (_asked, _day), (_moment,))
"""What is added to a model's name, the first that tells all its runs apart; else the run's id."""


def told_apart(runs: Sequence[LoadedRun]) -> dict[str, str]:
    """Run id -> a name that no other of these runs has."""
    by_model: dict[str, list[LoadedRun]] = defaultdict(list)
    for run in runs:
        by_model[_as_seen(run.model)].append(run)
    named: dict[str, str] = {}
    for own in by_model.values():
        named |= {own[0].id: own[0].model} if len(own) == 1 else _added(own)
    return named


def _as_seen(model: str) -> str:
    """A name as readers see it: blanks in a row are one, and an accent is one however it is written."""
    return unicodedata.normalize("NFC", " ".join(model.split()))


def _added(runs: Sequence[LoadedRun]) -> dict[str, str]:
    for way in _WAYS:
        more = {run.id: ", ".join(each(run) for each in way) for run in runs}
        if len(set(more.values())) == len(runs):
            return {run.id: f"{run.model} ({more[run.id]})" for run in runs}
    return {run.id: f"{run.model} ({run.id})" for run in runs}
