"""What all records of a run directory have in common: how they are made, what they begin with, bounds."""

import importlib
import inspect
import pkgutil

import msgspec
import pytest

from evalsite import rundir
from evalsite.rundir.rows import Amount, Count, Number, Row, Seconds

for each in pkgutil.iter_modules(rundir.__path__):
    importlib.import_module(f"evalsite.rundir.{each.name}")


def records():
    """All kinds of records of the room."""
    found = [*msgspec.Struct.__subclasses__(), *Row.__subclasses__()]
    return sorted(
        {each for each in found if each.__module__.startswith("evalsite.rundir.") and each is not Row},
        key=lambda each: (each.__module__, each.__name__),
    )


KINDS = records()
EMPTY = (0, None, "", (), msgspec.UNSET)
BEGINS = {
    ("SecondAnswer", "attempts"): 1, ("Completion", "attempts"): 1, ("Asked", "most_choices"): 1,
    ("Settings", "stream"): True, ("Settings", "tool_choice"): "auto", ("Settings", "turns"): 1,
    ("Draw", "rule"): "sha256-v1", ("LookPlan", "spending"): "obrien-fleming", ("LookPlan", "give_up"): 0.1,
    ("Problem", "language"): "python", ("Run", "format"): 2, ("Summary", "format"): 2,
    ("Run", "kind"): "generated", ("Grading", "dedupe"): True, ("Grading", "preflight"): True,
    ("Limits", "cpu_s"): 5.0, ("Limits", "reference_factor"): 4.0, ("Limits", "wall_factor"): 4.0,
    ("Limits", "memory_mib"): 1024, ("Limits", "output_kib"): 1024, ("Limits", "processes"): 64,
    ("Limits", "file_mib"): 64, ("Limits", "disk_mib"): 128,
}  # fmt: skip
"""What a field is of which older files say nothing: others are empty, nothing, no."""
READ_ALONE = {"_Header", "_Graded"}
"""Parts of a document, read to be looked at."""
BY_PLACE = {"Wanted"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_record_does_not_change_and_is_made_by_names(kind):
    """Whoever read it may share it, and a field that is added in the middle moves no other."""
    given = {parameter.kind for parameter in inspect.signature(kind).parameters.values()}
    assert kind.__struct_config__.frozen is (kind.__name__ not in READ_ALONE)
    by_name = {inspect.Parameter.KEYWORD_ONLY}
    assert (given == by_name) is (kind.__name__ not in READ_ALONE | BY_PLACE)


def test_what_a_file_does_not_say_is_nothing():
    """Numbers are 0, flags are down; what is otherwise decides how older files are read, and stays."""
    usual = {
        (kind.__name__, field.name): field.default
        for kind in KINDS
        for field in msgspec.structs.fields(kind)
        if field.default is not msgspec.NODEFAULT and not isinstance(field.default, msgspec.Struct)
    }
    assert len(usual) > 50
    odd = [name for name, value in usual.items() if value not in [BEGINS.get(name, each) for each in EMPTY]]
    assert odd == []


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [(Count, 0, 10**12), (Number, -(10**6), 10**6), (Amount, 0.0, 1e12), (Seconds, 0.0, 1e9)],
    ids=["count", "number", "amount", "seconds"],
)
def test_numbers_of_files_have_bounds(kind, least, most):
    """What can be added up and printed, wherever a file is from."""
    assert [msgspec.convert(number, kind) for number in (least, most)] == [least, most]
    for number in (least - 1, most + 1):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(number, kind)
