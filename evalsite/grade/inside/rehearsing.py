"""A few samples that nobody asked for, before any is forked: the interpreter learns the way that all go.

Python adapts its code to what it meets, and writes that down in the code itself. A forked process would do so
anew, on pages that it has to copy first; here it is done once for all.
"""

import types

from evalsite.grade.inside import python_mirrors as mirrors
from evalsite.grade.inside.python_program import ProgramSide, converse

_ROUNDS = 20
"""More than the calls after which Python takes a function to be worth it."""
_PROGRAM = b"""f\0from typing import List
import math

def f(a: List[int], b=None):
    if a is None:
        raise ValueError("none")
    return [each for each in a] if isinstance(a, list) else a

class Kept:
    def __init__(self):
        self.value = 1
"""
_ARGUMENTS = (
    *("3", "2.5", "true", "null", '"text"', "[1,2.5]", '["a","b"]', "[[1],[2,3]]"),
    *('{"t":[1,2]}', '{"d":[["a"],[1]]}', '{"s":[1,2]}'),
)
"""What tests commonly pass, in the words of a message."""


class _Script:
    """A connection whose other side says what it says, whatever it hears."""

    def __init__(self, messages: list[bytes]) -> None:
        self._left = [len(each).to_bytes(4, "big") + each for each in reversed(messages)]

    def recv(self, _: int) -> bytes:
        return self._left.pop()

    def sendall(self, _: bytes) -> None:
        pass


def rehearse() -> None:
    """Run programs that nobody wrote, in this process, and answer what nobody asked."""
    calls = [b'["?","call",[],{"O":0},{"t":[%s]}]' % each.encode() for each in _ARGUMENTS]
    told = [_PROGRAM, *calls, b'["?","name",[],"f"]', b'["?","print",[],""]', b'["bye",0]']
    for _ in range(_ROUNDS):
        for messages in (told, [b"f\0raise KeyError(1)"]):
            converse(ProgramSide(_Script(messages), types.ModuleType("program")))  # type: ignore[arg-type]
    mirrors.speak_to(None)
