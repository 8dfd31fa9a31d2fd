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
    """On pieces, and on what comes of them; as much as they say is taken."""
    same = Piece("x\n", "x\n")
    assert apply_edits({"a": "x\n"}, [FileEdit("a", (same,) * MOST_PIECES)]) == {"a": "x\n"}
    assert len(apply_edits({"a": "x"}, [FileEdit("a", whole="x" * (MOST_TEXT + 1))])["a"]) == MOST_TEXT + 1
    with pytest.raises(EditError, match="the edit has more than 2000 pieces"):
        apply_edits({"a": "x\n"}, [FileEdit("a", (same,)), *[FileEdit("a", whole="x\n")] * MOST_PIECES])
    with pytest.raises(EditError, match="pieces"):
        apply_edits({"a": "x\n"}, [FileEdit("a", (Piece("x\n", "x\n"),) * (MOST_PIECES + 1))])
    with pytest.raises(EditError, match="more pieces than files as large can have"):
        apply_edits({"a": "x = 1\n" * 60_000 + "y\n"}, [FileEdit("a", (Piece("y\n", "y\n"),) * 1_500)])
    with pytest.raises(EditError, match="larger than"):
        apply_edits({"a": ""}, [FileEdit("a", whole="x" * (MOST_TEXT + 1))])


def test_an_empty_piece_fills_an_empty_file_alone():
    """Blanks are no text."""
    assert applied(Piece("", "new\n"), text=" \n") == "new\n"
    assert applied(Piece("", ""), text=" \n") == ""
    with pytest.raises(EditError, match=r"nothing is to be replaced in a\.txt, which is not empty"):
        applied(Piece("", "new\n"))


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("zzzz\n", "does not stand in a.txt: no line is 'zzzz'"),
        ("three\nfour\n", "no line is 'four'"),
        ("\ttre\n", "no line is '\\ttre'; the nearest is line 3, 'three'"),
        ("\n", "does not stand in a.txt"),
        ("two\none\n", "does not stand in a.txt: its lines do, but not in this order"),
    ],
)
def test_it_is_told_which_line_lacks_and_what_comes_nearest(before, told):
    """The first that is nowhere; nothing where none is like it."""
    with pytest.raises(EditError) as caught:
        applied(Piece(before, "x\n"))
    assert caught.value.message.endswith(told)


def test_a_path_may_begin_in_its_folder():
    """Of another one the nearest is meant, if it is near."""
    assert apply_edits({"a.txt": ""}, [FileEdit("./a.txt", whole="x")]) == {"a.txt": "x"}
    with pytest.raises(
        EditError, match=r"^'b\.txt' is none of the files that are to be changed; a\.txt is meant, p"
    ):
        apply_edits({"a.txt": ""}, [FileEdit("b.txt", whole="x")])
    with pytest.raises(EditError, match=r"^'far' is none of the files that are to be changed$"):
        apply_edits({"a.txt": ""}, [FileEdit("far", whole="x")])
