"""Calls written as Python: ``[f(x=1, y=["a"]), g()]``. Read by hand, in linear time; nothing is evaluated."""

import re
from typing import Any

from evalsite.calls.reading import MOST_CHARACTERS, MOST_DEPTH, Call

_TOKEN = re.compile(
    r"""\s*+(?:
    (?P<string>[rRuU]?(?:"""
    r'''"""(?:[^"\\]|\\.|"(?!""))*+"""|'''
    r"""'''(?:[^'\\]|\\.|'(?!''))*+'''|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'))
    |(?P<number>[-+]?(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)(?:[eE][-+]?\d++)?)
    |(?P<name>[^\W\d][\w.\-]*+)
    |(?P<mark>[\[\](){},:=;])
    )""",
    re.VERBOSE | re.DOTALL,
)
_END = re.compile(r"\s*+\Z")
_WORDS: dict[str, Any] = {
    "True": True,
    "False": False,
    "None": None,
    "true": True,
    "false": False,
    "null": None,
}
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|\n|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v", "\n": ""}
_CLOSING = {"[": "]", "(": ")", "{": "}"}


class NotPythonic(Exception):  # noqa: N818 -- says what a text is not
    """The text is no list of calls."""


def read_pythonic(text: str) -> list[Call]:
    """Read a text that is a call, or a list of calls, and nothing else; raises NotPythonic."""
    if len(text) > MOST_CHARACTERS:
        raise NotPythonic
    reader = _Reader(text.strip())
    listed = reader.take("[")
    calls = []
    while True:
        if listed and reader.take("]"):
            break
        calls.append(reader.call())
        if not (reader.take(",") or (not listed and reader.take(";"))):
            if listed and not reader.take("]"):
                raise NotPythonic
            break
        if not listed and reader.at_end():
            break
    if not calls or not reader.at_end():
        raise NotPythonic
    return calls


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def at_end(self) -> bool:
        return _END.match(self.text, self.position) is not None

    def _next(self) -> tuple[str, str]:
        found = _TOKEN.match(self.text, self.position)
        if found is None:
            raise NotPythonic
        self.position = found.end()
        kind = str(found.lastgroup)
        return kind, found[kind]

    def take(self, mark: str) -> bool:
        found = _TOKEN.match(self.text, self.position)
        if found is None or found["mark"] != mark:
            return False
        self.position = found.end()
        return True

    def call(self) -> Call:
        kind, name = self._next()
        if kind != "name" or not self.take("("):
            raise NotPythonic
        arguments: dict[str, Any] = {}
        why = ""
        while not self.take(")"):
            before = self.position
            kind, key = self._next()
            if kind == "name" and self.take("="):
                arguments[key] = self.value(0)
            else:
                self.position = before
                self.value(0)
                why = "without names"
            if not self.take(",") and not self.take(")"):
                raise NotPythonic
            if self.text[self.position - 1] == ")":
                break
        return Call(name, None if why else arguments, why)

    def value(self, depth: int) -> Any:
        if depth > MOST_DEPTH:
            raise NotPythonic
        kind, word = self._next()
        if kind == "string":
            return _string(word)
        if kind == "number":
            return _number(word)
        if kind == "name":
            if word in _WORDS:
                return _WORDS[word]
            return word  # a variable's name, which the published checker takes for a string, too
        if word == "{":
            return self._object(depth)
        if word in "[(":
            return self._array(_CLOSING[word], depth)
        raise NotPythonic

    def _array(self, end: str, depth: int) -> list[Any]:
        found = []
        while not self.take(end):
            found.append(self.value(depth + 1))
            if not self.take(","):
                if not self.take(end):
                    raise NotPythonic
                break
        return found

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self.take("}"):
            key = self.value(depth + 1)
            if not self.take(":"):
                raise NotPythonic
            found[key if isinstance(key, str) else str(key)] = self.value(depth + 1)
            if not self.take(","):
                if not self.take("}"):
                    raise NotPythonic
                break
        return found


def _number(token: str) -> int | float:
    try:
        plain = token.replace("_", "")
        return float(plain) if any(each in plain for each in ".eE") else int(plain)
    except ValueError:
        raise NotPythonic from None


def _string(token: str) -> str:
    raw = token[0] in "rR"
    token = token.lstrip("rRuU")
    quotes = 3 if token[:3] in ('"""', "'''") and len(token) >= 6 else 1
    inner = token[quotes:-quotes]
    return inner if raw else _ESCAPE.sub(_unescape, inner)


def _unescape(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "xuU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 else found[0]
    if code[0] in "01234567":
        return chr(int(code, 8))
    return _ESCAPED.get(code, code if code in "\\'\"" else found[0])
