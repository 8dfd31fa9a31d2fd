from decimal import Decimal


def double(x):
    return Decimal(2 * x)
