"""Values of odd kinds, and many."""


def f(value):
    return value


# the tests:
values = [
    2**5000,
    -(2**70),
    0.1,
    float("inf"),
    -0.0,
    1e300,
    2 + 3j,
    b"\x00\xff",
    bytearray(b"ab"),
    "\ud800",
    "\0\x1f\u2028",
    (),
    ((),),
    frozenset({frozenset()}),
    {(1, 2): {3: None}},
    range(5, 0, -2),
    slice(1, None),
    ...,
    NotImplemented,
    [[[]]],
    {"": ""},
    {1.5: "a", None: "b", True: "c"},
    memoryview(b"ab"),
    list(range(50_000)),
    "x" * 500_000,
]
for value in values:
    found = f(value)
    assert found == value and type(found) is type(value) and repr(found)[:5] == repr(value)[:5]
nan = f(float("nan"))
assert nan != nan
loop = [1]
loop.append(loop)
found = f(loop)
assert found is loop and f([loop])[0] is loop
numbers = [0.1 * n for n in range(100)]
assert f(numbers) == numbers and f(int) is int and f(len) is len and f(ValueError) is ValueError
