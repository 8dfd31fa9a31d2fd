"""A look at processes, from above."""

import contextlib
import os


def signal_all(pids, number):
    """Send a signal to processes, some of which may have ended since they were listed."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
