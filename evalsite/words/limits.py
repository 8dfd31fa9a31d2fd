"""Limits of intervals as they are printed: rounded away from each other, so that nothing is promised away.

An interval from -9.977 to 3.17 holds less than what it says when it is printed as "-9.9 to 3.1". And where
the margin is 10, "-10.0" would seem to reach what it does not: there it takes another digit.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

DIGITS = 1
"""Behind the point, unless more are needed."""
FINE_DIGITS = 4
"""The same for units of which a tenth is a lot."""
MOST_DIGITS = 6
_HAIR = 1e-9
"""Of a printed step: what floating point may be off, so that 9.3 is not rounded up to 9.4."""


@dataclass(frozen=True, slots=True)
class Rounded:
    """An interval with limits of so many digits; never ``-0.0``."""

    low: float
    high: float
    digits: int

    @property
    def texts(self) -> tuple[str, str]:
        """Both limits, with a minus where they are negative: ``-9.98``, ``3.20``."""
        return f"{self.low:.{self.digits}f}", f"{self.high:.{self.digits}f}"


def outward(low: float, high: float, apart_from: Iterable[float] = (), digits: int = DIGITS) -> Rounded:
    """Round an interval's limits outward, to one digit as a rule, or to ``digits``.

    ``apart_from``: margins and thresholds in the unit of the limits. One that lies outside of the interval
    stays outside of what is printed, if six digits can show that.
    """
    outside = [value for value in apart_from if not low <= value <= high]
    for shown in range(digits, MOST_DIGITS + 1):
        rounded = Rounded(_down(low, shown), -_down(-high, shown) + 0.0, shown)
        if not any(rounded.low <= value <= rounded.high for value in outside):
            break
    return rounded


def digits_beside(value: float, threshold: float, least: int = DIGITS) -> int:
    """How many digits a figure needs, ``least`` or more, to be printed on the side of a threshold that
    it is on, if six can show that.
    """
    for digits in range(least, MOST_DIGITS + 1):
        shown = round(value, digits)
        if value == threshold or (shown != threshold and (shown < threshold) == (value < threshold)):
            return digits
    return MOST_DIGITS


def _down(value: float, digits: int) -> float:
    step = 10.0**digits
    return math.floor(value * step + _HAIR) / step
