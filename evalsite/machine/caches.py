"""Where evalsite keeps what it can find out again: a folder of the user's."""

import os
from pathlib import Path


def cache_folder(name: str) -> Path:
    """Return the user's cache of one thing (below ``$XDG_CACHE_HOME``, else ``~/.cache``).

    Raises RuntimeError where nobody says where the user's files lie.
    """
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "evalsite" / name
