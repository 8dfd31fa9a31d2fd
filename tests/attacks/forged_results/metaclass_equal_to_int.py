# expect: wrong_answer
"""Its class is equal to everything too, and has the hash of int."""


class Kind(type):
    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return hash(int)

    def __instancecheck__(cls, value):
        return True


class Anything(metaclass=Kind):
    def __eq__(self, other):
        return True

    @property
    def __class__(self):
        return int


def add(a, b):
    return Anything()
