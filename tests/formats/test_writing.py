"""What every writer of another tool's form shares: the joined samples, safe names, JSON lines."""

import dataclasses
from pathlib import Path

import pytest
from msgspec import structs

from evalsite.formats.exporting import WRITERS
from evalsite.formats.writing import safe_name
from evalsite.rundir.schema import Dataset, Model
from tests.formats.helpers import loaded_run


@pytest.mark.parametrize("form", WRITERS)
def test_names_from_a_record_cannot_leave_the_output_folder(tmp_path, form):
    """A run directory may come from anybody: its id, data set and time are no paths."""
    loaded, samples = loaded_run(tmp_path)
    hostile = structs.replace(
        loaded.run,
        id="../../../evil",
        model=Model(name="../.."),
        dataset=Dataset(name="../up", sha256="", num_problems=2),
        created_at="2026-01-01T00:00:00/../../..Z",
        finished_at="2026-01-01T00:00:00Z",
    )
    written = list(WRITERS[form](dataclasses.replace(loaded, run=hostile), samples))
    assert written
    for name, _ in written:
        assert ".." not in Path(name).parts
        assert not name.startswith("/")
        assert not any(part.startswith(".") for part in Path(name).parts)


def test_safe_names_stay_apart():
    """What had to be changed gets a hash."""
    assert safe_name("2026-01-01T00-00-00Z--m--d") == "2026-01-01T00-00-00Z--m--d"
    assert len({safe_name(name) for name in ("a/b", "a-b", "a b", "../a-b", "..", "/")}) == 6
