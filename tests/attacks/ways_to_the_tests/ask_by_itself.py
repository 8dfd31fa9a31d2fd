# expect: runtime_error|wrong_answer
"""Finds what speaks for it, and has it ask for the way from a function of the tests to what they expect."""

import gc
import operator


def add(a, b, call=None):
    for value in gc.get_objects():
        if type(value).__name__ == "ProgramSide":
            side = value
    for question in (
        lambda: side.ask("get", call, "__globals__")["EXPECTED"],
        lambda: side.ask("operate", call, "__getattribute__", ("__globals__",))["EXPECTED"],
        lambda: side.ask("call", side.ask("call", operator.attrgetter, ("__globals__",), {}), (call,), {})[
            "EXPECTED"
        ],
        lambda: side.ask("name", "EXPECTED"),
    ):
        try:
            return question()
        except Exception:
            pass
    return 0


# the tests:
EXPECTED = 3


def call(x):
    return x


assert add(1, 2, call) == EXPECTED
