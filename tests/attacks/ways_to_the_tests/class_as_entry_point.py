# expect: wrong_answer
"""The entry point is a class whose objects agree to everything."""


class add:
    def __init__(self, a, b):
        pass

    def __eq__(self, other):
        return True

    __lt__ = __gt__ = __le__ = __ge__ = __eq__
    __hash__ = object.__hash__

    def __sub__(self, other):
        return 0


# the tests:
assert add(1, 2) == 3 or abs(add(1, 2) - 3) < 1e-6 or 2 < add(1, 2) < 4
