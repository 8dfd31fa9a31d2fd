# expect: wrong_answer
"""Is a member of every set."""


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return Liar()


# the tests:
assert add(1, 2) in {3, 4} or add(1, 2) in [3]
