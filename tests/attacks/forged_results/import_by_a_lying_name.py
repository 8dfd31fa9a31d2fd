# expect: sandbox_violation|runtime_error
"""Imports the extension behind ctypes by a name that equals no other."""

import importlib


class Name(str):
    def __eq__(self, other):
        return False

    def __hash__(self):
        return 0

    def rpartition(self, separator):
        return "", "", "innocent"


importlib.import_module(Name("_ctypes"))


def add(a, b):
    return a + b
