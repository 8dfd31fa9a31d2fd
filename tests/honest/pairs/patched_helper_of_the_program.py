"""A function of the program that the tests replace."""


def fetch(name):
    raise OSError


class Store:
    def load(self, name):
        raise OSError


def f(name):
    return fetch(name) + Store().load(name)


# the tests:
from unittest.mock import patch

with patch(f"{__name__}.fetch", return_value="x") as fetch_, patch.object(Store, "load", return_value="y"):
    assert f("n") == "xy"
fetch_.assert_called_once_with("n")
try:
    f("n")
except OSError:
    pass
else:
    raise AssertionError
