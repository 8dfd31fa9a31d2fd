"""What all readers share: the names that tasks go by, the numbering of samples, what is told, decoding."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from evalsite.client.finishing import FIELDS, finishes
from evalsite.datasets.records import Record, decode_json, decode_record
from evalsite.datasets.unpacking import CUT_OFF, MOST_RECORD, ROOM, Room
from evalsite.errors import DatasetError
from evalsite.rundir.schema import AnswerForm, Completion, Problem
from evalsite.words.text import one_line

Given = TypeVar("Given")

NOT_FOUND = "Check the path of the samples."
TEXT: Any = str | None
"""An answer, or that there is none."""
MISFIT = "docs/formats.md tells what is read of each form; --format names another one."


@dataclass(frozen=True)
class FoundAnswer:
    """One answer found in another tool's file; not graded, but maybe with what that tool says of it."""

    completion: Completion
    claimed: bool | None = None
    """Whether the file itself says that it passed; None where it does not say."""


@dataclass
class Told:
    """What reading a file came upon besides its answers."""

    missing: Counter[str] = field(default_factory=Counter)
    """Problem -> samples that are there without an answer."""
    left_out: list[str] = field(default_factory=list)
    """Why records were left out, each with its place; not more of them than anybody reads."""
    num_left_out: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    """Field that an answer was read from -> answers."""
    passed_over: list[str] = field(default_factory=list)
    """Files of a folder that are of another form, or of none."""
    notes: Counter[str] = field(default_factory=Counter)
    """What readers have to say of answers, as a clause -> answers that it is about."""


MOST_TOLD = 100


class Tasks:
    """The problems of one data set, under every name that a file may give them; counts their samples.

    ``read_as`` is how all answers are read, whatever a file says. A record that does not fit costs itself,
    unless ``strict`` is said.
    """

    def __init__(
        self,
        problems: Mapping[str, Problem],
        dataset: str = "",
        room: Room = ROOM,
        read_as: AnswerForm | None = None,
        strict: bool = False,
    ) -> None:
        self.problems = problems
        self.dataset = dataset
        self.room = room
        self.read_as = read_as
        self.told = Told()
        self._strict = strict
        self._spellings = _all_spellings(problems)
        self._seen: Counter[str] = Counter()
        self._first_error: DatasetError | None = None
        self._unknown = 0
        self._damaged: DatasetError | None = None

    def find(self, place: str, name: object, *, exactly: bool = False) -> Problem:
        """Return the problem that a file calls ``name``; ``place`` is where, for the message.

        ``exactly`` this one is meant where names are the data set's own numbers, which others' could be, too.
        """
        if isinstance(name, str | int) and not isinstance(name, bool):
            if (text := str(name)) in self.problems:
                return self.problems[text]
            for spelling in () if exactly else _spoken(text):
                if len(found := self._spellings.get(spelling, ())) == 1:
                    return self.problems[found[0]]
        self._unknown += 1
        raise DatasetError(
            f"{place}: {name!r:.200} is no problem of this data set",
            hint=f"Its problems are called like {next(iter(self.problems), '')!r}; check --dataset.",
        )

    @contextmanager
    def record(self) -> Iterator[None]:
        """Within it one record is read, which is left out, and told, where it does not fit."""
        self._leave_out(self._damaged)
        self._damaged = None
        try:
            yield
        except DatasetError as exc:
            if self._strict:
                raise
            if exc.hint == CUT_OFF:
                self._damaged = exc  # and with it the whole file, if it is the last: it was cut off
            else:
                self._leave_out(exc)

    def end_of_file(self) -> None:
        """Raise :class:`DatasetError` where a file's last record is no JSON: the file was cut off."""
        if self._damaged:
            raise self._damaged

    def end(self) -> None:
        """Raise :class:`DatasetError` where all files have ended, and too little of them could be read."""
        answers = self._seen.total() + self.told.missing.total()
        if self._first_error and (not answers or self._unknown > answers):
            raise self._first_error

    def miss(self, problem: Problem) -> None:
        """Count a sample that is there without an answer."""
        self.told.missing[problem.task_id] += 1

    def there(
        self, problem: Problem, answers: Sequence[Given], text_of: Callable[[Given], str | None]
    ) -> Iterator[tuple[Given, str]]:
        """Yield the answers that have a text, with it, and count the others as missing; no answer is one."""
        if not answers:
            self.miss(problem)
        for answer in answers:
            if (text := text_of(answer)) is None:
                self.miss(problem)
            else:
                yield answer, text

    def texts(self, problem: Problem, texts: Sequence[str | None]) -> Iterator[str]:
        """The same of answers that are nothing but their texts."""
        return (text for _, text in self.there(problem, texts, lambda text: text))

    def sample(
        self,
        problem: Problem,
        text: str,
        form: AnswerForm,
        *,
        claimed: bool | None = None,
        read_from: str = "",
        **known: Any,
    ) -> FoundAnswer:
        """Return the problem's next sample; ``known`` are further fields of its completion."""
        number = self._seen[problem.task_id]
        if len(text) > MOST_RECORD:
            raise DatasetError(
                f"{one_line(problem.task_id)} sample {number}: an answer of {len(text):,} characters"
            )
        self._seen[problem.task_id] += 1
        self.told.fields[read_from or form] += 1
        form = self.read_as or form
        completion = Completion(problem=problem.task_id, sample=number, text=text, form=form, **known)
        return FoundAnswer(completion, claimed)

    def _leave_out(self, error: DatasetError | None) -> None:
        if error is None:
            return
        self._first_error = self._first_error or error
        self.told.num_left_out += 1
        if len(self.told.left_out) < MOST_TOLD:
            self.told.left_out.append(error.message)


def _all_spellings(problems: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Spelling -> the problems that it may mean: of several, it means none."""
    prefixes = {task_id.partition("/")[0] for task_id in problems}
    found: dict[str, tuple[str, ...]] = {}
    for task_id in problems:
        prefix, _, number = task_id.partition("/")
        bare = {number} if len(prefixes) == 1 or prefix == "MBPP" else set()
        for name in {task_id.casefold(), *bare} - {""}:
            found[name] = (*found.get(name, ()), task_id)
    return found


def _spoken(name: str) -> Iterator[str]:
    """Ways to say a name: ``MBPP/17`` is also ``Mbpp/17`` (EvalPlus), 17 (the data set itself), ``MBPP_17``
    (folders), ``MBPP 017`` (names that sort), or ``mbpp_17_triple`` (MultiPL-E).
    """
    yield name.casefold()
    if parts := _JOINED.match(name[:_MOST_NAME]):
        yield f"{parts[1]}/{parts[2]}".casefold()


_JOINED = re.compile(r"([A-Za-z][A-Za-z+-]*)[_ /-]0{0,9}(\d{1,9})(?:_|\Z)")
_MOST_NAME = 100


def finish_of(record: bytes | msgspec.Raw | Mapping[str, msgspec.Raw], answers: int = 1) -> list[str | None]:
    """Why each answer of a record ended, by whichever of its fields tells (:func:`finishes`)."""
    fields = record if isinstance(record, Mapping) else decode_json(record, dict[str, msgspec.Raw])
    return finishes({name: decode_json(fields[name], Any) for name in FIELDS if name in fields}, answers)


def decode(place: str, data: bytes | msgspec.Raw, kind: type[Record]) -> Record:
    """Decode JSON of another tool; what does not fit is an error that names place and field."""
    return decode_record(place, data, kind, misfit=MISFIT)


def decode_document(place: str, data: bytes | msgspec.Raw, kind: type[Record]) -> Record:
    """The same for a whole file, which may be larger; ``kind`` leaves its parts undecoded."""
    return decode_record(place, data, kind, misfit=MISFIT, whole=True)
