"""What the tests of several files or processes look at is made once, by whichever comes first."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def once_for_all(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that is there once for all processes; ``make`` fills it, and nobody else writes to it.

    It is there whole or not at all: what fails while it is made is made anew by the next who asks.
    """
    root = tmp_path_factory.getbasetemp()
    root = (
        root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    ) / "once"  # pytest keeps others there
    root.mkdir(exist_ok=True)
    folder = root / name
    with FileLock(root / f"{name}.lock"):
        if not folder.exists():
            begun = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=root))
            make(begun)
            begun.rename(folder)
    return folder
