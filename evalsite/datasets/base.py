"""What a shape of records has to say of itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from evalsite.rundir.schema import Problem

Record = TypeVar("Record", bound=msgspec.Struct)


def name_of(task_id: float | str) -> str:
    """The text of an id, which files may hold as a number, also as tables write one: 17.0.

    Raises :class:`ValueError` for a number that is none of a list.
    """
    if isinstance(task_id, float):
        if not task_id.is_integer():
            raise ValueError(f"`task_id` is {task_id}")
        return str(int(task_id))
    return str(task_id)


@dataclass(frozen=True)
class Shape(Generic[Record]):
    """One shape of a data set's records, such as HumanEval's."""

    fits: Callable[[Mapping[str, msgspec.Raw]], bool]
    """Whether a record's fields, undecoded, are of this shape."""
    record: type[Record]
    to_problem: Callable[[Record], Problem]
    faults: Callable[[Record], Iterator[tuple[str, str]]] = lambda _record: iter(())
    """What no answer could pass with: (field, what is wrong with it)."""
    reference_field: str = "reference"
    """Field of a record that holds the reference solution."""
    by_models: bool = False
    """Whether models wrote the reference solutions: one that fails says nothing of its problem."""
    tests_field: Callable[[Record], str] = lambda _record: "tests"
    """Field of a record that holds the tests that count."""
    cluster: Callable[[str], str] = lambda _task_id: ""
    """The source problem of a problem, by its id, where other data sets have it, too (:mod:`.clusters`). A
    record's own field ``cluster`` comes first."""
    date: Callable[[Record], str] = lambda _record: ""
    """When a problem was published, in ISO 8601; empty where that is not known."""


@dataclass(frozen=True)
class Entry:
    """A record that could be read."""

    place: str
    """``file:line``, or ``file: record 3``."""
    problem: Problem
    reference_field: str
    tests_field: str
    date: str = ""
    """When the problem was published, in ISO 8601; empty where that is not known."""
    by_models: bool = False
    """Whether a model wrote the reference solution, so that it may be wrong."""
