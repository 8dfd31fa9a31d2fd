"""Calls of tools that a server reports beside the text of an answer, kept piece by piece."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from evalsite.client.unreadable import is_too_deep
from evalsite.rundir.calls import CallPiece

MOST_PIECES = 10_000
"""Of one answer: what comes behind them is dropped."""


@dataclass(slots=True)
class _Piece:
    index: int | None
    id: str
    name: str
    arguments: list[str]
    as_object: bool


@dataclass(slots=True)
class Calls:
    """The pieces of an answer's calls, in the order in which they came."""

    _pieces: list[_Piece] = field(default_factory=list)
    _told_anew: bool = False
    """Whether calls came as ``tool_calls``."""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._pieces)

    def take(self, calls: Any, old: Any = None, *, whole: bool = False) -> bool:
        """Take the calls of a message, or of a piece of one; return whether there were any.

        ``old`` is ``function_call``, which holds one call. Beside ``tool_calls`` it is one of them once more
        (llama-cpp-python reports a single call both ways), and left out. Calls of a ``whole`` message are
        told apart by their places, whatever index they bear.
        """
        told = calls if isinstance(calls, list) else [calls] if isinstance(calls, dict) else []
        self._told_anew |= bool(told)
        if isinstance(old, dict) and not self._told_anew:
            told = [*told, {"index": 0, "function": old}]
        for place, each in enumerate(told):
            if isinstance(each, dict):
                self._add(each, place if whole else _index(each.get("index")))
        return bool(told)

    def _add(self, told: dict[str, Any], index: int | None) -> None:
        function = told.get("function")
        inner = function if isinstance(function, dict) else told
        given = inner.get("arguments")
        as_object = given is not None and not isinstance(given, str)
        arguments = _as_text(given) if as_object else given or ""
        call_id, name = _text(told.get("id")), _text(inner.get("name"))
        last = self._pieces[-1] if self._pieces else None
        if last is not None and last.index == index and not (call_id or name or as_object or last.as_object):
            last.arguments.append(arguments)
        elif len(self._pieces) < MOST_PIECES:
            self._pieces.append(_Piece(index, call_id, name, [arguments], as_object))

    def pieces(self, mend: Callable[[str], str]) -> tuple[CallPiece, ...]:
        """Return the pieces for a file; ``mend`` takes half characters away, which none can hold."""
        return tuple(
            CallPiece(
                index=each.index,
                id=mend(each.id),
                name=mend(each.name),
                arguments=mend("".join(each.arguments)),
                as_object=each.as_object,
            )
            for each in self._pieces
        )


_UNREAD = "["
"""In place of arguments that are too deep, or hold a number that is too long to be read: no JSON either."""


def _as_text(given: Any) -> str:
    try:
        text = json.dumps(given, ensure_ascii=False)
    except (RecursionError, TypeError):
        return _UNREAD
    return _UNREAD if is_too_deep(text) else text


def _index(told: Any) -> int | None:
    return told if type(told) is int and 0 <= told < 1 << 31 else None


def _text(told: Any) -> str:
    return told if isinstance(told, str) else ""
