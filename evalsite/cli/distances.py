"""Distances among the folders that were named: each command that takes runs may meet them below ``runs/``."""

from collections.abc import Iterable
from pathlib import Path

from evalsite.distance.store import DistanceDir


def parted(names: Iterable[Path], runs_dir: Path) -> tuple[list[DistanceDir], list[Path]]:
    """Part the distances that were named, by a path or a folder's name, from what is to be a run."""
    distances: dict[Path, DistanceDir] = {}
    others = []
    for name in names:
        folders = (DistanceDir(path) for path in (name, runs_dir / name))
        found = next((folder for folder in folders if folder.exists()), None)
        if found is None:
            others.append(name)
        else:
            distances[found.path] = found
    return list(distances.values()), others
