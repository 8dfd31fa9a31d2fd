"""Files that a user asked for, in a folder of the user's choice."""

import pytest

from evalsite.errors import OutputError
from evalsite.formats.files import write_file


def test_folders_are_made_on_the_way_and_an_earlier_file_is_replaced(tmp_path):
    """Nothing else stands there afterwards."""
    for data in (b"first", b"second"):
        path = write_file(tmp_path / "out", "a/b.csv", data)
        assert path == tmp_path / "out/a/b.csv"
        assert path.read_bytes() == data
    assert [each.name for each in path.parent.iterdir()] == ["b.csv"]


def test_a_folder_that_cannot_be_made_is_told_and_what_stands_in_its_place_stays(tmp_path):
    """A file has its name already."""
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"out/a: cannot be made \(Not a directory\)") as caught:
        write_file(tmp_path / "out", "a/b.csv", b"data")
    assert "or choose another folder" in caught.value.hint
    assert (tmp_path / "out").read_bytes() == b"mine"
