"""Windows of time in the name of a data set: ``livecodebench-v5-2024-08..2025-01`` has these months.

A model that was trained before a window cannot have seen its problems.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from evalsite.datasets.base import Entry
from evalsite.datasets.catalogue.base import Known
from evalsite.errors import DatasetError

_WINDOW = re.compile(r"(.+)-(\d{4}-\d\d)\.\.(\d{4}-\d\d)")


def in_window(name: str, known: Mapping[str, Known]) -> Known | None:
    """Return a data set narrowed to the months that its name ends with, both among them; None for a name that
    ends with none, or whose data set is not known or has no dates.

    Raises :class:`DatasetError` for what is no window.
    """
    found = _WINDOW.fullmatch(name)
    whole = known.get(found[1]) if found else None
    if found is None or whole is None or not whole.dated:
        return None
    first, last = found[2], found[3]
    if not all("01" <= month[5:] <= "12" for month in (first, last)) or first > last:
        raise DatasetError(
            f"{name}: {first}..{last} is no window of months",
            hint=f"Write the first month and the last, such as {found[1]}-2024-08..2025-01",
        )

    def keep(entry: Entry) -> bool:
        return whole.keep(entry) and first <= entry.date[:7] <= last

    numbers = f"{whole.numbers} Problems from {first} to {last}, both months among them."
    return replace(whole, keep=keep, problems=None, sha256="", numbers=numbers)
