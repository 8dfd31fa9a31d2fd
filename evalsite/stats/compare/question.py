"""What is asked of a loss over several data sets: points, a share that is kept, or that both are the same."""

from dataclasses import dataclass
from typing import Literal

Way = Literal["margin", "share", "equivalence"]


@dataclass(frozen=True, slots=True)
class Question:
    """A limit and what it is one of; in [0, 1]."""

    limit: float
    """The loss that is allowed; for ``equivalence`` also the gain; for ``share`` what of the baseline's score
    has to be kept."""
    way: Way = "margin"

    @property
    def words(self) -> str:
        """What is asked, behind "about"."""
        if self.way == "share":
            return f"the {100 * self.limit:g} % of the baseline's score that have to be kept"
        return f"the allowed {100 * self.limit:g} points" + (
            " on either side" if self.way == "equivalence" else ""
        )

    def margin(self, base: float) -> float:
        """The loss of pass@1 that is allowed; of a share, what it comes to of the baseline's score."""
        return (1 - self.limit) * base if self.way == "share" else self.limit

    def lines(self, base: float) -> tuple[tuple[float, str], ...]:
        """Where a picture of the difference draws its limits, and what it calls each."""
        margin = self.margin(base)
        if self.way == "share":
            return ((-margin, f"{100 * self.limit:g} % kept"),)
        return ((-margin, "allowed"), *(((margin, "allowed"),) if self.way == "equivalence" else ()))
