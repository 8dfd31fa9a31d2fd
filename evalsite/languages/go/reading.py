"""Finds Go in an answer, and makes a program of it."""

import re

from evalsite.languages.go.grammar import GoGrammar
from evalsite.languages.scanned.reading import ScannedReading


class GoReading(ScannedReading):
    """By the words that its declarations begin with."""

    grammar = GoGrammar()
    fences = re.compile(r"\{?\.?(?:golang|go)\b", re.IGNORECASE)
    begins = re.compile(
        r"package\s+\w+\s*$|import\s*(?:\(|\"|\w+\s+\")|func\s*(?:\([^()]*\)\s*)?\w+\s*[\[(]|type\s+\w+.*[{\w]$"
        r"|// \w"
        r"|(?:var|const)\s*(?:\(|\w+\b.*=)"
    )
    defining = re.compile(r"(?m)^(?:package|import|func|type)\b")
