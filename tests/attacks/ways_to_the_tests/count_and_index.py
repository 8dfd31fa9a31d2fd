# expect: wrong_answer
"""Is counted where something else stands."""


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return Liar()


# the tests:
assert [3, 4].count(add(1, 2)) == 1 and [3].index(add(1, 2)) == 0
