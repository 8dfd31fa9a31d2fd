"""Functions of modules that the tests replace for a while."""

import random
import time


def f(name=None):
    return random.randint(1, 6), time.time(), input(name)


# the tests:
from unittest import mock
from unittest.mock import patch

with patch("random.randint", return_value=4) as draw, patch("time.time", side_effect=[1.5, 2.5]):
    with patch("builtins.input", lambda prompt: prompt.upper()):
        assert f("ann") == (4, 1.5, "ANN")
        assert f("bob") == (4, 2.5, "BOB")
assert draw.call_args_list == [mock.call(1, 6), mock.call(1, 6)]
draw.assert_called_with(1, 6)
import random

assert random.randint(3, 3) == 3
