"""Writes files that a user asked for, below a folder of the user's choice."""

from pathlib import Path

from evalsite.errors import OutputError
from evalsite.rundir.files import write_atomically


def write_file(folder: Path, name: str, data: bytes) -> Path:
    """Write ``folder/name``, making folders on the way; return its path. An earlier file is replaced."""
    path = folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise OutputError(
            f"{path.parent}: cannot be made ({exc.strerror})",
            hint="Check that you may write there, or choose another folder.",
        ) from exc
    write_atomically(path, data)
    return path
