"""Finds Rust in an answer, and makes a program of it."""

import re
from collections.abc import Sequence

from evalsite.languages.rust import uses
from evalsite.languages.rust.grammar import RustGrammar
from evalsite.languages.scanned.code import Read
from evalsite.languages.scanned.items import Item, body
from evalsite.languages.scanned.reading import ScannedReading, on_a_line


class RustReading(ScannedReading):
    """By the words that its items begin with."""

    grammar = RustGrammar()
    fences = re.compile(r"\{?\.?(?:rust|rs)\b", re.IGNORECASE)
    body_marks = re.compile(r"[;}]|\breturn\b|\w\s*$")
    begins = on_a_line(
        r"use\s+[\w:{]+.*[;{]|(?:pub(?:\([^()]*\))?\s+)?(?:(?:async|unsafe|const|extern)\s+)*fn\s+\w+\s*[<(]"
        r"|(?:pub(?:\([^()]*\))?\s+)?(?:struct|enum|trait|impl|mod|type|static|const)\b\s*[<\w]"
        r"|#!?\[|macro_rules!|/// "
        r"|/\*\*?$|/\*\*? "
    )
    defining = on_a_line(r"(?m)^(?:use|pub|fn|struct|enum|impl|trait|mod|#\[)")

    def in_the_way(self, found: Read, asked: str) -> list[Item]:
        """Not a main function that does nothing, which a prompt has where its tests want one."""
        idle = [item for item in found.items if item.role == "main" and not body(item.tokens)][:1]
        return [item for item in super().in_the_way(found, asked) if item not in idle]

    def needed(self, item: Item, items: Sequence[Item]) -> str:
        """The names of an import that the program neither imports nor defines itself."""
        return (
            uses.needed(item, items)
            if any(token.text == "use" for token in item.tokens)
            else super().needed(item, items)
        )
