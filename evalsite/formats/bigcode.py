"""bigcode-evaluation-harness' ``generations*.json``: a list, by problem order, of lists of whole programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets.records import read_records
from evalsite.errors import DatasetError
from evalsite.formats.tasks import NOT_FOUND, TEXT, FoundAnswer, Tasks, decode


def begins_bigcode(first: Any) -> bool:
    """Whether it is a list of programs."""
    return isinstance(first, list)


def read_bigcode(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the generations. The file names no problem: list 1 belongs to the data set's first, and so on.

    Raises :class:`DatasetError` where the file has more lists than the data set has problems, or where the
    programs show that they were made for others.
    """
    generations = [
        (place, decode(place, raw, list[msgspec.Raw]))
        for place, raw in read_records(path, tasks.room, not_found=NOT_FOUND)
    ]
    problems = list(tasks.problems.values())
    if len(generations) > len(problems):
        raise DatasetError(
            f"{path}: generations for {len(generations)} problems, but the data set has {len(problems)}",
            hint="Check --dataset; bigcode's mbpp task is mbpp-test here.",
        )
    named = [
        any(problem.entry_point in (program or "") for program in _programs(place, programs))
        for problem, (place, programs) in zip(problems, generations, strict=False)
        if problem.entry_point and any((program or "").strip() for program in _programs(place, programs))
    ]
    # A poor model writes other names now and then; the wrong order or data set shows in nearly all of them.
    if named and sum(named) < len(named) / 2:
        raise DatasetError(
            f"{path}: {len(named) - sum(named)} of {len(named)} lists do not name their problem's function; "
            "these generations are not for this data set, or in another order",
            hint="Check --dataset; bigcode's mbpp task is mbpp-test here. Generations that were limited "
            "with --limit_start cannot be placed.",
        )
    for problem, (place, programs) in zip(problems, generations, strict=False):
        for program in tasks.texts(problem, list(_programs(place, programs))):
            yield tasks.sample(problem, program, "solution")


def _programs(place: str, programs: list[msgspec.Raw]) -> Iterator[str | None]:
    """Decode one program at a time."""
    return (decode(place, program, TEXT) for program in programs)
