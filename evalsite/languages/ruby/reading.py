"""Finds Ruby in an answer, and makes a program of it."""

import re

from evalsite.languages.ruby.grammar import RubyGrammar
from evalsite.languages.scanned.assembling import Context
from evalsite.languages.scanned.items import Item
from evalsite.languages.scanned.methods import Method
from evalsite.languages.scanned.reading import ScannedReading, on_a_line
from evalsite.languages.scanned.scanner import words


class RubyReading(ScannedReading):
    """By the words that begin and end its blocks."""

    grammar = RubyGrammar()
    closing = "end"
    body_marks = re.compile(r"\w")
    comment = "#"
    speaking = words("puts p print pp assert assert_equal require_relative")
    fences = re.compile(r"\{?\.?(?:ruby|rb|irb)\b", re.IGNORECASE)
    begins = on_a_line(
        r"require(?:_relative)?\s*\(?[\"']|(?:private\s+)?def\s+[\w.?!=]+|class\s+[A-Z]\w*|module\s+[A-Z]\w*"
        r"|# frozen_string"
        r"|[a-z_]\w*\s*=\s*(?:lambda|->|proc)|[A-Z_]+\s*=\s|=begin\b"
    )
    defining = on_a_line(r"(?m)^(?:def\s|class\s|module\s|require\b)")

    def calling(self, item: Item, method: Method, context: Context) -> str:
        """Of an object without arguments, or of the class."""
        owner = item.names[0] if method.before else f"{item.names[0]}.new"
        return f"def {method.name}(...)\n  {owner}.{method.name}(...)\nend"

    def finished(self, source: str, context: Context, asked: str) -> tuple[str, tuple[str, ...]]:
        """Nothing stands behind it that would make text of its tests, such as ``__END__``."""
        items = self.read(source).items
        return (source[: items[-1].end] + "\n" if items else source), ()
