"""JavaScript's texts and items. TypeScript's are more of the same."""

import re
from collections.abc import Sequence
from itertools import pairwise

from evalsite.languages.scanned.items import Grammar, Role, following, outside
from evalsite.languages.scanned.scanner import (
    CLOSE,
    COMMENT,
    DOUBLE_QUOTED,
    LINE,
    NUMBER,
    OPEN,
    SEMICOLON,
    SIGN,
    SINGLE_QUOTED,
    TEXT,
    UNENDED,
    WORD,
    Interpolation,
    Syntax,
    Token,
    words,
)

_OPERATORS = words(
    "return typeof case in of delete void instanceof new throw do else yield await default extends"
)
"""Words behind which a value follows, so that a slash begins a regular expression."""
_REGEX = re.compile(r"/(?![*/])(?:[^\\/\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*+\])++/[a-z]*")


def regex(source: str, at: int, last: Token | None) -> int | None:
    """Where a regular expression ends, if one begins here: behind an operator, not behind a value."""
    value = last is not None and (
        last.kind in (NUMBER, TEXT, CLOSE) or (last.kind == WORD and last.text not in _OPERATORS)
    )
    if value or source.startswith(("/*", "//"), at):
        return None
    found = _REGEX.match(source, at)
    return found.end() if found else UNENDED


SYNTAX = Syntax(
    comment=rf"{COMMENT}|(?<![^\n])\#![^\n]*",
    text=f"{DOUBLE_QUOTED}|{SINGLE_QUOTED}",
    begins=r"/\*|[\"']",
    blank=r"[^\S\n]",
    word=r"(?:[^\W\d]|[$#@])[\w$]*+",
    counts_lines=True,
    interpolations={"`": Interpolation(re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*+", re.DOTALL), "`", "${")},
    special=regex,
    special_begins="/",
)

_BLOCKS = frozenset(
    {"function", "async", "class", "if", "for", "while", "try", "switch", "do", "export", "{"}
)
_GOES_ON = frozenset({"else", "catch", "finally", "instanceof", "in", "of", "as", "extends", "implements"})
_STATEMENTS = _BLOCKS | words(
    "const let var import return throw new await void delete typeof break continue debugger with static "
    "get set else of in instanceof case yield from as default finally catch extends"
)


class JavaScriptGrammar(Grammar):
    """Statements end with a semicolon, or with a line behind which nothing goes on."""

    syntax = SYNTAX
    needs_end = False
    blocks = _BLOCKS
    keywords = _STATEMENTS

    def ends_at_brace(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """Of functions, classes and blocks; a value goes on up to the end of its line."""
        later = following(tokens, number)
        if later is None:
            return True
        head = [token.text for token in tokens[first : first + 3]]
        if head[0] == "export" and set(head) & {"const", "let", "var", "{"}:
            return False
        return head[0] in self.blocks and later.kind != SEMICOLON and not self._goes_on(later)

    def ends_at_line(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """Unless an operator stands before it, or behind it."""
        last, later = tokens[number - 1], following(tokens, number)
        counts = last.text in ("+", "-") and tokens[number - 2].text == last.text
        if (last.kind == SIGN and not counts) or last.text in self._unfinished:
            return False
        if later is None:
            return True
        head = tokens[first].text
        opens = later.text == "{" and head in self.blocks and last.text == ")"
        return not opens and not self._goes_on(later)

    _unfinished = frozenset(
        {"else", "return", "export", "default", "async", "new", "in", "of", "typeof", "extends"}
    ) - {"return"}

    def _goes_on(self, token: Token) -> bool:
        return token.text in _GOES_ON or (token.kind == SIGN and token.text not in ("!", "~", "-", "+", "/"))

    def declared(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        """By the word that it begins with; ``export`` before it says nothing."""
        plain = [token for token in tokens if token.kind != LINE]
        words = [token.text for token in plain]
        at = 0
        while at < len(words) and words[at] in self.modifiers:
            at += 1
        head = words[at] if at < len(words) else ""
        if head == "import" and words[at + 1 : at + 2] != ["("]:
            return "import", tuple(_imported(plain[at:]))
        if head == "function":
            return "function", _name([token for token in plain[at + 1 :] if token.text != "*"])
        if head in self.types and (named := _name(plain[at + 1 :])):
            return "type", named
        if head in ("const", "let", "var"):
            return self._value(plain[at + 1 :])
        if tokens[0].kind == WORD and words[1:2] == ["="] and words[2:3] not in (["="], [">"]):
            return self._value(plain)
        if _is_prose(plain, self.keywords):
            return "prose", ()
        return "statement", ()

    modifiers = frozenset({"export", "default", "async", "declare", "abstract"})
    types = frozenset({"class"})

    def _value(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        names = tuple(_bound(tokens))
        text = [token.text for token in tokens]
        if "require" in text and "(" in text and "=>" not in "".join(text):
            return "import", names
        is_function = "=>" in "".join(text) or "function" in text
        return ("function" if is_function else "value"), names


def _name(tokens: Sequence[Token]) -> tuple[str, ...]:
    """What a function or class is called behind its word; nothing where it has no name."""
    return tuple(token.text for token in tokens[:1] if token.kind == WORD and token.text != "extends")


def _imported(tokens: Sequence[Token]) -> list[str]:
    found = [token.text for token in tokens if token.kind == WORD]
    return [name for name in found if name not in ("import", "from", "as", "type")]


def _bound(tokens: Sequence[Token]) -> list[str]:
    """The names that a declaration binds, also by a pattern."""
    found: list[str] = []
    if tokens and tokens[0].kind == OPEN:
        for token in tokens:
            if token.text == "=":
                break
            if token.kind == WORD:
                found.append(token.text)
        return found
    expected = True
    for _, token in outside(tokens):
        if expected and token.kind == WORD:
            found.append(token.text)
        expected = token.text == ","
    return found


def _is_prose(tokens: Sequence[Token], keywords: frozenset[str]) -> bool:
    """Whether two words stand side by side that no language has there, or nothing is done."""
    shown = [token for _, token in outside(tokens)]
    for before, token in pairwise(shown):
        plain = before.kind == WORD and before.text not in keywords
        if plain and (token.kind in (WORD, NUMBER) and token.text not in keywords):
            return True
        if plain and token.kind == TEXT and token.text[0] != "`":
            return True
        if before.kind == TEXT and token.kind == WORD and token.text not in keywords:
            return True
    first = tokens[0]
    does = first.kind in (TEXT, OPEN) or first.text in keywords
    return not does and not any(token.text in ("(", "=", "`", "{") or token.kind == TEXT for token in tokens)
