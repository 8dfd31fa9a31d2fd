"""Looks at a run: what was planned beforehand, and what was seen. The more looks, the less each may err."""

from typing import Annotated, Literal

import msgspec

from evalsite.rundir.rows import Row

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Some = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000_000)]
"""Problems or samples that there are at a look: of none there is nothing to see."""
Spending = Literal["obrien-fleming", "power-1.5"]
"""By which function looks spend the error that all of them together may make."""
Outcome = Literal["met", "missed", "futile", "inconclusive", "vacuous", "not recorded"]


class LookPlan(Row, frozen=True, kw_only=True):
    """What a run that stops when it is decided was begun with; it does not change."""

    base: str
    """Id of the baseline's run."""
    margin: Share
    """The loss of pass@1 that is allowed."""
    stops: tuple[Some, ...]
    """How many problems are there at each look, ascending; the last are all."""
    num_samples: Some
    """Samples of each problem, at each look."""
    pool: tuple[str, ...] = ()
    """Data sets whose runs are looked at together, by a sweep; none for a run that is looked at by itself."""
    spending: Spending = "obrien-fleming"
    give_up: Share = 0.1
    """A look is futile where the chance of a verdict by the end is smaller than this."""


class Look(Row, frozen=True, kw_only=True):
    """A line of ``looks.jsonl``: how much was there when a verdict was asked for, and what it was.

    ``futile``: nothing is decided, and hardly ever would be if the rest were asked. ``not recorded``: the run
    had ended with so many samples, and was asked for more; what was made of it nobody wrote down.
    """

    at: str
    num_problems: Some
    num_samples: Some
    outcome: Outcome
    confidence: Share | None = None
    """Of the interval that decided; None where that is not known, as are the others."""
    difference: float | None = None
    """Of pass@1, the candidate's minus the baseline's, with its interval; over all data sets of a pool."""
    low: float | None = None
    high: float | None = None

    @property
    def amount(self) -> tuple[int, int]:
        """How much was there: problems, and samples of each."""
        return self.num_problems, self.num_samples
