"""Finds C++ in an answer, and makes a program of it."""

import re

from evalsite.languages.cpp.grammar import CppGrammar
from evalsite.languages.scanned.assembling import Context, without
from evalsite.languages.scanned.reading import ScannedReading, on_a_line


class CppReading(ScannedReading):
    """By its functions, types and directives."""

    grammar = CppGrammar()
    fences = re.compile(r"\{?\.?(?:c\+\+\d*|cpp|cxx|cc|hpp|c)(?![\w#+])", re.IGNORECASE)
    begins = on_a_line(
        r"#\s*(?:include|define|pragma|ifndef|ifdef|if)\b|using\s+\w|template\s*<|/\*\*?$|/\*\*? "
        r"|(?:struct|class|union|enum|namespace|typedef)\s+\w|[A-Za-z_][\w:<>,&* \t]*[&*> \t]\w+\s*\("
    )
    defining = on_a_line(
        r"(?m)^(?:#\s*include|using\s|template|struct|class"
        r"|[A-Za-z_][\w:<>,&* \t]*\([^;{}\n]*\)\s*(?:const\s*)?\{)"
    )

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """Headers of the answer's own are not there: what they declare stands in the program itself."""
        found = self.read(source)
        own = [item for item in found.items if _OWN_HEADER.match(source, item.code)]
        return (without(found, own, self.comment), ("own-files",)) if own else (source, ())


_OWN_HEADER = re.compile(r'#\s*include\s*"(?!bits/|boost/)[\w./-]+\.(?:h|hpp|hh|cpp)"')
