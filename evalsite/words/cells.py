"""Numbers -> what cells of tables show. Everything upstream stays a float; it is rounded in this room."""

from typing import Protocol

from evalsite.words.limits import digits_beside, outward

MINUS = "−"
HYPHEN = "-"
"""The minus of plain text, which a terminal, a search and a spreadsheet take for one."""
DASH = "–"


def percent(share: float, digits: int = 1) -> str:
    """Return a share in [0, 1] as ``64.0``; pages write the % sign once, in the column's head."""
    return decimal(100 * share, digits)


def decimal(value: float, digits: int = 1) -> str:
    """Return a figure without a sign of its own, as it stands under a head that names its unit: ``43.1``."""
    return f"{value:.{digits}f}"


def points(difference: float, digits: int = 1, minus: str = MINUS) -> str:
    """Return a difference of shares in points, with its sign: ``+1.8``, ``−10.1``, ``0.0``."""
    return signed(100 * difference, digits, minus)


def signed(value: float, digits: int = 1, minus: str = MINUS) -> str:
    """Return a figure with its sign: ``+1.8``, ``−10.1``, ``0.0``."""
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return f"{'+' if value > 0 else minus}{text}"


def percent_limits(low: float, high: float) -> tuple[str, str]:
    """Return an interval of shares in [0, 1] as ``56.4`` and ``71.0``, rounded outward."""
    return outward(100 * low, 100 * high).texts


class Limits(Protocol):
    """An interval."""

    @property
    def low(self) -> float: ...  # noqa: D102

    @property
    def high(self) -> float: ...  # noqa: D102


def point_limits(of: Limits, margin: float | None = None, minus: str = MINUS) -> tuple[str, str]:
    """Return an interval of a difference of shares in points, signed, rounded outward: ``−15.6``, ``+0.4``.

    ``margin``: the allowed loss, as a share, which is shown on the side of the limits that it is on.
    """
    rounded = outward(100 * of.low, 100 * of.high, () if margin is None else [-100 * margin])
    return signed(rounded.low, rounded.digits, minus), signed(rounded.high, rounded.digits, minus)


def moved(value: float, of: Limits, margin: float | None = None, minus: str = MINUS) -> tuple[str, str]:
    """Return a difference of shares, and its interval, in points: ``−10.1``, ``−15.6 to +0.4``."""
    return points(value, minus=minus), " to ".join(point_limits(of, margin, minus))


def moved_by(value: float, of: Limits, margin: float | None = None) -> str:
    """Return both in one: ``−10.1 (−15.6 to +0.4)``."""
    return "{} ({})".format(*moved(value, of, margin))


def seconds(value: float | None) -> str:
    """Return a duration with a unit that suits it: ``12 ms``, ``1.24 s``, ``3 min 20 s``; a dash for None."""
    if value is None:
        return DASH
    if value < 0.001:
        return f"{value * 1e6:.0f} µs"
    if value < 0.1:
        return f"{value * 1e3:.1f} ms"
    if value < 1:
        return f"{value * 1e3:.0f} ms"
    if value < 100:
        return f"{value:.2f} s"
    return f"{int(value) // 60} min {int(value) % 60} s"


def size(count: int | None) -> str:
    """Return a number of bytes in decimal units, as disks and model hubs count: ``2.9 GB``."""
    if count is None:
        return DASH
    value = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.2f} TB"


def bits(value: float | None) -> str:
    """Return bits per weight without idle zeros: ``1.58``, ``8``."""
    return DASH if value is None else f"{value:g}"


LIMIT = 0.05
"""That p-values are held against; one beside it is not printed as it."""


def p_value(value: float) -> str:
    """Return a p-value: ``0.031``, ``0.45``, ``< 0.001``; digits where they matter, and no others."""
    if value < 0.001:
        return "< 0.001"
    return f"{value:.{digits_beside(value, LIMIT, least=3)}f}" if value < 0.1 else f"{value:.2f}"


def day(moment: str) -> str:
    """Return the date of an ISO 8601 time: ``2026-11-22``."""
    return moment[:10]


def moment(moment: str) -> str:
    """Return an ISO 8601 time for readers: ``2026-11-22 16:54 UTC``."""
    return f"{moment[:10]} {moment[11:16]} UTC" if len(moment) >= 16 else moment or DASH
