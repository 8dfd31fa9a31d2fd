"""Finds Rust in an answer, and makes a program of it."""

import re

from evalsite.languages.rust.grammar import RustGrammar
from evalsite.languages.scanned.reading import ScannedReading


class RustReading(ScannedReading):
    """By the words that its items begin with."""

    grammar = RustGrammar()
    fences = re.compile(r"\{?\.?(?:rust|rs)\b", re.IGNORECASE)
    body_marks = re.compile(r"[;}]|\breturn\b|\w\s*$")
    begins = re.compile(
        r"use\s+[\w:{]+.*[;{]|(?:pub(?:\([^()]*\))?\s+)?(?:(?:async|unsafe|const|extern)\s+)*fn\s+\w+\s*[<(]"
        r"|(?:pub(?:\([^()]*\))?\s+)?(?:struct|enum|trait|impl|mod|type|static|const)\b\s*[<\w]"
        r"|#!?\[|macro_rules!|/// "
        r"|/\*\*?$|/\*\*? "
    )
    defining = re.compile(r"(?m)^(?:use|pub|fn|struct|enum|impl|trait|mod|#\[)")
