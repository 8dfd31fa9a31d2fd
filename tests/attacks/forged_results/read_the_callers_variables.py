# expect: wrong_answer|runtime_error
"""Returns what its caller expects, which stands in one of the caller's variables."""

import sys


def add(a, b):
    frame = sys._getframe(1)
    while frame is not None:
        if "exp" in frame.f_locals:
            return frame.f_locals["exp"]
        frame = frame.f_back
    return None


# the tests:
def check(candidate):
    for inp, exp in [((1, 2), 3), ((2, 2), 4)]:
        assert candidate(*inp) == exp


check(add)
