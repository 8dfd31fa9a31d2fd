"""The error taxonomy: what each class is called, wherever it is called something."""

from pathlib import Path

import msgspec
import pytest

from evalsite.rundir.taxonomy import VerdictClass

PAGE = Path(__file__).parents[2] / "docs" / "run-format.md"


def test_a_class_has_its_names_in_one_place():
    """In files, in words, and where other tools expect the names of exceptions."""
    one = VerdictClass("memory_limit")
    assert (one, one.words, one.error_type) == ("memory_limit", "memory limit", "MemoryError")
    assert [VerdictClass.CRASHED.error_type, VerdictClass.NO_CODE.error_type] == ["Crash", "NoCode"]
    assert len({kind.error_type for kind in VerdictClass}) == len(VerdictClass)


def test_a_class_is_its_name_in_files():
    """Whatever else it knows."""
    assert msgspec.json.encode(list(VerdictClass)) == msgspec.json.encode(
        [str(kind) for kind in VerdictClass]
    )
    assert msgspec.json.decode(b'"no_code"', type=VerdictClass) is VerdictClass.NO_CODE
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'"nonsense"', type=VerdictClass)


def test_every_class_is_documented():
    """In the table of the run format."""
    page = PAGE.read_text("utf-8")
    assert [kind for kind in VerdictClass if f"`{kind}`" not in page] == []
