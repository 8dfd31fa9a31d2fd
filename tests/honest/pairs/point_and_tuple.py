"""An object of its own that is compared with a tuple."""


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        if isinstance(other, tuple):
            return (self.x, self.y) == other
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def __iter__(self):
        yield self.x
        yield self.y


def f():
    return Point(1, 2)


# the tests:
assert f() == Point(1, 2) and f() == (1, 2) and f() != (1, 3) and tuple(f()) == (1, 2)
x, y = f()
assert x + y == 3
