"""PHP's texts and items."""

import re
from collections.abc import Sequence
from itertools import pairwise

from evalsite.languages.scanned.items import Grammar, Role, following, outside
from evalsite.languages.scanned.scanner import (
    BLOCK_COMMENT,
    NUMBER,
    SEMICOLON,
    TEXT,
    WORD,
    Interpolation,
    Syntax,
    Token,
    words,
)

_TAG = r"<\?(?:php\b|=)|\?>(?:[^<]|<(?!\?))*+(?:<\?(?:php\b|=))?"
SYNTAX = Syntax(
    comment=rf"(?://|\#(?!\[))(?:[^\n?]|\?(?!>))*|{BLOCK_COMMENT}",
    directive=_TAG,
    text=r"'(?:[^'\\]|\\.)*+'"
    r"|<<<[ \t]*(?P<quote>[\"']?)(?P<mark>[^\W\d]\w*)(?P=quote)\n"
    r"(?:(?![ \t]*(?P=mark)\b)[^\n]*\n)*+[ \t]*(?P=mark)\b",
    begins=r"/\*|'|<<<[ \t]*[\"'\w]",
    word=r"\$?[^\W\d][\w\\]*+|\\[^\W\d][\w\\]*+",
    interpolations={
        '"': Interpolation(re.compile(r'(?:[^"\\{]|\\.|\{(?!\$))*+', re.DOTALL), '"', "{"),
        "`": Interpolation(re.compile(r"(?:[^`\\{]|\\.|\{(?!\$))*+", re.DOTALL), "`", "{"),
    },
)
_TYPES = frozenset({"class", "interface", "trait", "enum", "abstract", "final", "readonly"})
_BLOCKS = _TYPES | words("function if for foreach while switch try namespace do declare")
_KEYWORDS = _BLOCKS | words(
    "echo print return use const global static throw new instanceof as else elseif require require_once "
    "include include_once catch finally fn and or xor clone yield from unset isset public private "
    "protected var extends implements case goto endif endfor endforeach endwhile endswitch"
)


class PhpGrammar(Grammar):
    """Statements end with a semicolon, functions, classes and blocks with their brace."""

    syntax = SYNTAX
    goes_on = frozenset({",", ")", "]", "->", "else", "elseif", "catch", "finally"})
    needs_end = False
    foreign = frozenset()

    def ends_at_brace(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """Not that of a value: ``$f = function () {...};``."""
        later = following(tokens, number)
        return tokens[first].text.lower() in (*_BLOCKS, "{") and (
            later is None or (later.kind != SEMICOLON and later.text.lower() not in self.goes_on)
        )

    def declared(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        """By the word that it begins with."""
        words = [token.text for token in tokens if token.kind == WORD]
        head = tokens[0].text.lower()
        if tokens[0].text.startswith(("<?", "?>")):
            return "package", ()
        if head in ("namespace", "declare"):
            return "package", ()
        if head in ("use", "require", "require_once", "include", "include_once"):
            return "import", ()
        if head == "function" and len(words) > 1 and tokens[1].text in (words[1], "&"):
            return "function", (words[1],)
        if head in _TYPES:
            named = [word for word in words if word.lower() not in _TYPES]
            return ("type", tuple(named[:1])) if "{" in {each.text for each in tokens} else ("prose", ())
        behind = [token.text for token in tokens[1:3]]
        if head[0] == "$" and len(behind) == 2 and behind[0] == "=" != behind[1]:
            return "value", (tokens[0].text,)
        if head == "const" and len(words) > 1:
            return "value", (words[1],)
        if _is_prose(tokens):
            return "prose", ()
        return "statement", ()


def _is_prose(tokens: Sequence[Token]) -> bool:
    shown = [token for _, token in outside(tokens)]
    for before, token in pairwise(shown):
        plain = before.kind == WORD and before.text[0] != "$" and before.text.lower() not in _KEYWORDS
        if plain and token.kind in (WORD, NUMBER, TEXT) and token.text.lower() not in _KEYWORDS:
            return True
    first = tokens[0]
    if first.text[0] == "$" or first.text.lower() in _KEYWORDS or first.text in (";", "{", "++", "+", "-"):
        return False
    return not any(token.text in ("(", "::") for token in tokens)
