"""Files that are one object, task by task: programs or records of answers, or OpenCompass' predictions."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets.unpacking import read_bytes
from evalsite.formats.samples import ANSWERS, answers_of
from evalsite.formats.tasks import NOT_FOUND, TEXT, FoundAnswer, Tasks, decode, decode_document
from evalsite.rundir.schema import AnswerForm, Problem

_Answer = tuple[str, AnswerForm, str | None]
"""The field that it stands in, how it is read, and its text."""


_QUOTED = re.compile(r"\[BEGIN\]\s*'(.*?)'\s*\[DONE\]", re.DOTALL)
"""How OpenCompass' examples of MBPP show an answer, quotes included, and how models then give theirs."""
_BETWEEN = "were read where they stand in quotes between [BEGIN] and [DONE]"


class _Prediction(msgspec.Struct):
    gold: Any
    prediction: str | list[str | None] | None


def begins_programs(first: Any) -> bool:
    """Whether each of its fields may name a task, and holds a list, a text or a record of an answer."""
    found = first.items() if isinstance(first, dict) else ()
    return bool(found) and all(any(map(str.isdecimal, name)) and _holds(value) for name, value in found)


def _holds(value: Any) -> bool:
    if isinstance(value, dict):
        return not value.keys().isdisjoint(ANSWERS)
    return value == [] or (isinstance(value, bytes) and value[:1] in b'"n')


def begins_opencompass(first: Any) -> bool:
    """Whether each of its fields, numbered, holds a prediction."""
    found = first.values() if isinstance(first, dict) else ()
    return bool(found) and all(isinstance(each, dict) and "prediction" in each for each in found)


def read_programs(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the programs of ``{"HumanEval/0": ["def ...", ...]}``, or what records in their place hold."""
    for task, raw in _fields(path, tasks).items():
        with tasks.record():
            place = f"{path}: {task:.200}"
            problem = tasks.find(place, task)
            several = bytes(memoryview(raw)[:1]) == b"["
            programs = decode_document(place, raw, list[msgspec.Raw]) if several else [raw]
            found = [answer for each in programs for answer in _answers(place, each, problem, tasks)]
            for (field, form, _), text in tasks.there(problem, found, lambda answer: answer[2]):
                yield tasks.sample(problem, text, form, read_from=field)


def _answers(place: str, raw: msgspec.Raw, problem: Problem, tasks: Tasks) -> Iterator[_Answer]:
    """The programs that stand for themselves, and those in a record as plain files have it."""
    if bytes(memoryview(raw)[:1]) == b"{":
        yield from answers_of(place, decode(place, raw, dict[str, msgspec.Raw]), problem, tasks.read_as)
    else:
        yield "task", "solution", decode(place, raw, TEXT)


def read_opencompass(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the predictions, which are chat answers.

    ``gold`` is the task of one (HumanEval), an object with the task (MBPP, repeated), or its tests (MBPP).
    """
    by_tests = {problem.tests.strip(): task for task, problem in tasks.problems.items()}
    for number, raw in _fields(path, tasks).items():
        with tasks.record():
            place = f"{path}: {number:.200}"
            row = decode(place, raw, _Prediction)
            gold = row.gold.get("task_id") if isinstance(row.gold, dict) else row.gold
            if isinstance(gold, str):
                gold = by_tests.get(gold.replace("\r\n", "\n").strip(), gold)
            problem = tasks.find(f"{place}: field `gold`", gold)
            several = row.prediction if isinstance(row.prediction, list) else [row.prediction]
            for text in tasks.texts(problem, several):
                if quoted := _QUOTED.search(text):
                    tasks.told.notes[_BETWEEN] += 1
                    text = quoted[1]
                yield tasks.sample(problem, text, "response", read_from="prediction")


def _fields(path: Path, tasks: Tasks) -> dict[str, msgspec.Raw]:
    document = read_bytes(path, tasks.room, not_found=NOT_FOUND)
    return decode_document(str(path), document, dict[str, msgspec.Raw])
