"""What Python does not read of a server's JSON costs no more than itself."""

import sys

import pytest

from evalsite.client.unreadable import UNREADABLE, loads

DEEP = "[" * 5000 + '"]"' + "]" * 5000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1, "b": [[2]]}', {"a": 1, "b": [[2]]}),
        ('{"a": ' + "7" * 5000 + ', "b": -1}', {"a": UNREADABLE, "b": -1}),
        ("7" * 4000, int("7" * 4000)),
    ],
)
def test_a_number_that_is_too_long_is_left_out(text, found):
    """And nothing else."""
    assert loads(text) == found


def test_what_is_too_deep_is_left_out():
    """Whatever strings hold; what stands before and behind it is kept."""
    found = loads(f'{{"a": "[[{{", "b": {DEEP}, "c": "\\\\\\"]"}}')
    assert (found["a"], found["c"]) == ("[[{", '\\"]')
    at, depth = found["b"], 0
    while isinstance(at, list):
        (at,), depth = at, depth + 1
    assert at is UNREADABLE
    assert depth == 199


def test_how_deep_is_read_depends_on_no_setting():
    """Others in the process may let Python recurse further, and later versions do by themselves."""
    before = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(100_000)
        assert str(loads(DEEP)).count("[") == 200
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.parametrize("text", ["[" * 9000, '["' * 9000, "{" * 9000 + '"\\', DEEP[:-1] + "]]"])
def test_what_is_none_is_refused(text):
    """As ever."""
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|Extra|Invalid"):
        loads(text)
