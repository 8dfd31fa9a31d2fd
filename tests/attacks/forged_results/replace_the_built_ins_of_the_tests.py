# expect: wrong_answer
"""Gives the tests, which run in its namespace, built-ins of its own."""

import builtins


class Obliging(dict):
    def __missing__(self, name):
        return lambda *_, **__: True


own = Obliging(vars(builtins))
own["AssertionError"] = own["__build_class__"] = None
globals()["__builtins__"] = own
builtins.exec = builtins.compile = lambda *_, **__: None


def add(a, b):
    return 0
