# expect: wrong_answer
"""A number of the library around an object that agrees to everything."""

import uuid


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


value = uuid.UUID(int=0)
object.__setattr__(value, "int", Liar())


def add(a, b):
    return value


# the tests:
import uuid

assert add(1, 2) == uuid.UUID(int=3)
