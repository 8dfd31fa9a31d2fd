"""Finds C++ in an answer, and makes a program of it."""

import re
from collections.abc import Sequence

from evalsite.languages.cpp.grammar import CppGrammar
from evalsite.languages.scanned.assembling import Context, without
from evalsite.languages.scanned.items import Item
from evalsite.languages.scanned.methods import Method, parameters
from evalsite.languages.scanned.reading import ScannedReading, on_a_line
from evalsite.languages.scanned.scanner import OPEN, SIGN, WORD, Token


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

    def calling(self, item: Item, method: Method, context: Context) -> str:
        """Of an object without arguments, as the prompt has the function's head."""
        owner = f"{item.names[0]}::" if item.tokens[0].text == "namespace" else f"{item.names[0]}()."
        words = [_named(each) for each in parameters(context.head, method.name)]
        return f"{context.head_text} return {owner}{method.name}({', '.join(words)}); }}" if words else ""

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """Headers of the answer's own are not there: what they declare stands in the program itself."""
        found = self.read(source)
        own = [item for item in found.items if _OWN_HEADER.match(source, item.code)]
        return (without(found, own, self.comment), ("own-files",)) if own else (source, ())


def _named(parameter: Sequence[Token]) -> str:
    """The name of a parameter, before what it is by default or how many it holds."""
    texts = [token.text for token in parameter if token.kind in (WORD, SIGN, OPEN)]
    end = next((n for n, text in enumerate(texts) if text in ("=", "[")), len(texts))
    return texts[end - 1]


_OWN_HEADER = re.compile(r'#\s*include\s*"(?!bits/|boost/)[\w./-]+\.(?:h|hpp|hh|cpp)"')
