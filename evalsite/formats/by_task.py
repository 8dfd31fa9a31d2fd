"""Files that are one object, task by task: lists of programs, or OpenCompass' predictions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets.unpacking import read_bytes
from evalsite.formats.tasks import NOT_FOUND, TEXT, FoundAnswer, Tasks, decode, decode_document


class _Prediction(msgspec.Struct):
    gold: Any
    prediction: str | list[str | None] | None


def begins_programs(first: Any) -> bool:
    """Whether each of its fields may name a task, and holds a list or a text."""
    found = first.items() if isinstance(first, dict) else ()
    return bool(found) and all(
        any(map(str.isdecimal, name)) and (value == [] or (isinstance(value, bytes) and value[:1] in b'"n'))
        for name, value in found
    )


def begins_opencompass(first: Any) -> bool:
    """Whether each of its fields, numbered, holds a prediction."""
    found = first.values() if isinstance(first, dict) else ()
    return bool(found) and all(isinstance(each, dict) and "prediction" in each for each in found)


def read_programs(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the programs of ``{"HumanEval/0": ["def ...", ...], ...}``."""
    for task, raw in _fields(path, tasks).items():
        with tasks.record():
            place = f"{path}: {task:.200}"
            problem = tasks.find(place, task)
            several = bytes(memoryview(raw)[:1]) == b"["
            programs = decode_document(place, raw, list[msgspec.Raw]) if several else [raw]
            for text in tasks.texts(problem, [decode(place, each, TEXT) for each in programs]):
                yield tasks.sample(problem, text, "solution", read_from="task")


def read_opencompass(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the predictions, which are chat answers; ``gold`` is the task of one, in HumanEval's case."""
    for number, raw in _fields(path, tasks).items():
        with tasks.record():
            place = f"{path}: {number:.200}"
            row = decode(place, raw, _Prediction)
            problem = tasks.find(f"{place}: field `gold`", row.gold)
            several = row.prediction if isinstance(row.prediction, list) else [row.prediction]
            for text in tasks.texts(problem, several):
                yield tasks.sample(problem, text, "response", read_from="prediction")


def _fields(path: Path, tasks: Tasks) -> dict[str, msgspec.Raw]:
    document = read_bytes(path, tasks.room, not_found=NOT_FOUND)
    return decode_document(str(path), document, dict[str, msgspec.Raw])
