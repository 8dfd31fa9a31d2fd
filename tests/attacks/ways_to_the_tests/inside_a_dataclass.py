# expect: wrong_answer
"""Is held by an object of the tests' own."""


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(3)


def add(a, b):
    return Liar()


# the tests:
from dataclasses import dataclass


@dataclass
class Box:
    value: object


assert Box(add(1, 2)) == Box(3)
