"""EvalPlus' ``*_eval_results.json`` (0.2 and later): solutions with their status on base and plus tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.client.finishing import is_lost
from evalsite.datasets.unpacking import read_bytes
from evalsite.errors import DatasetError
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode, decode_document, finish_of


class _Results(msgspec.Struct):
    eval: dict[str, msgspec.Raw]


class _Entry(msgspec.Struct):
    solution: str | None = None
    base_status: str | None = None
    plus_status: str | None = None


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
        with tasks.record():
            problem = tasks.find(place, task)
            if bytes(raw).lstrip()[:1] != b"[":
                raise DatasetError(
                    f"{place}: not a list of solutions; EvalPlus before 0.2 kept none in its results",
                    hint="Import the samples that these results were made from instead.",
                )
            entries = decode_document(place, raw, list[msgspec.Raw])
            if not entries:
                tasks.miss(problem)
            for each in entries:
                with tasks.record():
                    entry = decode(place, each, _Entry)
                    status = _status(entry, plus=plus, both=bool(problem.parts))
                    finish = finish_of(each)[0]
                    if entry.solution is None or is_lost(finish):
                        tasks.miss(problem)
                        continue
                    yield tasks.sample(
                        problem,
                        entry.solution,
                        "solution",
                        claimed=status == "pass" if status else None,
                        finish_reason=finish,
                    )


def _status(entry: _Entry, *, plus: bool, both: bool) -> str | None:
    """What the file claims of a sample: by one of the kinds of tests, or ``pass`` where ``both`` say so."""
    if both and entry.base_status == "pass":
        return entry.plus_status
    return entry.plus_status if plus and not both else entry.base_status


def is_evalplus_folder(path: Path) -> bool:
    """Whether it is what older versions of EvalPlus write: a folder a task, a file a program."""
    return path.is_dir() and any(path.glob("*/*.py"))


def read_evalplus_folder(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the programs of ``HumanEval_0/0.py`` and the like, by task and number."""
    left = tasks.room.most
    for folder in sorted(each for each in path.iterdir() if each.is_dir() and any(each.glob("*.py"))):
        with tasks.record():
            problem = tasks.find(str(folder), folder.name)
            for file in sorted(folder.glob("*.py"), key=lambda file: (len(file.name), file.name)):
                source = read_bytes(file, tasks.room, not_found=NOT_FOUND)
                left -= len(source)
                if left < 0:
                    raise tasks.room.refuse(str(path), 0)
                yield tasks.sample(problem, source.decode("utf-8", "replace"), "solution", read_from="*.py")
