"""Mappings of the library and plain dictionaries."""

from collections import ChainMap, Counter, OrderedDict, defaultdict


def f(*args):
    return ChainMap({"a": 1}, {"b": 2}), OrderedDict(a=1, b=2), defaultdict(int, {"a": 1}), Counter("aab")


# the tests:
from collections import Counter, OrderedDict

chain, ordered, default, counter = f()
assert chain == {"a": 1, "b": 2} and chain["b"] == 2
assert ordered == {"b": 2, "a": 1} and ordered != OrderedDict(b=2, a=1)
assert default == {"a": 1} and default["z"] == 0
assert counter == {"a": 2, "b": 1} and counter.most_common(1) == [("a", 2)]
assert counter + Counter("b") == Counter("aabb") and counter["z"] == 0
