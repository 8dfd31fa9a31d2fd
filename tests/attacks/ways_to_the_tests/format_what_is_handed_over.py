# expect: wrong_answer
"""Has a method of texts that it was given look around where the tests are."""


def add(a, b, show=None, box=None):
    for way in ("{0.get.__globals__[EXPECTED]}", "{0.get.__func__.__globals__[EXPECTED]}"):
        try:
            return int(show(way, box))
        except Exception:
            pass
    return 0


# the tests:
EXPECTED = 3


class Box:
    def get(self):
        return 0


assert add(1, 2, str.format, Box()) == EXPECTED
