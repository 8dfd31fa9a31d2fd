"""Shards of a run: every part asks some of the problems, and all parts together ask each once."""

import re
from dataclasses import dataclass
from typing import Self

from evalsite.errors import UsageError
from evalsite.rundir.schema import Problem

_NAME = re.compile(r"(\d{1,6})/(\d{1,6})")


@dataclass(frozen=True, order=True)
class Shard:
    """The ``part``-th of ``of`` shards, counted from 1; ``3/16`` in words."""

    of: int
    part: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``3/16``. Raises UsageError."""
        found = _NAME.fullmatch(text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise UsageError(
                f"{text!r} is no shard",
                hint="The third of sixteen is 3/16; the first is 1/16, the last 16/16.",
            )
        return cls(of=int(found[2]), part=int(found[1]))

    def __str__(self) -> str:
        return f"{self.part}/{self.of}"

    def choose(self, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        """Its problems: every ``of``-th, since data sets begin with what is easy."""
        return problems[self.part - 1 :: self.of]
