"""Names of files that stay within a folder, whatever they are joined to. Nothing is looked up."""

import re

MOST_PATH, MOST_DEPTH = 200, 12
"""Characters of a path, and its parts."""
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def fault_of(path: str) -> str:
    """Why a path is no plain name of a file within a folder, in a few words; empty where it is one.

    A plain one is relative, with ``/`` between its parts, none of which is empty, ``.`` or ``..``.
    """
    if not path:
        return "is empty"
    if len(path) > MOST_PATH or path.count("/") >= MOST_DEPTH:
        return "is too long"
    if _CONTROL.search(path):
        return "holds control characters"
    if path.startswith(("/", "~", "\\")) or _DRIVE.match(path):
        return "leads out of the folder: it is absolute"
    if ".." in re.split(r"[/\\]", path):
        return "leads out of the folder, by '..'"
    if "\\" in path:
        return "holds a backslash"
    if any(part in ("", ".") or part != part.strip() for part in path.split("/")):
        return "is not in its plain form"
    return ""
