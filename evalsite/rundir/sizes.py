"""Which files of a run are too large for GitHub, where runs are published from."""

from collections.abc import Iterator

from evalsite.rundir.files import told_size
from evalsite.rundir.store import COMPLETIONS, TURNS, VERDICTS, RunDir
from evalsite.words.commands import command

PACKED = (COMPLETIONS, TURNS, VERDICTS)


def too_large(run_dir: RunDir) -> Iterator[str]:
    """Say of each file of a run that is larger than GitHub likes, and of the command that packs it."""
    for _, path in run_dir.files():
        if told := told_size(path.stat().st_size):
            packs = f"; pack it with: {command('pack', run_dir.path)}" if path.name in PACKED else ""
            yield f"{path}: {told}{packs}"
