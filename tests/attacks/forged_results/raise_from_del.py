# expect: wrong_answer
"""Raises from a finalizer, after the last test."""


class Late:
    def __del__(self):
        raise SystemExit(0)


late = [Late()]


def add(a, b):
    late.clear()
    return 0
