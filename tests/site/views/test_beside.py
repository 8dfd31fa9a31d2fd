"""Two programs beside each other: how their lines meet, and what is folded."""

from evalsite.languages.python import PYTHON
from evalsite.site.views.beside import stretches
from tests.site.helpers import verdict


def kinds(base, candidate):
    return [
        (
            "folded" if one.folded else one.kind,
            [line.number for line in one.base],
            [line.number for line in one.candidate],
        )
        for one in stretches(verdict(base), verdict(candidate), PYTHON)
    ]


def test_programs_line_up_and_what_they_share_folds():
    """What stands in each other's place shares a row; three lines around a difference stay, others fold."""
    base = "\n".join(f"x{i}" for i in range(30))
    candidate = base.replace("x10", "y10\nz10").replace("x20", "y20")
    assert kinds(base, candidate) == [
        ("folded", [*range(1, 8)], [*range(1, 8)]),
        ("same", [8, 9, 10], [8, 9, 10]),
        ("changed", [11], [11, 12]),
        ("same", [12, 13, 14], [13, 14, 15]),
        ("folded", [15, 16, 17], [16, 17, 18]),
        ("same", [18, 19, 20], [19, 20, 21]),
        ("changed", [21], [22]),
        ("same", [22, 23, 24], [23, 24, 25]),
        ("folded", [*range(25, 31)], [*range(26, 32)]),
    ]
    assert stretches(verdict(base), verdict(candidate), PYTHON)[0].folded == "7 lines that both share"


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


PROMPT = ["def f(x):", '    """Twice', "    as much.", '    """']


def test_the_prompt_folds():
    """Also where one program alone begins with it, or says it again; its lines keep their numbers."""
    asked = "\n".join(PROMPT)
    base, candidate = f"{asked}\n    return 2 * x", f"{asked}\n{asked}\n    return x"
    found = stretches(verdict(base), verdict(candidate), PYTHON, PROMPT)
    assert [(one.kind, [line.number for line in one.candidate]) for one in found] == [
        ("prompt", [*range(1, 9)]),
        ("changed", [9]),
    ]
    assert found[0].folded == (
        "4 lines of the prompt in the baseline's program and 8 lines of the prompt in the candidate's program"
    )
    assert found[1].note == "They part here: line 5, character 12 of the baseline's program"
    (gap, *_) = stretches(verdict(base), verdict(base.replace("2", "3")), PYTHON, PROMPT)
    assert (gap.kind, gap.folded) == ("same", "4 lines of the prompt in both")


def test_a_line_of_the_prompt_that_failed_is_shown():
    """Whatever it is that failed there."""
    base = "\n".join([*PROMPT, "    return 2 * x"])
    shown = [
        one
        for one in stretches(verdict(base), verdict(base, line=2, passed=False), PYTHON, PROMPT)
        if not one.folded
    ]
    assert [line.number for one in shown for line in one.candidate if line.failed] == [2]


def test_a_blank_program_has_no_lines():
    """Nothing is made up for an answer without code: no line of it is equal to a blank one."""
    assert kinds("a\n\nb\n", " \n") == [("changed", [1, 2, 3], [])]


def test_each_side_marks_its_own_failing_line():
    """The line where one program failed is marked there alone."""
    (same,) = stretches(verdict("a\nb\n"), verdict("a\nb\n", line=2), PYTHON)
    assert [line.failed for line in same.base] == [False, False]
    assert [line.failed for line in same.candidate] == [False, True]


def test_every_line_of_both_programs_stands_there():
    """Folded or not, so that each has an address, also where both are the same program."""
    long = "\n".join([*PROMPT, *(f"    x{i} = {i}" for i in range(20)), "    return 1"])
    for base, candidate in [
        (long, long.replace("return 1", "return 2")),
        (long, long),
        (long, "def f():\n  3"),
    ]:
        found = stretches(verdict(base), verdict(candidate), PYTHON, PROMPT)
        for program, lines in [
            (base, [line.number for one in found for line in one.base]),
            (candidate, [line.number for one in found for line in one.candidate]),
        ]:
            assert lines == [*range(1, len(program.splitlines()) + 1)]
