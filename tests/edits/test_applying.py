"""Edits as they apply: line by line, in order, within bounds."""

import pytest

from evalsite.edits.applying import MOST_PIECES, MOST_TEXT, EditError, FileEdit, Piece, apply_edits

TEXT = "one\ntwo\nthree\ntwo\n"


def applied(*pieces, text=TEXT):
    return apply_edits({"a.txt": text}, [FileEdit("a.txt", tuple(pieces))])["a.txt"]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("one\n", "1\n", "1\ntwo\nthree\ntwo\n"),
        ("three\ntwo\n", "", "one\ntwo\n"),
        ("one\ntwo\n", "1\n2\n2\n", "1\n2\n2\nthree\ntwo\n"),
        ("three", "3", "one\ntwo\n3\ntwo\n"),
        ("one\ntwo\nthree\ntwo\n", "", ""),
        ("one\n", "\n", "\ntwo\nthree\ntwo\n"),
    ],
)
def test_whole_lines_give_way(before, after, found):
    """At the beginning, in the middle and at the end; to nothing, too."""
    assert applied(Piece(before, after)) == found


@pytest.mark.parametrize("before", ["on\n", "ne\n", "one \n", " one\n", "One\n"])
def test_a_part_of_a_line_is_none(before):
    """Nor is a line with other blanks."""
    with pytest.raises(EditError, match="does not stand in"):
        applied(Piece(before, "x\n"))


def test_a_place_is_told_by_its_number_or_not_at_all():
    """Where lines stand twice."""
    assert applied(Piece("two\n", "2\n", 4)) == "one\ntwo\nthree\n2\n"
    with pytest.raises(EditError, match="at lines 2 and 4"):
        applied(Piece("two\n", "2\n"))
    with pytest.raises(EditError, match="and more"):
        applied(Piece("x\n", "y\n"), text="x\n" * 1000)


def test_what_was_there_is_as_it_was():
    """The files that were given are not touched, and neither are those that no edit names."""
    files = {"a.txt": TEXT, "b.txt": "b"}
    assert apply_edits(files, [FileEdit("a.txt", whole="x")]) == {"a.txt": "x", "b.txt": "b"}
    assert files == {"a.txt": TEXT, "b.txt": "b"}


def test_there_are_bounds():
    """On pieces, and on what comes of them."""
    with pytest.raises(EditError, match="pieces"):
        apply_edits({"a": "x\n"}, [FileEdit("a", (Piece("x\n", "x\n"),) * (MOST_PIECES + 1))])
    with pytest.raises(EditError, match="more pieces than files as large can have"):
        apply_edits({"a": "x = 1\n" * 60_000 + "y\n"}, [FileEdit("a", (Piece("y\n", "y\n"),) * 1_500)])
    with pytest.raises(EditError, match="larger than"):
        apply_edits({"a": ""}, [FileEdit("a", whole="x" * (MOST_TEXT + 1))])
