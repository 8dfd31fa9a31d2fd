import random

random.seed(3)


def double(x):
    return 2 * x + 0 * random.randint(1, 3)
