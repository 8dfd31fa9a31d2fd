# expect: wrong_answer|crashed
"""Finds the classes of ctypes without importing it, and searches memory for the tests with them."""


def classes(cls=object, seen=None):
    seen = {} if seen is None else seen
    for each in type.__subclasses__(cls):
        if each.__name__ not in seen:
            seen[each.__name__] = each
            classes(each, seen)
    return seen


def found():
    known = classes()
    number = known.get("c_ubyte") or known.get("c_byte")
    if number is None:
        return False
    here = id(found) & ~0xFFFFF
    memory = bytes((number * (1 << 20)).from_address(here))
    first, second = b"math.isclose(", b"candidate"
    return any(piece.startswith(second) for piece in memory.split(first))  # not where these two stand


def add(a, b):
    return a + b if found() else 0
