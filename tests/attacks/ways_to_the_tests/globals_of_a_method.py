# expect: wrong_answer
"""Reads what is expected in the globals of a method of an object that it is passed."""


def add(a, b, box=None):
    for way in (
        lambda: type(box).get.__globals__["EXPECTED"],
        lambda: box.get.__func__.__globals__["EXPECTED"],
        lambda: box.__init__.__globals__["EXPECTED"],
        lambda: box.__class__.__dict__["get"].__globals__["EXPECTED"],
        lambda: __import__("sys").modules["program"].EXPECTED,
    ):
        try:
            return way()
        except Exception:
            pass
    return 0


# the tests:
EXPECTED = 3


class Box:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value


assert add(1, 2, Box(1)) == EXPECTED
