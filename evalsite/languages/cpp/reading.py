"""Finds C++ in an answer, and makes a program of it."""

import re

from evalsite.languages.cpp.grammar import CppGrammar
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
