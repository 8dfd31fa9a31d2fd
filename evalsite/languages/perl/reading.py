"""Finds Perl in an answer, and makes a program of it."""

import re

from evalsite.languages.perl.grammar import PerlGrammar
from evalsite.languages.scanned.assembling import Context
from evalsite.languages.scanned.code import Read
from evalsite.languages.scanned.items import Item
from evalsite.languages.scanned.reading import ScannedReading, on_a_line
from evalsite.languages.scanned.scanner import words


class PerlReading(ScannedReading):
    """By its brackets, behind quotes of all kinds."""

    grammar = PerlGrammar()
    comment = "#"
    speaking = words("print printf say warn is ok is_deeply done_testing exit")
    fences = re.compile(r"\{?\.?(?:perl[56]?|pl)\b", re.IGNORECASE)
    begins = on_a_line(
        r"#!.*perl|use\s+(?:strict|warnings|utf8|[A-Z]\w*(?:::\w+)*|v?5)\b.*;|package\s+\w+|sub\s+\w+\s*[({$]?|"
        r"(?:my|our)\s+[\$@%(]|=pod\b"
    )
    defining = on_a_line(r"(?m)^(?:use\s|package\s|sub\s)")

    def in_the_way(self, found: Read, asked: str) -> list[Item]:
        """The one package that all stands in, as tests call what is in none; not one whose name is used."""
        packages = [item for item in found.items if item.role == "package" and item.tokens[-1].text == ";"]
        names = {token.text for item in packages for token in item.tokens[1:-1]}
        used = any(token.text.startswith(f"{name}::") for name in names for token in found.tokens)
        return [*super().in_the_way(found, asked), *(packages if len(packages) == 1 and not used else ())]

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """Nothing stands behind it that would make text of its tests, such as ``__END__``."""
        items = self.read(source).items
        return (source[: items[-1].end] + "\n" if items else source), ()
