"""Ruby's texts, its words that begin and end blocks, and its items."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from evalsite.languages.scanned.items import Grammar, Item, Role, following, outside
from evalsite.languages.scanned.methods import Method
from evalsite.languages.scanned.scanner import (
    CLOSE,
    LINE,
    NUMBER,
    OPEN,
    SEMICOLON,
    SIGN,
    TEXT,
    UNENDED,
    WORD,
    Interpolation,
    Syntax,
    Token,
    words,
)

_ALWAYS = frozenset({"def", "class", "module", "begin", "case"})
_UNLESS_BEHIND_A_VALUE = frozenset({"if", "unless", "while", "until", "for"})
_VALUES = words("end true false nil self return next break redo retry yield raise")
"""Words behind which ``if`` is a condition of what stands before it."""
_OPERATORS = words(
    "if unless while until and or not when in then else elsif do return case begin ensure rescue"
)
_ENDLESS = re.compile(r"def\s+[\w.]+[?!]?\s*(?:\([^()\n]*\)\s*)?=\s")
_LINE = 60
"""Tokens of a line that are looked back at."""
_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_PERCENT = re.compile(r"%[qQwWiIrxs]?([^\w\s])")
_REGEX = re.compile(r"/(?:[^\\/\n#]|\\.|\[(?:[^\]\\\n]|\\.)*+\]|#)++/[a-z]*|//[a-z]*")
_ARGUMENT = 200
"""Characters of a regular expression that is an argument without brackets, which may be a division."""
_LETTER = re.compile(r"\?(?:\\(?:[MC]-)?.|[^\s\w]|\w(?!\w))")
_NESTING = {
    opens: re.compile(rf"\\.|[{re.escape(opens + closes)}]", re.DOTALL) for opens, closes in _CLOSERS.items()
}


def _special(source: str, at: int, last: Token | None) -> int | None:
    """Regular expressions, ``%w[...]`` and ``?x``, where no value stands before."""
    value = last is not None and (
        last.kind in (NUMBER, TEXT, CLOSE) or (last.kind == WORD and last.text not in _OPERATORS)
    )
    if value:
        assert last is not None
        argument = last.kind == WORD and source[last.end : at].strip(" ") == "" and last.end < at
        if not argument or source[at + 1 : at + 2] in (" ", "=", "\n", ""):
            return None
    letter = source[at]
    if letter == "/":
        found = _REGEX.match(source, at, at + _ARGUMENT if value else len(source))
        return found.end() if found else None if value else UNENDED
    if letter == "?":
        found = _LETTER.match(source, at)
        return found.end() if found and not value else None
    percent = _PERCENT.match(source, at)
    return None if percent is None else delimited(source, percent.end() - 1)


def delimited(source: str, at: int) -> int:
    """Where a text ends whose delimiter stands at a place; one that opens may hold others like it."""
    opens = source[at]
    if opens not in _CLOSERS:
        found = re.compile(rf"(?:[^\\{re.escape(opens)}]|\\.)*+", re.DOTALL).match(source, at + 1)
        end = found.end() if found else at + 1
        return end + 1 if source.startswith(opens, end) else UNENDED
    depth = 1
    for mark in _NESTING[opens].finditer(source, at + 1):
        depth += (mark[0] == opens) - (mark[0] == _CLOSERS[opens])
        if not depth:
            return mark.end()
    return UNENDED


def _opener(source: str, tokens: Sequence[Token], start: int) -> str:
    """``end`` closes what ``def``, ``do`` and the like open, but for what stands behind a value."""
    word = re.compile(r"\w+[?!]?").match(source, start)
    text = word[0] if word else ""
    last = tokens[-1] if tokens else None
    if last is not None and last.text in (".", "&.", "def", "alias"):
        return ""
    behind = source[start + len(text) : start + len(text) + 2]
    if behind[:1] == ":" and behind != "::" and (last is None or last.text != "?"):
        return ""
    if text == "end":
        return "end"
    if text == "def":
        return "" if _ENDLESS.match(source, start) else text
    if text in _ALWAYS:
        return text
    if text in _UNLESS_BEHIND_A_VALUE:
        return "" if _is_value(tokens) else text
    return text if text == "do" and not _belongs_to_a_loop(tokens) else ""


def _is_value(tokens: Sequence[Token]) -> bool:
    last = tokens[-1] if tokens else None
    if last is None or last.kind in (LINE, SEMICOLON, SIGN, OPEN):
        return False
    if last.kind == WORD:
        return last.text in _VALUES or last.text not in _OPERATORS
    return not (last.text == ")" and _ends_a_head(tokens))


def _ends_a_head(tokens: Sequence[Token]) -> bool:
    """Whether the last bracket closes the arguments in the head of a method."""
    depth = 0
    for number in range(len(tokens) - 1, max(-1, len(tokens) - _LINE), -1):
        depth += (tokens[number].kind == CLOSE) - (tokens[number].kind == OPEN)
        if depth == 0:
            return "def" in [token.text for token in tokens[max(0, number - 4) : number]]
    return False


def _belongs_to_a_loop(tokens: Sequence[Token]) -> bool:
    """Whether ``while``, ``until`` or ``for`` opened before on the line, whose ``do`` opens nothing more."""
    for token in reversed(tokens[-_LINE:]):
        if token.kind in (LINE, SEMICOLON) or token.text == "do":
            return False
        if token.kind == "(" and token.text in ("while", "until", "for"):
            return True
    return False


def _holes(end: str) -> Interpolation:
    return Interpolation(re.compile(rf"(?:[^{end}\\#]|\\.|\#(?!\{{))*+", re.DOTALL), end, "#{")


SYNTAX = Syntax(
    comment=r"\#[^\n]*|(?<![^\n])=begin\b[^\n]*(?:\n(?!=end\b)[^\n]*)*+\n=end\b[^\n]*|(?<![^\n])__END__.*",
    text=r"'(?:[^'\\]|\\.)*+'|:'(?:[^'\\]|\\.)*+'|:[^\W\d]\w*[?!]?(?!:)",
    begins=r"'|(?<![^\n])=begin\b",
    word=r"(?:@@?|\$)?[^\W\d]\w*(?:[?!](?![=~])|[?!](?===))?|\$[!@&~0-9/\\,;.<>_*$?:\"]",
    counts_lines=True,
    interpolations={'"': _holes('"'), "`": _holes("`")},
    special=_special,
    special_begins="/%?",
    heredoc=re.compile(
        r"<<(?:[~-](?P<quote>[\"'`]?)(?=\w)|(?P<bare>[\"']?)(?=[A-Z_]{2}))(?P<word>\w+)(?(quote)(?P=quote))(?(bare)(?P=bare))"
    ),
    opener=_opener,
)

_MODIFIERS = words("private public protected module_function private_class_method memoize")
_LAMBDAS = frozenset({"lambda", "proc", "Proc"})
_COMMANDS = words(
    "if unless while until for case begin return raise yield not and or then do end in rescue ensure else "
    "elsif when super alias undef nil true false self"
)


class RubyGrammar(Grammar):
    """Items end with their line, unless something is open or goes on."""

    syntax = SYNTAX
    needs_end = False
    foreign = frozenset()

    def ends_at_brace(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """With the line."""
        return following(tokens, number) is None

    def ends_at_line(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """Unless an operator stands before it, or a point behind it."""
        last, later = tokens[number - 1], following(tokens, number)
        if last.text == "\\" or (last.kind == SIGN and last.text not in ("?", "!", ":", "*")):
            return False
        return later is None or later.text not in (".", "&.", "&")

    def declared(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        """By the word that it begins with."""
        plain = [token for token in tokens if token.kind != LINE and token.text not in _MODIFIERS]
        if not plain:
            return "statement", ()
        head, rest = plain[0].text, plain[1:]
        if _is_of_tests(plain):
            return "tests", ()
        if head in ("require", "require_relative", "load", "include", "using"):
            return "import", ()
        if head == "def" and rest:
            named = rest[2] if len(rest) > 2 and rest[0].text == "self" and rest[1].text == "." else rest[0]
            return "function", (named.text,)
        if head in ("class", "module") and rest:
            return "type", (rest[0].text,) if rest[0].kind == WORD else ()
        if (
            rest
            and plain[0].kind == WORD
            and rest[0].text == "="
            and rest[1:2]
            and rest[1].text not in ("=", "~")
        ):
            is_lambda = rest[1].text in _LAMBDAS or [token.text for token in rest[1:3]] == ["-", ">"]
            return ("function" if is_lambda else "value"), (head,)
        return ("prose" if _is_prose(plain) else "statement"), ()

    def methods(self, item: Item) -> Mapping[str, Method]:
        """By the word that they begin with."""
        return {found.name: found for found in _methods(item.tokens)} if item.role == "type" else {}


def _methods(tokens: Sequence[Token]) -> Iterator[Method]:
    depth = 0
    for token, *behind in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        if depth == 1 and token.text == "def":
            of_class = [each.text for each in behind[:2]] == ["self", "."]
            yield Method(behind[2 if of_class else 0].text, ("self",) if of_class else ())
        depth += (token.kind == OPEN) - (token.kind == CLOSE)


_FRAMEWORKS = frozenset({"Minitest", "MiniTest", "Test", "RSpec"})
_LOADS = re.compile(r"[\"'](?:minitest|test/unit|rspec)\b")


def _is_of_tests(plain: Sequence[Token]) -> bool:
    """Whether an item loads a framework of tests, or holds cases of one: a problem's bring their own."""
    head, *rest = [token.text for token in plain[:6]]
    if head == "require":
        return any(_LOADS.match(text) for text in rest)
    derives = head == "class" and rest[1:2] == ["<"] and rest[2:3] and rest[2].split("::")[0] in _FRAMEWORKS
    return derives or (head == "RSpec" and rest[:1] == ["."])


def _is_prose(plain: Sequence[Token]) -> bool:
    shown = [token for _, token in outside(plain)]
    pairs = list(pairwise(shown))

    def word(token: Token) -> bool:
        return token.kind == WORD and token.text not in _COMMANDS and token.text[0] not in "@$"

    if (
        word(shown[0])
        and shown[0].text[0].isupper()
        and len(shown) > 1
        and shown[1].kind in (WORD, NUMBER, TEXT)
    ):
        return True
    together = [word(a) and (word(b) or b.kind == NUMBER) for a, b in pairs]
    if any(a and b for a, b in pairwise(together)):
        return True
    return len(shown) == 1 and word(shown[0]) and "." not in shown[0].text
