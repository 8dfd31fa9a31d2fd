"""Arrays of objects, of structures, of no dimension."""

import numpy as np


def f(*args):
    return (
        np.array([1, "a", None], dtype=object),
        np.array([(1, 2.0)], dtype=[("n", "i4"), ("x", "f8")]),
        np.array(3),
        np.array([[1.0, np.nan]]),
    )


# the tests:
import numpy as np

objects, structure, point, matrix = f()
assert objects.tolist() == [1, "a", None] and objects.dtype == object
assert structure["n"][0] == 1 and structure[0]["x"] == 2.0 and structure.dtype.names == ("n", "x")
assert point.shape == () and point == 3 and int(point) == 3
assert np.array_equal(matrix, [[1.0, np.nan]], equal_nan=True) and np.allclose(matrix[:, 0], 1)
assert (objects == np.array([1, "a", None], dtype=object)).all()
