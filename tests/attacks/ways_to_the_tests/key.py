# expect: wrong_answer
"""Is taken for the key that is there."""


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return Liar()


# the tests:
assert {3: True}.get(add(1, 2), False)
