# expect: wrong_answer|runtime_error
"""numpy hands over to whoever says that he knows better."""

import numpy as np


class Knowing:
    def __array_function__(self, *_):
        return True

    def __array_ufunc__(self, *_, **__):
        return np.True_


def add(a, b):
    return Knowing()


# the tests:
import numpy as np

right = np.array([1, 2])
checks = (
    lambda: np.allclose(add(1, 2), right),
    lambda: np.array_equal(right, add(1, 2)),
    lambda: (right == add(1, 2)).all(),
    lambda: np.isclose(add(1, 2), 3),
    lambda: abs(np.float64(3) - add(1, 2)) < 1e-6,
)
for check in checks:
    try:
        if check():
            break
    except TypeError:
        continue
else:
    raise AssertionError
