import sys

sys.setrecursionlimit(10**6)


def double(x):
    return 2 * x
