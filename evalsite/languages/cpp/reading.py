"""Finds C++ in an answer, and makes a program of it."""

import re

from evalsite.languages.cpp.grammar import CppGrammar
from evalsite.languages.scanned.assembling import Context, without
from evalsite.languages.scanned.reading import ScannedReading


class CppReading(ScannedReading):
    """By its functions, types and directives."""

    grammar = CppGrammar()
    fences = re.compile(r"\{?\.?(?:c\+\+\d*|cpp|cxx|cc|hpp|c)(?![\w#+])", re.IGNORECASE)
    begins = re.compile(
        r"#\s*(?:include|define|pragma|ifndef|ifdef|if)\b|using\s+(?:namespace\s+)?\w"
        r"|template\s*<|/\*\*?$|/\*\*? "
        r"|(?:struct|class|union|enum|namespace|typedef)\s+\w+"
        r"|(?:(?:static|inline|constexpr|const|unsigned|signed|std::)\s*)*[A-Za-z_][\w:]*(?:<[^;(){}]*>)?"
        r"[\s&*]+\w+\s*\("
    )
    defining = re.compile(
        r"(?m)^(?:#\s*include|using\s|template|struct|class|[\w:<>,&* ]+\w+\s*\([^;]*\)\s*\{)"
    )

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """Headers of the answer's own are not there: what they declare stands in the program itself."""
        found = self.read(source)
        own = [item for item in found.items if _OWN_HEADER.match(source, item.code)]
        return (without(found, own, self.comment), ("own-files",)) if own else (source, ())


_OWN_HEADER = re.compile(r'#[ \t]*include[ \t]*"(?!bits/|boost/)[\w./-]+\.(?:h|hpp|hh|cpp)"')
