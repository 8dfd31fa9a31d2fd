"""lm-evaluation-harness' ``samples_<task>_<time>.jsonl``, of its HumanEval and MBPP tasks."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec

from evalsite.client.finishing import is_lost
from evalsite.datasets.records import read_records
from evalsite.errors import DatasetError
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode, finish_of
from evalsite.languages.python.reading import PythonReading
from evalsite.rundir.schema import AnswerForm

_OPEN_FENCE = re.compile(r"```\w*\n\Z")


class _Row(msgspec.Struct):
    doc: dict[str, Any]
    resps: list[list[str | None]]
    filtered_resps: list[Any] = []
    arguments: dict[str, Any] = {}
    filter: str = "none"
    metrics: list[str] = []


def begins_lm_eval(first: Any) -> bool:
    """Whether it is a document with the responses to it."""
    return isinstance(first, dict) and "resps" in first and "doc" in first


def read_lm_eval(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the answers. Several filters hold each answer once each; the first one counts."""
    wanted = None
    for place, raw in read_records(path, tasks.room, not_found=NOT_FOUND):
        with tasks.record():
            row = decode(place, raw, _Row)
            wanted = wanted or row.filter
            if row.filter != wanted:
                continue
            task = row.doc.get("task_id")
            if not isinstance(task, str | int):
                raise DatasetError(
                    f"{place}: field `doc.task_id`: not there, so these are samples of another task than "
                    "HumanEval's or MBPP's",
                    hint="Import the samples_humaneval*.jsonl or samples_mbpp*.jsonl of that run.",
                )
            problem = tasks.find(f"{place}: field `doc.task_id`", task)
            claim = _claim(decode(place, raw, dict[str, Any]), row.metrics)
            answers = list(_answers(row, tasks))
            ends = finish_of(raw, len(answers))  # evalsite's own exports add them
            whole = [
                each if not is_lost(end) else (*each[:2], None)
                for each, end in zip(answers, ends, strict=True)
            ]
            ended = iter([end for (_, _, text), end in zip(whole, ends, strict=True) if text is not None])
            for (field, form, _), text in tasks.there(problem, whole, lambda each: each[2]):
                yield tasks.sample(
                    problem, text, form, read_from=field, claimed=claim, finish_reason=next(ended)
                )


def _answers(row: _Row, tasks: Tasks) -> Iterator[tuple[str, AnswerForm, str | None]]:
    """Yield each answer with its field, in the form that takes least interpretation.

    What ``create_test`` gives is the prompt with the answer behind it: a whole program, unless the answer was
    a chat's. Of those ``humaneval_instruct`` leaves what stands before the first fence, which is nothing, and
    ``humaneval`` the prompt with prose behind it. ``extract_code`` loses code (it takes ``def`` for the
    language of a fence). Behind these the raw answers are read, with the fence that the prompt had opened.
    """
    given = row.arguments.get("gen_args_0")
    prompt = given.get("arg_0") if isinstance(given, dict) else ""
    fence = _OPEN_FENCE.search(prompt) if isinstance(prompt, str) else None
    raw = _flat(row.resps)
    if row.filter == "create_test" and tasks.read_as in (None, "solution"):
        for filtered, text in zip_longest(_flat(row.filtered_resps), raw):
            if tasks.read_as is None and text is not None and _is_chat(text):
                tasks.told.notes["were read as they came, since the filter had lost their code"] += 1
                yield "resps", "response", text
            else:
                yield "filtered_resps", "solution", filtered
        return
    for text in raw:
        form: AnswerForm = "completion" if row.filter == "none" and not fence else "response"
        yield "resps", form, fence.group() + text if fence and text is not None else text


def _is_chat(answer: str) -> bool:
    """Whether an answer is no continuation of a prompt: it has a fence, and before that no code."""
    before, fence, _ = answer.partition("```")
    first = next((line for line in before.split("\n") if line.strip()), "")
    return bool(fence) and first[:1] not in (" ", "\t", "#") and not PythonReading.begins.match(first)


def _flat(texts: list[Any]) -> list[str | None]:
    """``[["a", "b"]]`` (several of a problem) and ``["a"]`` (one) both occur."""
    return [text for each in texts for text in (each if isinstance(each, list) else [each])]


def _claim(row: dict[str, Any], metrics: list[str]) -> bool | None:
    """Return what the row's metric says of each answer; a share between 0 and 1 tells of none."""
    value = row.get(metrics[0]) if metrics else None
    if value in (0, 1):
        return bool(value)
    return None
