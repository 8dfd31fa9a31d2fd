"""Tokens -> the items of a program: what stands at its top level, and what each gives a meaning to."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from evalsite.languages.scanned.methods import Method, methods
from evalsite.languages.scanned.scanner import (
    CLOSE,
    DIRECTIVE,
    LINE,
    OPEN,
    PAIRS,
    SEMICOLON,
    SIGN,
    WORD,
    Scan,
    Syntax,
    Token,
)

Role = Literal["package", "import", "function", "type", "value", "main", "tests", "statement", "prose"]
"""What an item is. ``main`` and ``tests`` are those of the answer's own; ``prose`` is no code."""


HEAD = 300
"""Tokens of an item among which all is that tells what it is, while it is not known where it ends."""


@dataclass(frozen=True)
class Item:
    """An item, with the comments before it: ``source[start:end]``. Its first token begins at ``code``."""

    start: int
    code: int
    end: int
    tokens: tuple[Token, ...]
    role: Role
    names: tuple[str, ...]
    complete: bool = True


class Grammar(ABC):
    """Where a language's items end and what they are. What is said here holds for languages with braces
    whose statements end with a semicolon.
    """

    syntax: ClassVar[Syntax]
    goes_on: ClassVar[frozenset[str]] = frozenset({",", ")", "]", ".", "else", "catch", "finally"})
    """What behind a brace goes on with the item."""
    foreign: ClassVar[frozenset[str]] = frozenset("\\`@#$")
    """Signs that no program holds, besides those beyond ASCII."""
    needs_end: ClassVar[bool] = True
    """Whether the last item of a program ends as all others do."""

    def items(self, found: Scan) -> list[Item]:
        """The items of source as far as it was scanned; the last one may not be complete."""
        items: list[Item] = []
        depth, first, start = 0, -1, 0
        tokens = found.tokens
        for number, token in enumerate(tokens):
            if first < 0:
                if token.kind == LINE:
                    continue
                first = number
            if token.kind == OPEN:
                depth += 1
            elif token.kind == CLOSE:
                depth -= 1
            if depth == 0 and self.ends(tokens, first, number):
                items.append(self._item(tokens[first : number + 1], start))
                start, first = items[-1].end, -1
        if first >= 0:
            whole = found.is_whole and not self.needs_end
            items.append(self._item(tokens[first:], start, complete=whole))
        return items

    def _item(self, tokens: Sequence[Token], start: int, *, complete: bool = True) -> Item:
        last = len(tokens)
        while last > 1 and tokens[last - 1].kind == LINE:
            last -= 1
        tokens = tokens[:last]
        role, names = self.declared(tokens if complete else (*tokens, *_closers(tokens)))
        return Item(start, tokens[0].start, tokens[-1].end, tuple(tokens), role, names, complete)

    def ends(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """Whether an item that begins with a token ends with another one, outside of all brackets."""
        token = tokens[number]
        if token.kind == SEMICOLON:
            return True
        if token.kind == DIRECTIVE:
            return first == number
        if token.kind == LINE:
            return self.ends_at_line(tokens, first, number)
        return token.text == "}" and token.kind == CLOSE and self.ends_at_brace(tokens, first, number)

    def ends_at_brace(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """The same where that is a closing brace."""
        later = following(tokens, number)
        return later is None or (later.kind != SEMICOLON and later.text not in self.goes_on)

    def ends_at_line(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """The same where that is the end of a line."""
        return False

    @abstractmethod
    def declared(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        """What an item is, and the names that it gives a meaning to."""

    def members(self, item: Item) -> frozenset[str]:
        """The functions that a type holds."""
        return frozenset(self.methods(item))

    def methods(self, item: Item) -> Mapping[str, Method]:
        """The same with what is known of each; nothing where the language's tests call methods anyway."""
        return methods(item.tokens) if item.role == "type" else {}

    def bodies(self, item: Item, name: str) -> list[list[Token]]:
        """What stands in the function of that name, where the item is or holds it."""
        return [body(item.tokens)] if item.role == "function" and name in item.names else []


def _closers(tokens: Sequence[Token]) -> list[Token]:
    """What would close an item that is not complete."""
    opened: list[str] = []
    for token in tokens:
        if token.kind == OPEN:
            opened.append(PAIRS.get(token.text, "end"))
        elif token.kind == CLOSE and opened:
            opened.pop()
    end = tokens[-1].end
    return [Token(CLOSE, text, end, end) for text in reversed(opened)]


def following(tokens: Sequence[Token], number: int) -> Token | None:
    """The next token that is no end of a line."""
    return next((each for each in tokens[number + 1 : number + 50] if each.kind != LINE), None)


def outside(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The tokens outside of all brackets, with the brackets that stand there, and their numbers."""
    depth = 0
    for number, token in enumerate(tokens):
        if token.kind == CLOSE:
            depth -= 1
        if depth == 0:
            yield number, token
        if token.kind == OPEN:
            depth += 1


def called(tokens: Sequence[Token]) -> int | None:
    """Number of the word before the first round bracket outside of all others, before any ``=`` or brace."""
    before: Token | None = None
    place = -1
    for number, token in outside(tokens):
        if token.text == "(" and before is not None and before.kind == WORD:
            return place
        if token.text in ("{", "=") and token.kind in (OPEN, SIGN):
            return None
        before, place = token, number
    return None


def body(tokens: Sequence[Token]) -> list[Token]:
    """What stands within an item's last braces, without ends of lines; all of it where it has none."""
    begins = [n for n, token in outside(tokens) if token.kind == OPEN and token.text not in ("(", "[")]
    if not begins:
        return list(tokens)
    depth = 0
    found: list[Token] = []
    for token in tokens[begins[-1] :]:
        depth += (token.kind == OPEN) - (token.kind == CLOSE)
        if depth == 0:
            break
        if token.kind != LINE:
            found.append(token)
    return found[1:]
