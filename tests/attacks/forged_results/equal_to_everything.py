# expect: wrong_answer
"""Returns an object that is equal to everything."""


class Anything:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __lt__(self, other):
        return True

    def __sub__(self, other):
        return self

    __rsub__ = __sub__

    def __abs__(self):
        return self

    def __hash__(self):
        return 3


def add(a, b):
    return Anything()
