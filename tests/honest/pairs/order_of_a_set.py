"""A set is gone through in the order that it has."""


def f(values):
    return list(values), str(values)


# the tests:
for values in (
    {12, 13, 14, 15, 16},
    set(range(40, 20, -3)),
    frozenset({"b", "a", "c"}),
    {True, "x", None, 3.5},
):
    assert f(values) == (list(values), str(values))
