"""Finds JavaScript in an answer, and makes a program of it."""

import re

from evalsite.languages.javascript.grammar import JavaScriptGrammar
from evalsite.languages.scanned.reading import ScannedReading


class JavaScriptReading(ScannedReading):
    """By its brackets, and where lines end its statements."""

    grammar = JavaScriptGrammar()
    fences = re.compile(r"\{?\.?(?:javascript|js|jsx|mjs|cjs|node(?:js)?|ecmascript)\b", re.IGNORECASE)
    begins = re.compile(
        r"(?:export\s+(?:default\s+)?)?(?:(?:async\s+)?function\b\s*\*?\s*\w+\s*\(|(?:const|let|var)\s+[\w$\[{]"
        r"|class\s+\w+\s*(?:extends\b.*)?\{)|import\s+[\w*{].*\bfrom\b|import\s+[\"']|/\*\*?$|/\*\*? "
        r"|[\"']use strict[\"']|module\.exports\b|[A-Za-z_$][\w$.]*\s*=\s*(?:\(|function\b|async\b)"
    )
    defining = re.compile(
        r"(?m)^(?:export\s|(?:async\s+)?function\b|class\s|(?:const|let|var)\s+\w+\s*=.*=>)"
    )
