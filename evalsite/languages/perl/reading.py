"""Finds Perl in an answer, and makes a program of it."""

import re

from evalsite.languages.perl.grammar import PerlGrammar
from evalsite.languages.scanned.reading import ScannedReading


class PerlReading(ScannedReading):
    """By its brackets, behind quotes of all kinds."""

    grammar = PerlGrammar()
    fences = re.compile(r"\{?\.?(?:perl[56]?|pl)\b", re.IGNORECASE)
    begins = re.compile(
        r"#!.*perl|use\s+(?:strict|warnings|utf8|[A-Z]\w*(?:::\w+)*|v?5)\b.*;|package\s+\w+|sub\s+\w+\s*[({$]?|"
        r"(?:my|our)\s+[\$@%(]|=pod\b"
    )
    defining = re.compile(r"(?m)^(?:use\s|package\s|sub\s)")
