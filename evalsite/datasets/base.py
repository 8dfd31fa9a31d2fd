"""What a shape of records has to say of itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from evalsite.rundir.schema import Problem

Record = TypeVar("Record", bound=msgspec.Struct)


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
    tests_field: Callable[[Record], str] = lambda _record: "tests"
    """Field of a record that holds the tests that count."""
