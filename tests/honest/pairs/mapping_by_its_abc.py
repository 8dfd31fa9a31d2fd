"""A class of the program that is a mapping."""

from collections.abc import Mapping


class Table(Mapping):
    def __init__(self, *pairs):
        self.pairs = pairs

    def __getitem__(self, key):
        for name, value in self.pairs:
            if name == key:
                return value
        raise KeyError(key)

    def __iter__(self):
        return iter([name for name, _ in self.pairs])

    def __len__(self):
        return len(self.pairs)


def f():
    return Table(("a", "x"), ("b", "y"))


# the tests:
from collections.abc import Mapping

assert f() == {"a": "x", "b": "y"} and {"a": "x", "b": "y"} == f()
assert f() != {"a": "x"} and f()["a"] == "x" and "a" in f() and len(f()) == 2
assert dict(f()) == {"a": "x", "b": "y"} and isinstance(f(), Mapping) and list(f()) == ["a", "b"]
assert f() == f()
