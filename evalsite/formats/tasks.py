"""What all readers share: the names that tasks go by, the numbering of samples, and decoding."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from evalsite.datasets.records import Record, decode_record
from evalsite.datasets.unpacking import MOST_RECORD, ROOM, Room
from evalsite.errors import DatasetError
from evalsite.rundir.schema import AnswerForm, Completion, Problem

NOT_FOUND = "Check the path of the samples."
MISFIT = "docs/formats.md tells what is read of each form; --format names another one."


@dataclass(frozen=True)
class FoundAnswer:
    """One answer found in another tool's file; not graded, but maybe with what that tool says of it."""

    completion: Completion
    claimed: bool | None = None
    """Whether the file itself says that it passed; None where it does not say."""


class Tasks:
    """The problems of one data set, under every name that a file may give them; counts their samples."""

    def __init__(self, problems: Mapping[str, Problem], dataset: str = "", room: Room = ROOM) -> None:
        self.problems = problems
        self.dataset = dataset
        self.room = room
        self._spellings = {name: task_id for task_id in problems for name in _spellings(task_id)}
        self._seen: Counter[str] = Counter()

    def find(self, place: str, name: str | int) -> Problem:
        """Return the problem that a file calls ``name``; ``place`` is where, for the message."""
        task_id = self._spellings.get(str(name).lower())
        if task_id is None:
            raise DatasetError(
                f"{place}: {name!r} is no problem of this data set",
                hint=f"Its problems are called like {next(iter(self.problems), '')!r}; check --dataset.",
            )
        return self.problems[task_id]

    def sample(
        self, problem: Problem, text: str, form: AnswerForm, *, claimed: bool | None = None, **known: Any
    ) -> FoundAnswer:
        """Return the problem's next sample; ``known`` are further fields of its completion."""
        number = self._seen[problem.task_id]
        if len(text) > MOST_RECORD:
            raise DatasetError(f"{problem.task_id} sample {number}: an answer of {len(text):,} characters")
        self._seen[problem.task_id] += 1
        completion = Completion(problem=problem.task_id, sample=number, text=text, form=form, **known)
        return FoundAnswer(completion, claimed)


def _spellings(task_id: str) -> Iterator[str]:
    """``MBPP/17`` is also written ``Mbpp/17`` (EvalPlus) or just 17 (the data set itself)."""
    yield task_id.lower()
    prefix, _, number = task_id.partition("/")
    if prefix == "MBPP":
        yield number


def decode(place: str, data: bytes | msgspec.Raw, kind: type[Record]) -> Record:
    """Decode JSON of another tool; what does not fit is an error that names place and field."""
    return decode_record(place, data, kind, misfit=MISFIT)


def decode_document(place: str, data: bytes | msgspec.Raw, kind: type[Record]) -> Record:
    """The same for a whole file, which may be larger; ``kind`` leaves its parts undecoded."""
    return decode_record(place, data, kind, misfit=MISFIT, whole=True)
