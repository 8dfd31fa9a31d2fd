"""The shapes of records that are read, and the way from a record to its problem."""

from functools import partial
from typing import Any

import msgspec
from msgspec import structs

from evalsite.datasets import (
    bigcodebench,
    calls,
    cruxeval,
    evalplus,
    exercises,
    humaneval,
    humanevalpack,
    infilling,
    livecodebench,
    mbpp,
    mbxp,
    multipl_e,
)
from evalsite.datasets.base import Entry, Shape
from evalsite.datasets.records import MISFIT, decode_record, refuse_halves
from evalsite.datasets.unpacking import ROOM_OF_PROBLEMS
from evalsite.datasets.unread import refuse_unread
from evalsite.errors import DatasetError
from evalsite.rundir.schema import Problem
from evalsite.words.text import one_line

SHAPES: list[Shape[Any]] = [
    calls.BFCL,
    calls.OWN,
    exercises.SHAPE,
    humanevalpack.SYNTHESIS,
    mbxp.SHAPE,
    multipl_e.SHAPE,
    mbpp.SHAPE,
    cruxeval.OUTPUT,
    evalplus.SHAPE,
    livecodebench.SHAPE,
    bigcodebench.COMPLETE,
    infilling.SHAPE,
    humaneval.SHAPE,
]
"""In the order in which they are tried. What fits none is read as the last: its error says what lacks."""


def read_entry(
    place: str, record: msgspec.Raw, shape: Shape[Any] | None = None, *, trusted: bool = False
) -> Entry:
    """Make a problem of a record, of the shape that it looks like where none is given.

    Raises DatasetError with place and field where that cannot be; a trusted record is not looked through for
    what no answer could pass with, which takes most of the time.
    """
    if shape is None:
        fields = _decoded(place, record, dict[str, msgspec.Raw])
        shape = next((shape for shape in SHAPES if shape.fits(fields)), SHAPES[-1])
        refuse_unread(place, fields, shape.record.__struct_fields__)
    refuse_halves(place, record, (*shape.record.__struct_fields__, *_Clustered.__struct_fields__))
    decoded = _decoded(place, record, shape.record)
    problem: Problem = shape.to_problem(decoded)
    if fault := None if trusted else next(shape.faults(decoded), None):
        field, what = fault
        raise DatasetError(f"{place}: field `{field}` of {one_line(problem.task_id)}: {what}", hint=MISFIT)
    if cluster := _own_cluster(place, record) or shape.cluster(problem.task_id):
        problem = structs.replace(problem, cluster="" if cluster == problem.task_id else cluster)
    fields_of = shape.reference_field, shape.tests_field(decoded)
    return Entry(place, problem, *fields_of, date=shape.date(decoded), by_models=shape.by_models)


_decoded = partial(decode_record, room=ROOM_OF_PROBLEMS)


class _Clustered(msgspec.Struct):
    """The field of its own that a record of any shape may have."""

    cluster: str | int | None = None


def _own_cluster(place: str, record: msgspec.Raw) -> str:
    found = _decoded(place, record, _Clustered).cluster
    return "" if found is None else str(found).strip()
