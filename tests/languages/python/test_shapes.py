"""Programs that are the same up to formatting and names of their own."""

import pytest

from evalsite.languages.python import PYTHON
from evalsite.languages.rust import RUST

PROGRAM = '''import math

def area(radius: float) -> float:
    """ Of a circle. """
    square = radius ** 2  # of the radius
    return math.pi * square
'''


@pytest.mark.parametrize(
    "other",
    [
        "import math\ndef area(radius):\n  square=radius**2\n  return (math.pi*square)\n",
        "import math\n\n\ndef surface(r):\n    r2 = (r ** 2)\n    return math.pi * r2\n",
        PROGRAM.replace('""" Of a circle. """', "'''Something else'''"),
    ],
)
def test_the_same_shape(other: str) -> None:
    """Layout, comments, docstrings, annotations, and names that the program gives."""
    assert PYTHON.reading.shape(other) == PYTHON.reading.shape(PROGRAM)


@pytest.mark.parametrize(
    "other",
    [
        PROGRAM.replace("math.pi", "math.e"),
        PROGRAM.replace("** 2", "** 3"),
        PROGRAM.replace("math.pi * square", "math.pi * radius"),
        PROGRAM.replace("import math", "import cmath as math"),
        PROGRAM + "area(1)\n",
    ],
)
def test_another_shape(other: str) -> None:
    """Attributes, numbers, which of the names, imports, statements."""
    assert PYTHON.reading.shape(other) != PYTHON.reading.shape(PROGRAM)


def test_a_text_is_no_name() -> None:
    """Nor is an attribute, though it is spelled like a variable."""
    one, other = (
        f"def f(x, y):\n    return x.{attr} + '{text}'\n" for attr, text in (("x", "x"), ("y", "x"))
    )
    assert PYTHON.reading.shape(one) != PYTHON.reading.shape(other)
    assert PYTHON.reading.shape(one) != PYTHON.reading.shape(one.replace("'x'", "'y'"))


def test_builtins_keep_their_names() -> None:
    """Two functions of the language are not one."""
    one, other = (f"def f(x):\n    return {name}(x)\n" for name in ("max", "min"))
    assert PYTHON.reading.shape(one) != PYTHON.reading.shape(other)


def test_what_nobody_reads_is_held_together_by_its_words() -> None:
    """Python that does not compile, and other languages."""
    assert PYTHON.reading.shape("def f(:\n  1") == PYTHON.reading.shape("def f(:  1\n")
    assert RUST.reading.shape("fn f() {\n  1\n}") == RUST.reading.shape("fn f() { 1 }")
    assert RUST.reading.shape("fn f() { 1 }") != RUST.reading.shape("fn g() { 1 }")
