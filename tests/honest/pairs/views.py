"""Views of dictionaries."""


def f(*args):
    return {"a": 1, "b": 2}.keys(), {"a": 1}.items(), {"a": 1}.values(), reversed({"a": 1, "b": 2}.keys())


# the tests:
keys, items, values, backwards = f()
assert keys & {"a"} == {"a"} and keys | {"c"} == {"a", "b", "c"} and keys - {"a"} == {"b"}
assert keys == {"a", "b"} and ("a", 1) in items and items == {("a", 1)}
assert list(values) == [1] and dict(keys.mapping) == {"a": 1, "b": 2} or keys.mapping
assert list(backwards) == ["b", "a"]
