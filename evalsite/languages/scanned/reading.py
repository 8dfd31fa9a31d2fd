"""Finds the code of a scanned language in an answer, and makes a program of it."""

import re
import textwrap
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import ClassVar

from evalsite.languages.reading import Reading
from evalsite.languages.scanned import code
from evalsite.languages.scanned.code import Read, ScannedCode
from evalsite.languages.scanned.items import Grammar

MOST_OPEN = 3
"""Brackets of a function's head that its body may leave open."""


class ScannedReading(Reading):
    """By the brackets of the language, and by what its items begin with."""

    grammar: ClassVar[Grammar]
    rules: ClassVar[Mapping[str, str]] = {}
    body_marks: ClassVar[re.Pattern[str]] = re.compile(r"\breturn\b|[;}]\s*$", re.MULTILINE)
    """Matches in what may be the body of a function."""
    closing: ClassVar[str] = "}"
    """What closes a function that was left open."""

    def bounded(self, *, whatever: bool) -> AbstractContextManager[None]:
        """By what scanning costs, which is the same for any source."""
        return code.bounded()

    def read(self, source: str) -> Read:
        """Return source with its items."""
        return code.read(source, self.grammar)

    def parse(self, source: str) -> ScannedCode | None:
        """All brackets, texts and comments are closed, and every item begins and ends as code does."""
        found = self.read(source)
        return ScannedCode(self.grammar, found.items) if found.is_whole and found.items else None

    def compiles(self, source: str) -> bool:
        """The same."""
        return self.parse(source) is not None

    def leaves_text_open(self, source: str) -> bool:
        """Such as a template literal or a comment."""
        return self.read(source).found.in_text

    def as_body(self, head: str, source: str) -> str | None:
        """Code that stands within a function, whose own end it may leave out."""
        raw = source.strip("\n")
        if not self.body_marks.search(raw) or self.read(head).found.fault is not None:
            return None
        opened = self.read(head).found.opened
        if not opened or len(opened) > MOST_OPEN:
            return None
        whole = f"{head}{raw}\n"
        left = self.read(whole).found.opened
        if left and left == opened[: len(left)]:
            whole += "".join(f"{self.closing}\n" for _ in left)
        return whole if self.compiles(whole) else None

    def repair(self, source: str) -> tuple[str, tuple[str, ...]]:
        """Indentation means nothing."""
        return source, ()

    def last_complete(self, source: str) -> str:
        """Of top-level items."""
        end = 0
        for item in self.read(source).items:
            if not item.complete or item.role == "prose":
                break
            end = item.end
        return textwrap.dedent(source[:end]).strip("\n") + "\n" if end else ""
