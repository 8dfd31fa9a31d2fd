"""Two programs beside each other: how their lines meet, and what is folded."""

from evalsite.languages.python import PYTHON
from evalsite.site.views.beside import stretches
from tests.site.helpers import verdict


def kinds(base, candidate):
    return [
        (one.kind, [line.number for line in one.base], [line.number for line in one.candidate])
        for one in stretches(verdict(base), verdict(candidate), PYTHON)
    ]


def test_programs_line_up_and_what_they_share_folds():
    """What stands in each other's place shares a row; three lines around a difference stay."""
    base = "\n".join(f"x{i}" for i in range(30))
    candidate = base.replace("x10", "y10\nz10").replace("x20", "y20")
    assert kinds(base, candidate) == [
        ("gap", [], []),
        ("same", [8, 9, 10], [8, 9, 10]),
        ("changed", [11], [11, 12]),
        ("same", [12, 13, 14], [13, 14, 15]),
        ("gap", [], []),
        ("same", [18, 19, 20], [19, 20, 21]),
        ("changed", [21], [22]),
        ("same", [22, 23, 24], [23, 24, 25]),
        ("gap", [], []),
    ]
    assert stretches(verdict(base), verdict(candidate), PYTHON)[0].note == "7 lines that both share"


def test_where_programs_part_first_is_marked():
    """There alone, by line and character."""
    notes = [
        one.note
        for one in stretches(verdict("a\nbcd\ne\nf"), verdict("a\nbxd\ne\ng"), PYTHON)
        if one.kind == "changed"
    ]
    assert notes == ["They part here: line 2, character 2 of the baseline's program", ""]


def test_short_shared_stretches_stay():
    """A single line is not folded: the fold would take its room."""
    assert kinds("a\nb\nc\nd\ne", "a\nb\nc\nd\nf") == [
        ("same", [1, 2, 3, 4], [1, 2, 3, 4]),
        ("changed", [5], [5]),
    ]


def test_the_line_that_failed_is_never_folded():
    """It may well stand far from what differs."""
    base, candidate = verdict("a\n" * 20 + "x\n"), verdict("a\n" * 20 + "y\n", line=2, passed=False)
    assert [one.kind for one in stretches(base, candidate, PYTHON)] == ["same", "changed"]


def test_a_blank_program_has_no_lines():
    """Nothing is made up for an answer without code: no line of it is equal to a blank one."""
    assert kinds("a\n\nb\n", " \n") == [("changed", [1, 2, 3], [])]


def test_each_side_marks_its_own_failing_line():
    """The line where one program failed is marked there alone."""
    (same,) = stretches(verdict("a\nb\n"), verdict("a\nb\n", line=2), PYTHON)
    assert [line.failed for line in same.base] == [False, False]
    assert [line.failed for line in same.candidate] == [False, True]
