# expect: wrong_answer|runtime_error
"""An iterator of the library over an array of objects that agree to everything."""

import numpy


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return numpy.array([Liar()], dtype=object).flat


# the tests:
import numpy

assert (add(1, 2) == 3).all()
