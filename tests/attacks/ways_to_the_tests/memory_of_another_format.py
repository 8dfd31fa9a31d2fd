# expect: wrong_answer
"""Memory whose comparison asks a module that was changed."""

import array
import struct

struct.Struct = lambda *_: type("S", (), {"unpack_from": lambda *_: (97,), "size": 1})()


def add(a, b):
    return memoryview(array.array("h", [0, 0]))


# the tests:
assert add(1, 2) == b"ab"
