"""LiveCodeBench's outputs: an array of problems, each with its answers, the code found in them and results.

``Scenario.codegeneration_<n>_<temperature>.json`` has no results, ``..._eval_all.json`` has. What its own
evaluation of other harnesses' code takes (``--custom_output_file``) has the code alone. As
``lcb_runner/benchmarks/code_generation.py`` and ``lcb_runner/runner/custom_evaluator.py`` of
github.com/LiveCodeBench/LiveCodeBench write and read them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets.records import read_records
from evalsite.errors import DatasetError
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode
from evalsite.rundir.schema import AnswerForm


class _Row(msgspec.Struct):
    question_id: str | int
    output_list: list[str | None] | None = None
    code_list: list[str | None] | None = None
    graded_list: list[bool] = []


def begins_livecodebench(first: Any) -> bool:
    """Whether it names a contest's question, and holds what was answered."""
    return (
        isinstance(first, dict)
        and "question_id" in first
        and any(name in first for name in ("output_list", "code_list"))
    )


def read_livecodebench(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the answers, or the code found in them where that alone is there, or programs are wanted."""
    for place, raw in read_records(path, tasks.room, not_found=NOT_FOUND):
        with tasks.record():
            row = decode(place, raw, _Row)
            problem = tasks.find(f"{place}: field `question_id`", row.question_id, exactly=True)
            answers, programs = row.output_list, row.code_list
            as_code = answers is None or (programs is not None and tasks.read_as == "solution")
            texts = programs if as_code else answers
            if texts is None:
                raise DatasetError(f"{place}: neither `output_list` nor `code_list` holds answers")
            form: AnswerForm = "solution" if as_code else "response"
            whole = len(row.graded_list) == len(texts)
            claims: list[bool | None] = [*row.graded_list] if whole else [None] * len(texts)
            given = list(zip(texts, claims, strict=True))
            for (_, claimed), text in tasks.there(problem, given, lambda each: each[0]):
                field = "code_list" if as_code else "output_list"
                yield tasks.sample(problem, text, form, read_from=field, claimed=claimed)
