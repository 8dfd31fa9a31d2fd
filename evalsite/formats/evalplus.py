"""EvalPlus' ``*_eval_results.json`` (0.2 and later): solutions with their status on base and plus tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.client.finishing import known_finish
from evalsite.datasets.unpacking import read_bytes
from evalsite.errors import DatasetError
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode, decode_document


class _Results(msgspec.Struct):
    eval: dict[str, msgspec.Raw]


class _Entry(msgspec.Struct):
    solution: str
    base_status: str | None = None
    plus_status: str | None = None
    finish_reason: object = None


def begins_evalplus(first: Any) -> bool:
    """Whether it holds results by problem."""
    return isinstance(first, dict) and isinstance(first.get("eval"), dict)


def read_evalplus(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the solutions in the order in which EvalPlus wrote them.

    The status on the base tests is what the file claims; on the plus tests, for a data set with ``plus`` or
    ``+`` in its name.
    """
    plus = "plus" in tasks.dataset.lower() or "+" in tasks.dataset
    document = read_bytes(path, tasks.room, not_found=NOT_FOUND)
    for task, raw in decode_document(str(path), document, _Results).eval.items():
        place = f"{path}: eval of {task}"
        problem = tasks.find(place, task)
        if bytes(raw).lstrip()[:1] != b"[":
            raise DatasetError(
                f"{place}: not a list of solutions; EvalPlus before 0.2 kept none in its results",
                hint="Import the samples that these results were made from instead.",
            )
        for each in decode_document(place, raw, list[msgspec.Raw]):
            entry = decode(place, each, _Entry)
            status = entry.plus_status if plus else entry.base_status
            yield tasks.sample(
                problem,
                entry.solution,
                "solution",
                claimed=status == "pass" if status else None,
                finish_reason=known_finish(entry.finish_reason),
            )
