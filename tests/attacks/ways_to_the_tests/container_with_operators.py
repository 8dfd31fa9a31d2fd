# expect: wrong_answer|runtime_error
"""A list with operators of its own, which agree to everything."""


class Agreeing(list):
    def __le__(self, other):
        return True

    __lt__ = __ge__ = __gt__ = __eq__ = __le__
    __hash__ = None

    def __add__(self, other):
        return other

    __radd__ = __add__

    def __sub__(self, other):
        return 0


def add(a, b):
    return Agreeing([a])


# the tests:
def is_right(check):
    try:
        return check()
    except TypeError:
        return False


checks = (
    lambda: [3, 4] <= add(1, 2) <= [3, 4],
    lambda: add(1, 2) == [3, 4],
    lambda: [3] + add(1, 2) == [3, 3, 4],
    lambda: add(1, 2) - [3] == 0,
)
assert any(map(is_right, checks))
