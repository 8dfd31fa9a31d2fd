"""What is to be known of tests before they are run."""

import re
import symtable
from collections.abc import Iterator

from evalsite.grading.inside.messages import TESTS

_PATCHING = re.compile(
    r"patch|redirect_|environ|setattr|\bsys\s*\.\s*std|^\s*[a-z]\w*(?:\.\w+)+\s*=[^=]", re.MULTILINE
)
"""Tests that may change modules, which the program is to see."""
_MOST_TEXT = 200_000
"""Characters of tests that are looked through for what they lend."""
_STOPPING = re.compile("Stop(?:Async)?Iteration|GeneratorExit")
CHANGING, STOPPING = "c", "s"
"""What is said of tests, before the names that come with them: they may change modules, and so the process
that runs them is not used again; they speak of what ends iterations.
"""


def said_of(tests: str) -> str:
    """What is to be known of tests before they are run (:data:`CHANGING`, :data:`STOPPING`), and what they
    lend to programs, by names: functions and classes that they define and don't use themselves.
    """
    flags = CHANGING * bool(_PATCHING.search(tests)) + STOPPING * bool(_STOPPING.search(tests))
    return " ".join([flags or "-", *(_lent(tests) if len(tests) < _MOST_TEXT else ())])


def _lent(tests: str) -> list[str]:
    """By the compiler's own table of names, which takes a tenth of what a tree of all values would."""
    top = symtable.symtable(tests, TESTS, "exec")
    used = {
        name
        for table in _tables(top)
        for name in table.get_identifiers()
        if table.lookup(name).is_referenced()
    }
    return sorted(
        name.get_name() for name in top.get_symbols() if name.is_namespace() and name.get_name() not in used
    )


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)
