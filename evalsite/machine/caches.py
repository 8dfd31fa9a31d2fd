"""Where evalsite keeps what it can find out again: a folder of the user's."""

import os
from pathlib import Path

TMPDIR_WAY = "Name a folder that may be written and has room: export TMPDIR=/path/to/folder"
"""What to do where temporary files find none."""


def cache_folder(name: str) -> Path | None:
    """Return the user's cache of one thing (below ``$XDG_CACHE_HOME``, else ``~/.cache``).

    None where nobody says where the user's files lie, as in a container whose user has no name.
    """
    home = os.path.expanduser("~")  # noqa: PTH111 - pathlib's raises what says less
    base = os.environ.get("XDG_CACHE_HOME") or (home != "~" and f"{home}/.cache")
    return Path(base, "evalsite", name) if base else None
