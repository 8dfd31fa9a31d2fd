"""Finds Go in an answer, and makes a program of it."""

import re

from evalsite.languages.go import imports
from evalsite.languages.go.grammar import GoGrammar
from evalsite.languages.scanned.assembling import Context
from evalsite.languages.scanned.reading import ScannedReading, on_a_line


class GoReading(ScannedReading):
    """By the words that its declarations begin with."""

    grammar = GoGrammar()
    fences = re.compile(r"\{?\.?(?:golang|go)\b", re.IGNORECASE)
    begins = on_a_line(
        r"package\s+\w+\s*$|import\s*(?:\(|\"|\w+\s+\")|func\s*(?:\([^()]*\)\s*)?\w+\s*[\[(]|type\s+\w+.*[{\w]$"
        r"|// \w"
        r"|(?:var|const)\s*(?:\(|\w+\b.*=)"
    )
    rules = {  # noqa: RUF012 - a mapping that nobody changes
        **ScannedReading.rules,
        "imports": "modules of the standard library that the answer uses by name were imported",
        "unused-imports": "imports that nothing uses, or that stand there twice, which Go refuses, went",
    }
    defining = on_a_line(r"(?m)^(?:package|import|func|type)\b")

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """Imports are those that it uses."""
        return imports.mended(self.read(source))
