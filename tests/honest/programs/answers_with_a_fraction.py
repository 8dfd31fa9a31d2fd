from fractions import Fraction


def double(x):
    return Fraction(2 * x)
