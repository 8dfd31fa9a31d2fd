"""Names of runs, and the folders that are called so."""

import itertools
import re
from pathlib import Path

from evalsite.rundir.files import writing


def new_run_id(created_at: str, model: str, dataset: str) -> str:
    """Return an id such as ``2026-11-22T16-54-00Z--smollm2-135m-ternary--humaneval``."""
    return f"{created_at.replace(':', '-')}--{_slug(model)}--{_slug(dataset)}"


def claim(runs_dir: Path, run_id: str) -> Path:
    """Make a directory of that name, or the first free one with a number behind it."""
    with writing(runs_dir):
        runs_dir.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        path = runs_dir / (run_id if number == 1 else f"{run_id}-{number}")
        with writing(path):
            try:
                path.mkdir()
            except FileExistsError:
                continue
        return path
    raise AssertionError("numbers do not end")


def _slug(text: str) -> str:
    """Make a readable folder name: lower case letters, digits, dots and dashes, at most 60 characters."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")[:60].strip("-.") or "unnamed"
