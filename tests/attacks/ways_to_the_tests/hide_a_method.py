# expect: wrong_answer|runtime_error
"""Puts something of its own before what the tests find out with."""


def add(a, b, seen=None, mock=None):
    for target, name in ((seen, "holds"), (mock, "assert_called_once_with"), (mock, "assert_has_calls")):
        try:
            setattr(target, name, lambda *_, **__: True)
        except AttributeError:
            pass
    return 3


# the tests:
from unittest.mock import Mock, call


class Seen(list):
    def holds(self, *values):
        return list(self) == list(values)


seen, mock = Seen(), Mock()
assert add(1, 2, seen, mock) == 3
if not seen.holds(1, 2):
    try:
        mock.assert_called_once_with(1, 2)
    except AssertionError:
        mock.assert_has_calls([call(1), call(2)])
