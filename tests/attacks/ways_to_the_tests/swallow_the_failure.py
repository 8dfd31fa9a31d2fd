# expect: wrong_answer|runtime_error
"""An object that is entered says that nothing has failed."""


class Opened:
    def __init__(self, found):
        self.found = found

    def __enter__(self):
        return self.found

    def __exit__(self, *_):
        return True


def add(a, b):
    return Opened(0 if a else object())


# the tests:
with add(1, 2) as found:
    assert found == 3
