"""What the simulations beside this file share: their rows, what chance explains, and how they end.

Run by itself it does nothing.
"""

import argparse
import math
from collections.abc import Callable, Iterable, Iterator

Row = tuple[str, str]
"""A cell's name, and what is wrong with it: an empty string where it is as promised."""
Section = Callable[[int], Iterator[Row]]
"""Prints a table from so many simulated runs a line, and says of each cell whether it is as promised."""


def slack(share: float, runs: int) -> float:
    """Three standard errors of a simulated share, so that what is right does not fail by chance."""
    return 3 * math.sqrt(share * (1 - share) / runs)


def ended(rows: Iterable[Row]) -> int:
    """Make all rows, then name those that are not as promised; the exit code, 0 if there are none."""
    astray = [f"{name}: {wrong}" for name, wrong in rows if wrong]
    print("\n" + ("\n".join(["Not as promised:", *astray]) if astray else "All as promised."))
    return 1 if astray else 0


def simulate(about: str, sections: Iterable[Section], runs: int) -> int:
    """Read ``--runs`` and print every table; the exit code. ``about``: the script's docstring."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--runs", type=int, default=runs, help=f"simulated runs a line (default {runs})")
    given = parser.parse_args().runs
    return ended(row for section in sections for row in section(given))
