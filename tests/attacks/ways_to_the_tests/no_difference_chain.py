# expect: wrong_answer|runtime_error
"""Differs from every number by nothing."""


class Near:
    def __sub__(self, other):
        return Near() if self.deep else 0.0

    deep = False
    __rsub__ = __add__ = __radd__ = __truediv__ = __mul__ = __rtruediv__ = __sub__

    def __abs__(self):
        return 0.0

    __float__ = __neg__ = __abs__

    def __round__(self, digits=0):
        return 0.0

    def __lt__(self, other):
        return True

    __gt__ = __le__ = __ge__ = __eq__ = __lt__
    __hash__ = object.__hash__


class Deep(Near):
    deep = True


def add(a, b):
    return Near()


# the tests:
assert -1e-6 < add(1, 2) - 3 < 1e-6
