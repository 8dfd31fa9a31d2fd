"""Is given methods of built-in classes, and gives some."""


def f(change, values):
    return [change(value) for value in values]


def of(name):
    return getattr(str, name)


# the tests:
assert f(str.upper, ["a", "b"]) == ["A", "B"]
assert f(str.format, ["x"]) == ["x"]
assert f(list.copy, [[1]]) == [[1]]
assert of("lower") is str.lower and of("title")("ab") == "Ab"
