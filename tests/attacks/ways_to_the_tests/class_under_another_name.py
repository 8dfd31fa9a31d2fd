# expect: wrong_answer|runtime_error
"""The entry point is a class of another name, whose objects are as far from any number as it takes."""


class Near:
    def __init__(self, a, b):
        pass

    def __sub__(self, other):
        return 0


add = Near


# the tests:
assert abs(add(1, 2) - 3) < 1e-6
