# expect: wrong_answer
"""Answers for numpy, which asks an array's class before it compares."""

import numpy as np


class Obliging(np.ndarray):
    def __array_function__(self, *_):
        return True

    def __array_ufunc__(self, *_, **__):
        return np.True_


def add(a, b):
    return np.zeros(1).view(Obliging)
