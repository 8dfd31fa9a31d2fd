# expect: wrong_answer
"""Puts an object that is equal to everything into an array of numpy's."""

import numpy as np


class Liar:
    def __eq__(self, other):
        return True


def add(a, b):
    array = np.empty((), dtype=object)
    array[()] = Liar()
    return array
