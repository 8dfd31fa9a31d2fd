"""What can be told of scanned source, and how it is read within bounds."""

import functools
import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from evalsite.languages.reading import TooMuchError
from evalsite.languages.scanned.items import Grammar, Item
from evalsite.languages.scanned.scanner import CLOSE, OPEN, SIGN, TEXT, WORD, Scan, Token, scan, words

MOST_CHARS = 200_000
"""Of one piece of source: no program that a model writes is longer."""
MOST_READ = 2_000_000
"""Characters that are scanned for one answer, all attempts together."""
EACH = 200
"""Characters that an attempt counts for besides its own."""


class _Bounds(threading.local):
    left: float = math.inf


_bounds = _Bounds()


@contextmanager
def bounded() -> Iterator[None]:
    """Allow for :data:`MOST_READ` characters."""
    before = _bounds.left
    _bounds.left = MOST_READ
    try:
        yield
    finally:
        _bounds.left = before


@dataclass(frozen=True)
class Read:
    """Source as it was read: as far as it goes, and the items of that."""

    source: str
    found: Scan
    items: tuple[Item, ...]

    foreign: frozenset[str]

    @property
    def tokens(self) -> list[Token]:
        """All of them."""
        return self.found.tokens

    @cached_property
    def is_whole(self) -> bool:
        """Whether it is a program: all is closed, nothing in it is prose, and no sign is another's."""
        closed = self.found.is_whole and all(item.complete and item.role != "prose" for item in self.items)
        return closed and not any(
            token.kind == SIGN and (token.text in self.foreign or not token.text.isascii())
            for token in self.found.tokens
        )


def read(source: str, grammar: Grammar) -> Read:
    """Scan source and part it into items; raises :class:`TooMuchError` beyond the bounds."""
    _bounds.left -= len(source) + EACH
    if _bounds.left < 0 or len(source) > MOST_CHARS:
        raise TooMuchError("too much to read")
    return _remembered(source, grammar)


@functools.lru_cache(maxsize=16)
def _remembered(source: str, grammar: Grammar) -> Read:
    found = scan(source, grammar.syntax)
    return Read(source, found, tuple(grammar.items(found)), grammar.foreign)


@dataclass(frozen=True)
class ScannedCode:
    """Source that is whole."""

    grammar: Grammar
    items: tuple[Item, ...]
    borrows: bool = False

    @cached_property
    def defined(self) -> frozenset[str]:
        """Functions, types and values at the top level."""
        return frozenset(name for item in self.items if item.role in _DEFINING for name in item.names)

    @cached_property
    def binds(self) -> frozenset[str]:
        """These, and what is imported by name."""
        return self.defined.union(*(item.names for item in self.items if item.role == "import"))

    @cached_property
    def lacks(self) -> frozenset[str]:
        """Names that are called, or look like a type's, and are not bound at the top level."""
        return frozenset(name for item in self.items for name in used(item.tokens)) - self.binds

    def defines(self, name: str) -> bool:
        """Whether it gives the name a meaning, also within a class; for an empty name, any function."""
        if not name:
            return any(item.role == "function" or self.grammar.members(item) for item in self.items)
        return name in self.defined or any(name in self.grammar.members(item) for item in self.items)

    def is_stub(self, name: str) -> bool:
        """Whether the function's body has nothing in it but comments, or says that it is to be written."""
        found = [tokens for item in self.items for tokens in self.grammar.bodies(item, name)]
        return bool(found) and is_idle(found[-1])

    def is_open(self, name: str) -> bool:
        """Never: a function whose braces are closed has ended."""
        return False


_KEYWORDS = words(
    "abstract and as async auto await bool boolean break case catch char class const continue def "
    "default defined do double dyn else elsif end enum ensure eq extends final float fn for foreach "
    "from func function if impl implements import in instanceof int interface let local long mut my "
    "ne new nil not null of or our package private protected pub public raise ref rescue return self "
    "short signed sizeof static string struct sub switch then this throw throws type typename typeof "
    "unless unsigned until use using var virtual void volatile when where while with yield x lt gt le "
    "ge cmp print puts"
)
"""Of all languages: what may stand beside other words in code."""


def reads_as_prose(tokens: Sequence[Token]) -> bool:
    """Whether three words stand side by side on a line that are no keywords: no language has that."""
    row = 0
    end = -1
    for token in tokens:
        plain = token.kind == WORD and token.text not in _KEYWORDS and token.text[0] not in "$@%&"
        row = (row + 1 if token.start == end + 1 else 1) if plain else 0
        end = token.end
        if row == 3:
            return True
    return False


def defines_anew(tokens: Sequence[Token], name: str) -> bool:
    """Whether a body holds a definition of the function that it is to be the body of."""
    for number, token in enumerate(tokens[1:], 1):
        if token.kind != WORD or token.text != name:
            continue
        before, behind = tokens[number - 1].text, [each.text for each in tokens[number + 1 : number + 3]]
        is_value = before in ("const", "let", "var") and behind[:1] == ["="]
        if before in _DEFINE or (is_value and behind[-1] in ("(", "function", "async")):
            return True
        if behind[:1] == ["("] and before != "new" and _has_body(tokens[number + 1 : number + _HEAD]):
            return True
    return False


def _has_body(tokens: Sequence[Token]) -> bool:
    """Whether a brace follows a list of arguments, or what stands between."""
    depth = 0
    for number, token in enumerate(tokens):
        depth += (token.kind == OPEN) - (token.kind == CLOSE)
        if depth == 0:
            return [each.text for each in tokens[number + 1 : number + 2]] in _BEFORE_A_BODY
    return False


_DEFINE = words("function func fn def sub")
_BEFORE_A_BODY = (["{"], ["throws"], ["const"], ["noexcept"], ["override"])
_HEAD = 100
"""Tokens of a function's head."""
_DEFINING = ("function", "type", "value")
_UNWRITTEN = frozenset({"todo", "unimplemented", "NotImplementedError", "NotImplementedException"})


def used(tokens: tuple[Token, ...]) -> Iterator[str]:
    """Words that are called, or begin with a capital letter, and are no member of something."""
    before = ""
    for number, token in enumerate(tokens):
        if token.kind == WORD and before not in (".", "->", "::"):
            follows = tokens[number + 1] if number + 1 < len(tokens) else None
            if (follows is not None and follows.kind == OPEN and follows.text == "(") or token.text[
                0
            ].isupper():
                yield token.text
        before = token.text


def is_idle(tokens: Sequence[Token]) -> bool:
    """Whether a body does nothing."""
    if not tokens:
        return True
    words = {token.text for token in tokens if token.kind == WORD}
    said = any("mplement" in token.text for token in tokens if token.kind == TEXT)
    throws = bool({"throw", "raise", "panic", "die"} & words)
    return len(tokens) <= 12 and (bool(words & _UNWRITTEN) or (throws and said))
