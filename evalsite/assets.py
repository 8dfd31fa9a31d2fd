"""Where ``templates/`` and ``static/`` are: inside the package when installed, beside it in a checkout."""

from pathlib import Path

from evalsite.errors import OutputError

_PACKAGE = Path(__file__).resolve().parent


def asset_dir(name: str) -> Path:
    """Return the folder ``templates`` or ``static``, wherever this installation keeps it."""
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise OutputError(
        f"evalsite's own {name}/ folder is missing from this installation",
        hint="Install evalsite again: python -m pip install --force-reinstall evalsite",
    )
