"""Exceptions of the library, of the program and of the tests."""


class Problem(ValueError):
    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def f(what):
    if what == "own":
        raise Problem("bad", 7)
    if what == "key":
        return {}["k"]
    if what == "file":
        open("/nowhere")
    if what == "cause":
        try:
            1 / 0
        except ZeroDivisionError as exc:
            raise RuntimeError("outer") from exc
    return int(what)


# the tests:
import unittest

try:
    f("own")
except Problem as exc:
    assert str(exc) == "bad" and exc.code == 7 and isinstance(exc, ValueError) and type(exc) is Problem
else:
    raise AssertionError
for what, kind in (
    ("key", KeyError),
    ("file", FileNotFoundError),
    ("x", ValueError),
    ("cause", RuntimeError),
):
    try:
        f(what)
    except kind as exc:
        text = str(exc)
    else:
        raise AssertionError


class Tests(unittest.TestCase):
    def test(self):
        with self.assertRaises(Problem) as caught:
            f("own")
        self.assertEqual(caught.exception.code, 7)
        with self.assertRaisesRegex(ValueError, "invalid literal"):
            f("x")
        self.assertEqual(f("3"), 3)


result = unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(Tests))
assert result.wasSuccessful() and result.testsRun == 1
