import gc, inspect


def double(x):
    return 2 * x


gc.collect()
inspect.signature(double)
inspect.currentframe()
