"""What is no code of an answer's, though Python could parse it."""

import pytest

from evalsite.languages.python import PYTHON


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("Note: this\nx = 1", "\nx = 1"),
        ("Answer: (x,\n y,\n z)\ndef f(): pass", "\n\n\ndef f(): pass"),
        ("Done", ""),
        ("x: int\ny = 1", "x: int\ny = 1"),
        ("Note: this = 1", "Note: this = 1"),
        ("f(x)", "f(x)"),
        ("def f(:\nNote: this", "def f(:\nNote: this"),
    ],
)
def test_words_that_nobody_has_bound_are_prose(source, code):
    """All their lines are left empty, so that those of code keep their numbers; without a tree, all stays."""
    assert PYTHON.reading.without_prose(source) == code
