"""Finds Java in an answer, and makes a program of it."""

import re

from evalsite.languages.java import classes
from evalsite.languages.java.grammar import JavaGrammar, members
from evalsite.languages.scanned.assembling import Context
from evalsite.languages.scanned.code import Read
from evalsite.languages.scanned.items import Item
from evalsite.languages.scanned.reading import ScannedReading, on_a_line


class JavaReading(ScannedReading):
    """By its classes and their methods."""

    grammar = JavaGrammar()
    fences = re.compile(r"\{?\.?java(?:\d+)?\b", re.IGNORECASE)
    begins = on_a_line(
        r"import\s+(?:static\s+)?[\w.*]+\s*;|package\s+[\w.]+\s*;|@\w+|/\*\*?$|/\*\*? "
        r"|(?:(?:public|private|protected|static|final|abstract)\s+)*(?:class|interface|enum|record)\s+\w+"
        r"|(?:(?:public|private|protected|static|final)\s+)+[\w<>\[\], ?]+\("
    )
    rules = {**ScannedReading.rules, **classes.RULES}  # noqa: RUF012 - a mapping that nobody changes
    defining = on_a_line(r"(?m)^(?:import|package|public|private|protected|class|interface|enum|record|@)\b")

    def opened(self, item: Item) -> str:
        """The last method of a class."""
        if item.role != "type":
            return super().opened(item)
        named = [name for name, _ in members(item.tokens) if name]
        return named[-1] if named else ""

    def in_the_way(self, found: Read, asked: str) -> list[Item]:
        """A package, and a class called as that of the tests."""
        return classes.in_the_way(found, asked)

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """The function stands in the class that its tests call."""
        return classes.arranged(self.read, source, asked, context)
