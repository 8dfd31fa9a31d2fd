"""When Python is not to look for garbage: a tenth of the time of a short command, or of reading very much."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_looked_for() -> Iterator[None]:
    """While modules are imported, or a thousand runs are read: nearly all that is made stays, and would be
    looked through again and again.
    """
    looked_for = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked_for:
            gc.enable()


def leave_where_it_is() -> None:
    """What there is needs no more looking at: the process is about to end."""
    gc.freeze()
