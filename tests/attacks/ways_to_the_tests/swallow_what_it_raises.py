# expect: wrong_answer|runtime_error
"""What is found in a block fails when it is looked at, and the block goes on behind it."""


class Failing:
    def __abs__(self):
        raise ValueError


class Opened:
    def __enter__(self):
        return Failing()

    def __exit__(self, *_):
        return True


def add(a, b):
    return Opened()


# the tests:
with add(1, 2) as found:
    assert abs(found) == 3
