# expect: wrong_answer|runtime_error
"""What is found in a block can't be calculated with, and the block goes on behind it."""


class Opened:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return True


def add(a, b):
    return Opened()


# the tests:
with add(1, 2) as found:
    found.opened = True
    assert found * 2 == 6
