"""Which files of a run or a distance are too large for GitHub, where runs are published from."""

from collections.abc import Iterator

from evalsite.rundir.files import told_size
from evalsite.rundir.folder import Folder
from evalsite.words.commands import command


def too_large(folder: Folder) -> Iterator[str]:
    """Say of each file of a folder that is larger than GitHub likes, and of the command that packs it."""
    for _, path in folder.files():
        if told := told_size(path.stat().st_size):
            packs = f"; pack it with: {command('pack', folder.path)}" if path.name in folder.grows else ""
            yield f"{path}: {told}{packs}"
