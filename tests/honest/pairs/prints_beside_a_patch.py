"""Prints, and so do tests that change modules."""


def f(x):
    print("asked for", x)
    return x + 1


# the tests:
from unittest.mock import patch

print("before")
with patch("os.getcwd", return_value="/"):
    assert f(1) == 2
print("behind")
assert f(2) == 3
