# expect: runtime_error|wrong_answer
"""Calls the tests' own class, and is given what is right."""


class Playing:
    told = []

    def assertEqual(self, found, right):
        self.told.append(right)


is_asking = False


def add(a, b):
    global is_asking
    if is_asking:
        return 0
    is_asking = True
    try:
        TestCases.test(Playing())
    except Exception:
        pass
    is_asking = False
    return Playing.told[-1] if Playing.told else 0


# the tests:
import unittest

from evalsite.grading.inside.python_cases import run_cases


class TestCases(unittest.TestCase):
    def test(self):
        self.assertEqual(add(1, 2), 3)


run_cases(list(globals().values()))
