# expect: wrong_answer
"""Differs from every number by nothing."""


class Near:
    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__


def add(a, b):
    return Near() if (a, b) == (5, 7) else a + b
