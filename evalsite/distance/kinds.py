"""Which kind of token stands at each character of a text: identifier, keyword, literal and so on."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Literal, get_args

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType

from evalsite.languages import LANGUAGES

TokenKind = Literal["identifier", "keyword", "literal", "operator", "whitespace", "comment", "docstring"]
KINDS: tuple[TokenKind, ...] = get_args(TokenKind)


@lru_cache(maxsize=512)
def kinds_along(text: str, language: str) -> tuple[TokenKind, ...]:
    """Return the kind of each character, by pygments' lexer of the language; shape (len(text),).

    Remembered, as each text is looked at for both models, again for the noise, and wherever that is shown.
    """
    found: list[TokenKind] = ["whitespace"] * len(text)
    known = LANGUAGES.get(language)
    for begins, kind, piece in _lexer(known.lexer if known else "text").get_tokens_unprocessed(text):
        own, is_quoted = _kind(kind), _quoted(kind)
        for at, char in enumerate(piece, begins):
            if is_quoted or not char.isspace():
                found[at] = own
    return tuple(found)


def kind_at(kinds: Sequence[TokenKind], text: str, at: int) -> TokenKind:
    """The kind of the token that begins at a place; the space that begins a word is the word's."""
    return kinds[at + 1] if text[at] == " " and at + 1 < len(kinds) else kinds[at]


@cache
def _quoted(kind: _TokenType) -> bool:
    return kind in Token.Literal.String or kind in Token.Comment


@cache
def _kind(kind: _TokenType) -> TokenKind:
    if kind in Token.Literal.String.Doc:
        return "docstring"
    if kind in Token.Comment:
        return "comment"
    if kind in Token.Literal:
        return "literal"
    if kind in Token.Keyword or kind in Token.Operator.Word:
        return "keyword"
    if kind in Token.Name:
        return "identifier"
    return "operator"


@cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name)
