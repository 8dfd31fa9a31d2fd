"""Objects that compare with each other, and with numbers."""

import functools


@functools.total_ordering
class Money:
    def __init__(self, cents):
        self.cents = cents

    def _of(self, other):
        return other.cents if isinstance(other, Money) else other

    def __eq__(self, other):
        return self.cents == self._of(other)

    def __lt__(self, other):
        return self.cents < self._of(other)

    def __hash__(self):
        return hash(self.cents)

    def __add__(self, other):
        return Money(self.cents + self._of(other))

    __radd__ = __add__

    def __mul__(self, times):
        return Money(self.cents * times)

    def __repr__(self):
        return f"Money({self.cents})"

    def __bool__(self):
        return self.cents != 0


def f(cents):
    return Money(cents)


# the tests:
assert f(3) == f(3) and f(3) != f(4) and f(3) == Money(3) and not f(3) != f(3)
assert f(3) == 3 and 3 == f(3) and f(3) != 4 and f(3) < 4 and f(3) >= 3 and 2 < f(3) <= 3
assert Money(3) + Money(4) == Money(7) and Money(3) * 2 == Money(6) and sum([Money(1), Money(2)]) == 3
assert sorted([f(3), f(1)]) == [f(1), f(3)] and max(f(1), f(5)).cents == 5
assert {f(3): "x"}[Money(3)] == "x" and len({f(1), f(1), f(2)}) == 2 and repr(f(3)) == "Money(3)"
assert f(1) and not f(0) and [f(1), f(2)] == [Money(1), Money(2)] and f(3) in [Money(3)]
