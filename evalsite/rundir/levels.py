"""Levels of difficulty that are put upon a data set, and the campaign of runs that asks several of them.

A level is a part of a data set's name, as a window of months is: ``bfcl-v4+32-tools`` offers 32 tools of
other problems beside each problem's own, and ``humaneval+8000-context`` puts a conversation of about 8,000
tokens before each question. So whatever tells data sets apart tells levels apart.
"""

import re
from typing import Self

from evalsite.rundir.rows import Count, Row

_LEVEL = re.compile(r"(?P<of>.+?)(?:\+(?P<tools>[1-9]\d{0,5})-tools)?(?:\+(?P<tokens>[1-9]\d{0,7})-context)?")


class Level(Row, frozen=True, kw_only=True):
    """What a data set was made from, and how much harder it was made."""

    of: str
    """Name of the data set without it."""
    of_sha256: str
    """Hash of that one's problems."""
    distractors: Count = 0
    """Tools of other problems that are offered beside a problem's own."""
    context_tokens: Count = 0
    """About so many tokens of a conversation stand before each question; ``usage`` tells how many it is."""


class Campaign(Row, frozen=True, kw_only=True):
    """The runs of one command, each of another level, of which each run names all."""

    id: str
    """The same in all of them, and in no others."""
    levels: tuple[str, ...]
    """Names of the data sets that are asked, in order."""


class Wanted(Row, frozen=True, order=True):
    """How much harder a data set is to be; nothing is the data set itself."""

    distractors: int = 0
    context_tokens: int = 0

    @classmethod
    def parse(cls, name: str) -> tuple[str, Self]:
        """Part a data set's name from the level that it may end with."""
        found = _LEVEL.fullmatch(name)
        if found is None:
            return name, cls()
        return found["of"], cls(int(found["tools"] or 0), int(found["tokens"] or 0))

    def name(self, of: str) -> str:
        """The name of this level of a data set."""
        tools = f"+{self.distractors}-tools" if self.distractors else ""
        return of + tools + (f"+{self.context_tokens}-context" if self.context_tokens else "")
