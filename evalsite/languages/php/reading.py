"""Finds PHP in an answer, and makes a program of it."""

import re

from evalsite.languages.php.grammar import PhpGrammar
from evalsite.languages.scanned.reading import ScannedReading


class PhpReading(ScannedReading):
    """With or without the tags around it."""

    grammar = PhpGrammar()
    fences = re.compile(r"\{?\.?php\d?\b", re.IGNORECASE)
    begins = re.compile(
        r"<\?php\b|function\s+&?\w+\s*\(|(?:abstract\s+|final\s+)*(?:class|interface|trait)\s+\w+|namespace\s+[\w\\]+"
        r"|use\s+[\w\\]+.*;|require(?:_once)?\b.*;|\$\w+\s*=|/\*\*?$|/\*\*? ",
        re.IGNORECASE,
    )
    defining = re.compile(
        r"(?m)^(?:<\?php|function\s|class\s|abstract\s|final\s|namespace\s|use\s)", re.IGNORECASE
    )
