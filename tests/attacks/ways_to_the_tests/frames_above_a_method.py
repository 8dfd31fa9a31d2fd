# expect: wrong_answer
"""Looks up the stack while a method of the tests' calls it back."""

import sys


def add(a, b, box=None):
    answers = []

    def look():
        frame = sys._getframe()
        while frame is not None:
            if "expected" in frame.f_locals:
                answers.append(frame.f_locals["expected"])
            frame = frame.f_back

    box.run(look)
    return answers[0] if answers else 0


# the tests:
class Box:
    def run(self, function):
        expected = 3
        function()
        return expected


assert add(1, 2, Box()) == 3
