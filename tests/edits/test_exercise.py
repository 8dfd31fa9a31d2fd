"""An exercise in a problem's row, and back."""

import pytest
from msgspec.structs import replace

from evalsite.edits.exercise import Exercise, decode_files, encode_files, exercise_of, to_problem
from evalsite.errors import RunFormatError

EXERCISE = Exercise(
    instructions="Add.",
    solution={"add.py": "def add(a, b): ...\n"},
    tests={"add_test.py": "assert add(1, 2) == 3\n"},
    other={"data/a.txt": "ä\u2028\n"},
    reference={"add.py": "def add(a, b): return a + b\n"},
)


def test_a_problem_holds_all_of_an_exercise():
    """What was put in comes out, and instructions are the prompt."""
    problem = to_problem("python/add", EXERCISE, "python")
    assert exercise_of(problem) == EXERCISE
    assert problem.prompt == "Add."
    assert exercise_of(to_problem("x", replace(EXERCISE, reference={}), "go")).reference == {}


def test_the_same_files_are_the_same_text():
    """In whatever order they come; half characters cannot be kept."""
    assert encode_files({"b": "1", "a": "2"}) == encode_files({"a": "2", "b": "1"})
    assert decode_files(encode_files({"a": "x\ud800y"})) == {"a": "x?y"}


def test_a_row_that_is_none_is_an_error_that_names_it():
    """Not a crash of whoever reads it."""
    problem = replace(to_problem("python/add", EXERCISE, "python"), tests="{}")
    with pytest.raises(RunFormatError, match="python/add"):
        exercise_of(problem)
