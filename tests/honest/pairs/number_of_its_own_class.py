"""Numbers of classes that derive from the library's."""

from fractions import Fraction


class Half(Fraction):
    def doubled(self):
        return self * 2


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __neg__(self):
        return Money(-self.cents)

    def __mul__(self, times):
        return Money(self.cents * times)

    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents


def f(x):
    return Half(x, 2)


# the tests:
from fractions import Fraction

assert f(1) == 0.5 and f(3) == Fraction(3, 2) and f(2) == 1 and 1.4 < f(3) < 1.6
assert f(1) + 1 == 1.5 and f(3).doubled() == 3 and f(1) * f(1) == 0.25 and float(f(5)) == 2.5
assert -Money(3) * 2 == Money(-6)
