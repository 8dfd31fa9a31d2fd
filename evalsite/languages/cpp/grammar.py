"""C++'s texts, directives and items."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from evalsite.languages.scanned.items import HEAD, Grammar, Role, called, following, outside
from evalsite.languages.scanned.scanner import (
    BLOCK_COMMENT,
    DIRECTIVE,
    DOUBLE_QUOTED,
    LETTER,
    NUMBER,
    SEMICOLON,
    TEXT,
    WORD,
    Syntax,
    Token,
    words,
)

SYNTAX = Syntax(
    comment=rf"//(?:[^\n\\]|\\.)*+|{BLOCK_COMMENT}",
    text=r'(?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\((?:[^)]|\)(?!(?P=mark)"))*+\)(?P=mark)"'
    rf"|(?:u8|[uUL])?{DOUBLE_QUOTED}|[uUL]?{LETTER}",
    number=r"\d(?:[\w.]|'(?=\w))*+",
    directive=rf"\#(?:{BLOCK_COMMENT}|\\\n|[^\n])*+",
    begins=r"/\*|[\"']|(?:u8|[uUL])?R\"",
)
_TYPES = frozenset({"struct", "class", "union", "enum"})
_OF_TYPES = words("const unsigned signed long short volatile")
"""Words that stand beside each other in one type."""
_BEFORE = words("template [ static inline constexpr extern typename")


class CppGrammar(Grammar):
    """Functions end with their brace, all else with a semicolon."""

    syntax = SYNTAX
    goes_on = frozenset({",", ")", "]", ".", "catch"})

    def ends_at_brace(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """Of a function or a namespace; a type's own goes on up to the semicolon."""
        later = following(tokens, number)
        plain = _plain(tokens[first : min(number, first + HEAD)])
        if later is None:
            return not _is_type(plain)
        if later.kind == SEMICOLON:
            return called(plain) is not None and plain[0].text not in _TYPES
        if not super().ends_at_brace(tokens, first, number):
            return False
        return later.kind == DIRECTIVE or not _is_type(plain)

    def declared(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        """By the word that it begins with, or by its brackets."""
        if tokens[0].kind == DIRECTIVE:
            return "import", ()
        if tokens[0].kind == SEMICOLON:
            return "value", ()
        plain = _plain(tokens)
        words = [token.text for token in plain if token.kind == WORD]
        head = words[0] if words else ""
        if head == "using":
            is_alias = "=" in {token.text for token in plain}
            return ("type", tuple(words[1:2])) if is_alias else ("import", ())
        if head == "namespace":
            return "type", tuple(words[1:2]) if plain[1:] and plain[1].kind == WORD else ()
        if head == "typedef":
            return "type", tuple(words[-1:])
        if _is_type(plain):
            named = takewhile(lambda token: token.text != "{", plain)
            return "type", tuple(
                each.text for each in named if each.kind == WORD and each.text not in _TYPES
            )[:1]
        if tokens[-1].text == "}" and _is_operator(plain):
            return "function", ()
        place = called(plain)
        if place is not None and tokens[-1].text == "}":
            return _function(plain, place)
        return _value(plain, tokens)


def _function(plain: Sequence[Token], place: int) -> tuple[Role, tuple[str, ...]]:
    name = plain[place].text
    if name == "main":
        return "main", (name,)
    return ("function", (name,)) if place > 0 and plain[0].kind == WORD else ("prose", ())


def _value(plain: Sequence[Token], tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
    """A variable, a prototype, or no code."""
    shown = list(_without_arguments(token for _, token in outside(plain)))
    ends = tokens[-1].text == ";"
    names = [n for n, token in enumerate(shown) if token.text in ("=", ";", "{", "[", "(", ",") and n]
    if not ends or not names or shown[0].kind != WORD or names[0] < 2:
        return "prose", ()
    before = shown[: names[0]]
    side_by_side = sum(a.kind == b.kind == WORD and a.text not in _OF_TYPES for a, b in pairwise(before))
    odd = any(token.kind in (TEXT, NUMBER) for token in before)
    if odd or side_by_side > 3 or before[-1].kind != WORD:
        return "prose", ()
    if shown[names[0]].text == "(":
        return "value", ()  # a prototype gives nothing a meaning, or its name's own later
    return "value", (before[-1].text,)


def _without_arguments(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens without the arguments of templates."""
    depth, behind_word = 0, False
    for token in tokens:
        depth += token.text == "<" and behind_word
        if depth == 0:
            yield token
        depth -= token.text == ">" and depth > 0
        behind_word = token.kind == WORD


def _is_operator(plain: Sequence[Token]) -> bool:
    """Whether a function has a sign for a name."""
    head = [token for _, token in outside(plain)]
    end = next((n for n, token in enumerate(head) if token.text == "("), 0)
    return "operator" in [token.text for token in head[1:end]]


def _plain(tokens: Sequence[Token]) -> Sequence[Token]:
    """An item without the parameters of a template before it, and without attributes."""
    at = 0
    while at < len(tokens) and tokens[at].text in _BEFORE:
        if tokens[at].text == "template":
            at = _behind(tokens, at + 1, "<", ">")
        elif tokens[at].text == "[":
            at = _behind(tokens, at, "[", "]")
        else:
            at += 1
    return tokens[at:] or tokens


def _behind(tokens: Sequence[Token], at: int, opens: str, closes: str) -> int:
    depth = 0
    for number in range(at, len(tokens)):
        depth += (tokens[number].text == opens) - (tokens[number].text == closes)
        if depth <= 0:
            return number + 1
    return len(tokens)


def _is_type(plain: Sequence[Token]) -> bool:
    """Whether an item defines a type, and is no function that returns one."""
    return bool(plain) and plain[0].text in _TYPES and called(plain) is None
