import timeit


def double(x):
    return 2 * x


timeit.timeit(lambda: double(2), number=10)
