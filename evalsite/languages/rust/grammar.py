"""Rust's texts and items."""

from collections.abc import Sequence

from evalsite.languages.scanned.items import HEAD, Grammar, Role, following
from evalsite.languages.scanned.scanner import CLOSE, OPEN, TEXT, WORD, Syntax, Token

SYNTAX = Syntax(
    comment=r"//[^\n]*",
    text=r'b?r(?P<mark>\#{0,8})"(?:[^"]|"(?!(?P=mark)))*+"(?P=mark)|b?"(?:[^"\\]|\\.)*+"'
    r"|b?'(?:[^'\\\n]|\\(?:u\{\w{1,8}\}|x\w\w|.))'|'(?=\w)",
    number=r"\d(?:\w|\.(?=\d))*+",
    begins=r"/\*|\"|b?r\#{0,8}\"",
    nested_comments=True,
)
_BY_SEMICOLON = frozenset({"use", "let", "static", "const", "type"})
_MODIFIERS = frozenset({"async", "unsafe", "extern", "default", "const"})


class RustGrammar(Grammar):
    """Functions and types end with their brace, all else with a semicolon."""

    syntax = SYNTAX
    goes_on = frozenset({",", ")", "]", "."})
    foreign = frozenset("\\`")

    def ends_at_brace(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """But not of ``use a::{b, c}``."""
        plain = _plain(tokens[first : min(number + 1, first + HEAD)])
        if plain and plain[0].text in _BY_SEMICOLON and not _is_function(plain):
            return False
        later = following(tokens, number)
        return later is None or later.text not in self.goes_on

    def declared(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        """By the word that it begins with, behind attributes and ``pub``."""
        plain = _plain(tokens)
        if not plain:
            return "import", ()  # an attribute of the whole file
        head = next((each.text for each in plain if each.text not in _MODIFIERS), "")
        if _is_function(plain):
            names = [token.text for token in plain if token.kind == WORD]
            name = names[names.index("fn") + 1] if names[-1] != "fn" else ""
            return ("main" if name == "main" else "function"), (name,)
        if tokens[-1].text not in (";", "}"):
            return "prose", ()
        if plain[0].text == "extern" and "crate" in {each.text for each in plain[:3]}:
            return "import", ()
        return _named(plain, head, tests=any(each.text == "test" for each in tokens[:6]))


def _named(plain: Sequence[Token], head: str, *, tests: bool) -> tuple[Role, tuple[str, ...]]:
    if head == "use":
        return "import", ()
    if plain[0].text in ("const", "static"):
        return "value", tuple(each.text for each in plain[1:3] if each.kind == WORD and each.text != "mut")[
            :1
        ]
    names = [token.text for token in plain if token.kind == WORD and token.text not in _MODIFIERS]
    if head == "mod":
        is_tests = tests or names[1:2] in (["tests"], ["test"])
        return ("tests" if is_tests else "type"), tuple(names[1:2])
    if head in ("struct", "enum", "trait", "type", "union"):
        return "type", tuple(names[1:2])
    if head == "impl":
        return "type", ()
    if head == "macro_rules":
        return "value", tuple(names[1:2])
    if [each.text for each in plain[1:3]] == ["!", "{"]:
        return "value", ()  # what a macro defines, as ``thread_local`` does
    return ("value" if head == ";" else "prose"), ()


def _is_function(plain: Sequence[Token]) -> bool:
    for token in plain[:8]:
        if token.text == "fn":
            return any(each.text == "{" for each in plain)
        if token.text not in _MODIFIERS and token.kind != TEXT:
            return False
    return False


def _plain(tokens: Sequence[Token]) -> Sequence[Token]:
    """An item without its attributes, and without what says who sees it: ``pub(in crate::a)``."""
    plain = _without_attributes(tokens)
    if not plain or plain[0].text != "pub":
        return plain
    ends = 0
    if len(plain) > 1 and plain[1].text == "(":
        ends = next((n for n, token in enumerate(plain) if token.text == ")"), len(plain))
    return plain[ends + 1 :] or plain


def _without_attributes(tokens: Sequence[Token]) -> Sequence[Token]:
    """An item without ``#[...]`` and ``#![...]`` before it."""
    at = 0
    while at < len(tokens) and tokens[at].text == "#":
        depth = 0
        for number in range(at, len(tokens)):
            depth += (tokens[number].kind == OPEN) - (tokens[number].kind == CLOSE)
            if depth == 0 and tokens[number].kind == CLOSE:
                at = number + 1
                break
        else:
            return ()
    return tokens[at:]
