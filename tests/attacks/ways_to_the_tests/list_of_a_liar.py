# expect: wrong_answer
"""A list whose comparison is its own."""


class Liar(list):
    def __eq__(self, other):
        return True

    __hash__ = None


def add(a, b):
    return Liar()


# the tests:
assert add(1, 2) == [1, 2]
