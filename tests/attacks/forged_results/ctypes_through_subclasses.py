# expect: sandbox_violation|runtime_error
"""Looks for what is left of ctypes among all classes."""

found = [c for c in object.__subclasses__() if c.__name__ == "CDLL"]
library = found[0](None)
library._exit(0)


def add(a, b):
    return 0
