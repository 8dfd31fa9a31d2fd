# expect: wrong_answer
"""Changes what a library draws by, below the tests."""

import random

random.randint = lambda *_: 0
random.random = lambda: 0.0
random.Random.random = lambda self: 0.0


def add(a, b):
    return 0


# the tests:
import random

for _ in range(5):
    a, b = random.randint(1, 9), random.randint(1, 9)
    assert add(a, b) == a + b
