"""A part of a data set, drawn at random: by a seed, so that everybody draws the same one.

Data sets begin with what is easy, so their first ones are no sample. A larger part holds the smaller.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from evalsite.errors import RunError
from evalsite.rundir.rows import Count, Row
from evalsite.words.text import sha256_of

RULE = "sha256-v1"
"""In the order of the SHA-256, in hexadecimal, of the seed, a line feed and the problem's id, in UTF-8."""


class Named(Protocol):
    """What has an id of its own among others, such as a problem."""

    @property
    def task_id(self) -> str:
        """The id."""


T = TypeVar("T", bound=Named)


class Draw(Row, frozen=True, kw_only=True):
    """A random order of problems. It depends on their ids alone, not on how a file sorts them."""

    seed: Count = 0
    rule: str = RULE

    def order(self, problems: Sequence[T]) -> tuple[T, ...]:
        """Return the problems in this order. Raises RunError where its rule is not known here."""
        if self.rule != RULE:
            raise RunError(
                f"the run's problems were drawn by the rule {self.rule!r}, which is not known here",
                hint="A newer evalsite made it: upgrade.",
            )
        return tuple(sorted(problems, key=lambda problem: self._key(problem.task_id)))

    def in_words(self) -> str:
        """Such as ``drawn at random, seed 0``."""
        return f"drawn at random, seed {self.seed}"

    def _key(self, task_id: str) -> str:
        return sha256_of(f"{self.seed}\n{task_id}")


def part_of(problems: Sequence[T], size: int | None, draw: Draw | None) -> tuple[T, ...]:
    """Return ``size`` of the problems (None: all), in their own order: the first ones that are drawn.

    Without a draw they are the first ones as they stand, as runs have them that recorded none.
    """
    if size is None or size >= len(problems):
        return tuple(problems)
    if draw is None:
        return tuple(problems[:size])
    drawn = {problem.task_id for problem in draw.order(problems)[:size]}
    return tuple(problem for problem in problems if problem.task_id in drawn)
