"""An exercise of one module is a program like any other; several are laid out in one process with tests."""

import pytest

from evalsite.languages.python import PYTHON

EXERCISES = PYTHON.exercises
TESTS = {"other_test.py": "x = 2\n", "a_test.py": "import a\n", "notes.md": "no\n"}


@pytest.mark.parametrize(
    ("files", "tests", "other", "shared"),
    [
        ({"a.py": "x = 1\n"}, TESTS, {}, False),
        ({"a.py": "x = 1\n", "b.py": ""}, TESTS, {}, True),
        ({"a.py": "x = 1\n"}, TESTS, {"data.txt": ""}, True),
        ({"a-b.py": "x = 1\n"}, TESTS, {}, True),
        ({"class.py": "x = 1\n"}, TESTS, {}, True),
        ({"a.txt": "x = 1\n"}, TESTS, {}, True),
        ({"b/a.py": "x = 1\n"}, TESTS, {}, True),
        ({"a.py": "x = 1\n"}, {"a_test.py": "print(__file__)\n"}, {}, True),
        ({"a.py": "x = 1\n"}, {"a_test.py": "import inspect; inspect.stack()\n"}, {}, True),
        ({"a.py": "__file__\n"}, TESTS, {}, False),
    ],
)
def test_one_module_that_needs_nothing_has_a_process_of_its_own(files, tests, other, shared):
    """What has no name to be imported by, or lies in a folder, is laid out as a file."""
    assert EXERCISES.shares_process(files, tests, other) is shared
    program = EXERCISES.program(files, tests, other)
    if shared:
        assert f"python_files.lay_out({dict(other) | dict(files)!r}, " in program
        assert "python_files.know([], " in EXERCISES.tests(files, tests, other)
    else:
        assert (program,) == tuple(files.values())
        assert "python_files.know(['a'], " in EXERCISES.tests(files, tests, other)


def test_modules_are_imported_by_the_names_that_python_gives_them():
    """A package by its folder's; what has no such name is there as a file alone."""
    paths = ("b/__init__.py", "b/c.py", "d.py", "e-f.py", "if.py", "b/1.py", "readme.txt", "g")
    program = EXERCISES.program(dict.fromkeys(paths, ""), TESTS, {})
    assert program.endswith(", ['b', 'b.c', 'd'])\n")


def test_files_of_tests_come_first_and_what_they_import_is_known_to_them():
    """By its module's name; ``test_utils`` is no test."""
    tests = {"test_utils.py": "helper = 1\n", "test_a.py": "case = 1\n", "notes.md": "no\n"}
    source = EXERCISES.tests({"a.py": ""}, tests, {})
    assert "know(['a'], {'test_utils': 'helper = 1\\n'})\ncase = 1\n" in source
    assert source.endswith("python_files.run(list(globals().values()))\n")
