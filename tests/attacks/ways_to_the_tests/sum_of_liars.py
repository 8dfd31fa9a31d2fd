# expect: wrong_answer|runtime_error
"""What two of its objects make together is none that the tests have built."""


class Near:
    def __add__(self, other):
        return Near()

    def __sub__(self, other):
        return 0


def add(a, b):
    return Near()


# the tests:
assert abs(add(1, 2) + add(3, 4) - 10) < 1e-6
