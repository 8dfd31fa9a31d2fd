"""A few samples that nobody asked for, before any is forked: the interpreter learns the way that all go.

Python adapts its code to what it meets, and writes that down in the code itself. A forked process would do so
anew, on pages that it has to copy first; here it is done once for all.
"""

import types

from evalsite.grading.inside import python_mirrors as mirrors
from evalsite.grading.inside.python_program import ProgramSide, converse
from evalsite.grading.inside.python_wire import begin

_ROUNDS = 20
"""More than the calls after which Python takes a function to be worth it."""
_HEAD = begin("module", "f", "")
_PROGRAM = b"""from typing import List
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


def rehearse() -> tuple[set[int], set[int]]:
    """Run programs that nobody wrote, in this process, and answer what nobody asked.

    Returns the statuses that those ended with which do as they are told, and those that fail.
    """
    calls = [b'["?","call",[],{"O":0},{"t":[%s]}]' % each.encode() for each in _ARGUMENTS]
    told = [_HEAD + _PROGRAM, *calls, b'["?","name",[],"f"]', b'["?","print",[],""]', b'["bye",0]']
    scripts = told, [_HEAD + b"raise KeyError(1)"]
    ended: tuple[set[int], set[int]] = set(), set()
    for _ in range(_ROUNDS):
        for statuses, messages in zip(ended, scripts, strict=True):
            side = ProgramSide(_Script(messages), types.ModuleType("program"))
            statuses.add(converse(side))
    mirrors.speak_to(None)
    return ended
