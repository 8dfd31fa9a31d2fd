# expect: wrong_answer
"""Calls a test until it passes, and so learns what is right."""

guess = None


def add(a, b):
    global guess
    if guess is not None:
        return guess
    for guess in range(-9, 9):
        try:
            test_add()
        except Exception:
            continue
        try:
            Suite().test()
        except Exception:
            continue
        break
    found, guess = guess, None
    return found


# the tests:
def test_add():
    assert add(1, 2) == 3


class Suite:
    def test(self):
        assert add(1, 2) == 3


for name, value in list(globals().items()):
    if name.startswith("test_"):
        value()
