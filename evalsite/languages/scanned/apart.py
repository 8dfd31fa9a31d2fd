"""Keeps the names of tests apart from a program's, where both stand in one text."""

from collections.abc import Sequence

from evalsite.languages.reading import UnreadableError
from evalsite.languages.scanned import code
from evalsite.languages.scanned.items import Grammar, Item
from evalsite.languages.scanned.scanner import WORD

_OWN = ("function", "value", "type", "import")
_MEMBER = frozenset({".", "->", "::", "?."})
ENDING = "_of_the_tests"


def tests_apart(program: str, tests: str, grammar: Grammar) -> str:
    """Return tests in which what they define is called otherwise where the program defines the same.

    A helper that compares, for one: the language would refuse it, or take one for the other.
    """
    try:
        found, theirs = code.read(tests, grammar), code.read(program, grammar)
    except UnreadableError:
        return tests
    both = _names(found.items) & _names(theirs.items)
    if not both:
        return tests
    pieces: list[str] = []
    position, before = 0, ""
    for token in found.tokens:
        if token.kind == WORD and token.text in both and before not in _MEMBER:
            pieces += [tests[position : token.end], ENDING]
            position = token.end
        before = token.text
    return "".join((*pieces, tests[position:]))


def _names(items: Sequence[Item]) -> set[str]:
    return {name for item in items if item.role in _OWN for name in item.names}
