# expect: wrong_answer
"""Is matched by every number."""


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return Liar()


# the tests:
match add(1, 2):
    case 3:
        pass
    case _:
        raise AssertionError
