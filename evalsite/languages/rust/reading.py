"""Finds Rust in an answer, and makes a program of it."""

import re
from collections.abc import Sequence

from evalsite.languages.rust import uses
from evalsite.languages.rust.grammar import RustGrammar
from evalsite.languages.scanned.assembling import Context
from evalsite.languages.scanned.code import Read
from evalsite.languages.scanned.items import Item, body
from evalsite.languages.scanned.methods import Method, parameters
from evalsite.languages.scanned.reading import ScannedReading, on_a_line
from evalsite.languages.scanned.scanner import WORD


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
    holds_nameless = True
    defining = on_a_line(r"(?m)^(?:use|pub|fn|struct|enum|impl|trait|mod|#\[)")

    def calling(self, item: Item, method: Method, context: Context) -> str:
        """Of the type, or of a value of it that holds nothing; as the prompt has the function's head."""
        head = [token for token in item.tokens if token.kind == WORD]
        begins = next(token.start for token in item.tokens if token.text == "{")
        owner = [token.text for token in head if token.end <= begins][-1]
        of_value = any(token.text == "self" for token in method.parameters)
        words = [
            next(t.text for t in each if t.text != "mut") for each in parameters(context.head, method.name)
        ]
        call = f"{owner} {{}}." if of_value else f"{owner}::"
        return f"{context.head_text} {call}{method.name}({', '.join(words)}) }}" if words else ""

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
