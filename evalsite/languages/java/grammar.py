"""Java's texts and items."""

from collections.abc import Sequence
from itertools import pairwise

from evalsite.languages.scanned.items import Grammar, Item, Role, body, called, outside
from evalsite.languages.scanned.scanner import (
    CLOSE,
    COMMENT,
    DOUBLE_QUOTED,
    LETTER,
    OPEN,
    SIGN,
    WORD,
    Syntax,
    Token,
    words,
)

SYNTAX = Syntax(
    comment=COMMENT,
    text=rf'"""(?:[^"\\]|\\.|"(?!""))*+"""|{DOUBLE_QUOTED}|{LETTER}',
    begins=r"/\*|[\"']",
    word=r"(?:[^\W\d]|\$)[\w$]*+",
)
TYPES = frozenset({"class", "interface", "enum", "record"})
MODIFIERS = words(
    "public protected private static final abstract strictfp sealed synchronized native default non-sealed"
)


class JavaGrammar(Grammar):
    """Classes and what stands before them; a method alone is one that a class is to be put around."""

    syntax = SYNTAX
    goes_on = frozenset({",", ")", "]", "."})
    foreign = Grammar.foreign - {"@"}

    def declared(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        """By its modifiers and the word behind them."""
        shown = [token for _, token in outside(tokens)]
        words = [token.text for token in shown if token.kind == WORD]
        head = next((word for word in words if word not in MODIFIERS), "")
        if shown[0].text in ("package", "import"):
            return ("package" if shown[0].text == "package" else "import"), ()
        kind = next((word for word in words if word in TYPES), "")
        if kind and (kind == head or shown[0].text == "@"):
            names = words[words.index(kind) + 1 :]
            return ("type", (names[0],)) if names and _is_closed(tokens) else ("prose", ())
        place = called(tokens)
        if place is not None and _is_closed(tokens) and place > 0:
            return "function", (tokens[place].text,)
        if shown[0].kind == WORD and len(words) >= 2 and tokens[-1].text == ";" and place is None:
            equals = next((n for n, token in enumerate(shown) if token.text == "="), len(shown) - 1)
            if _is_type(shown[: equals - 1]):
                return "value", (shown[equals - 1].text,)
        return ("value" if tokens[0].text == ";" else "prose"), ()

    def members(self, item: Item) -> frozenset[str]:
        """The methods of a class."""
        return (
            frozenset(name for name, _ in members(item.tokens) if name)
            if item.role == "type"
            else frozenset()
        )

    def bodies(self, item: Item, name: str) -> list[list[Token]]:
        """Of methods, too."""
        if item.role != "type":
            return super().bodies(item, name)
        return [body(part) for each, part in members(item.tokens) if each == name]


def _is_closed(tokens: Sequence[Token]) -> bool:
    """Whether a brace is the end, behind which a semicolon says nothing."""
    return tokens[-1].text == "}" or [token.text for token in tokens[-2:]] == ["}", ";"]


def _is_type(tokens: Sequence[Token]) -> bool:
    """Whether tokens may be the type of a value: no two names side by side."""
    plain = [token for token in tokens if token.text not in MODIFIERS]
    pairs = pairwise(plain)
    return bool(plain) and not any(a.kind == WORD == b.kind for a, b in pairs)


def members(tokens: Sequence[Token]) -> list[tuple[str, Sequence[Token]]]:
    """The members of a class in their order, each with its name if it is a method."""
    begins = next((n for n, token in enumerate(tokens) if token.text == "{"), None)
    if begins is None:
        return []
    found: list[tuple[str, Sequence[Token]]] = []
    depth, first = 0, begins + 1
    for number in range(begins + 1, len(tokens)):
        token = tokens[number]
        depth += (token.kind == OPEN) - (token.kind == CLOSE)
        if depth < 0:
            return found
        if depth == 0 and (token.text == ";" or (token.text == "}" and not _assigns(tokens[first:number]))):
            part = tokens[first : number + 1]
            place = called(part)
            found.append((part[place].text if place is not None else "", part))
            first = number + 1
    rest = tokens[first:]
    place = called(rest)
    return [*found, (rest[place].text if place is not None else "", rest)] if rest else found


def _assigns(tokens: Sequence[Token]) -> bool:
    return any(token.kind == SIGN and token.text == "=" for _, token in outside(tokens))
