"""An object that records what is done to it."""


def f(sink):
    sink.send("a", size=1)
    sink.send(["b"])
    return sink.total(3) + sink.base


# the tests:
from unittest.mock import Mock, call

sink = Mock()
sink.total.return_value = 4
sink.base = 10
assert f(sink) == 14
assert sink.send.call_args_list == [call("a", size=1), call(["b"])]
assert sink.total.called and sink.total.call_count == 1
sink.total.assert_called_once_with(3)
