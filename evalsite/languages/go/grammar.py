"""Go's texts and items."""

from collections.abc import Sequence

from evalsite.languages.scanned.items import Grammar, Role, following
from evalsite.languages.scanned.scanner import (
    CLOSE,
    COMMENT,
    DOUBLE_QUOTED,
    LETTER,
    LINE,
    OPEN,
    SEMICOLON,
    SIGN,
    WORD,
    Syntax,
    Token,
)

SYNTAX = Syntax(
    comment=COMMENT,
    text=rf"{DOUBLE_QUOTED}|`[^`]*+`|{LETTER}",
    begins=r"/\*|[\"'`]",
    counts_lines=True,
)


class GoGrammar(Grammar):
    """Declarations end with their line, unless something is open or an operator stands at its end."""

    syntax = SYNTAX
    needs_end = False

    def ends_at_brace(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """With the line."""
        return following(tokens, number) is None

    def ends_at_line(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """Unless an operator or a comma stands before it."""
        return tokens[number - 1].kind != SIGN

    def declared(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        """By the word that it begins with."""
        plain = [token for token in tokens if token.kind not in (LINE, SEMICOLON)] or tokens
        head, rest = plain[0].text, plain[1:]
        if head == "package" and len(rest) == 1:
            return "package", (rest[0].text,)
        if head == "import" and rest:
            return "import", ()
        if head == "func" and any(token.text == "{" for token in rest):
            return _function(rest)
        if head in ("type", "var", "const") and rest:
            names = _names(tokens[1:])
            return ("type" if head == "type" else "value"), names
        return ("value" if head == ";" else "prose"), ()


def _function(tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
    if tokens[0].text == "(":  # a method belongs to its type
        return "function", ()
    name = tokens[0].text
    if name == "main":
        return "main", (name,)
    is_test = name.startswith(("Test", "Benchmark", "Example")) and "testing" in {
        each.text for each in tokens[:8]
    }
    return ("tests" if is_test else "function"), (name,)


def _names(tokens: Sequence[Token]) -> tuple[str, ...]:
    """What a declaration declares: the names that it begins with, or those that each line of a group does."""
    group = int(tokens[0].kind == OPEN)
    found: list[str] = []
    depth = 0
    begins, goes_on = not group, False
    for token in tokens:
        if begins and token.kind == LINE:
            continue
        depth += (token.kind == OPEN) - (token.kind == CLOSE)
        is_name = token.kind == WORD and depth == group and begins
        if is_name:
            found.append(token.text)
        opens = token.kind == OPEN and depth == 1
        begins = (goes_on and token.text == ",") or (
            bool(group) and (opens or token.kind in (LINE, SEMICOLON))
        )
        goes_on = is_name
    return tuple(found)


def imports_in(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """What an import brings: the name it is to have, mostly empty, and the path in quotes."""
    found: list[tuple[str, str]] = []
    name = ""
    for token in tokens[1:]:
        if token.kind in (WORD, SIGN):
            name = token.text
        elif token.text[:1] in ('"', "`"):
            found.append((name, token.text))
            name = ""
    return found
