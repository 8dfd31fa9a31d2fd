"""Scalars and types smaller than the default."""

import numpy as np


def f(*args):
    return np.int16(7), np.float32(0.5), np.array([1, 2], dtype=np.int16), np.dtype("int16"), np.uint8(200)


# the tests:
import numpy as np

small, half, array, kind, byte = f()
assert small == 7 and type(small) is np.int16 and half == 0.5 and half.dtype == np.float32
assert array.dtype == np.int16 and array.tolist() == [1, 2] and kind == np.int16 and kind == np.dtype("int16")
assert byte + np.uint8(1) == 201 and isinstance(byte, np.integer)
