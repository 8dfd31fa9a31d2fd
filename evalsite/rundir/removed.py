"""Runs that were removed on purpose: what a site needs to say so at their addresses."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from evalsite.errors import RunError, RunFormatError
from evalsite.rundir.files import UNDECODABLE, encode_row, reading, write_atomically
from evalsite.rundir.finding import stands_elsewhere
from evalsite.rundir.store import RunDir

REMOVED = "removed.jsonl"
"""Stands beside the run directories: a line a run."""


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A run that is gone."""

    id: str
    removed_at: str
    model: str = ""
    dataset: str = ""
    created_at: str = ""
    problems: tuple[str, ...] = ()
    """Ids of the problems that it asked, which had pages of their own."""
    solved: tuple[str, ...] | None = None
    """Of these, those that at least half of the samples passed, where that is known: which problems had pages
    below its comparisons follows from them."""


def read_removed(runs_dir: Path) -> tuple[Removed, ...]:
    """Read which runs below a folder were removed, in the order in which they were."""
    path = runs_dir / REMOVED
    if not path.is_file():
        return ()
    with reading(path):
        lines = path.read_bytes().splitlines()
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(msgspec.json.decode(line, type=Removed))
        except UNDECODABLE as exc:
            raise RunFormatError(f"{path}:{number}: {exc}", hint="Restore the line, or take it out.") from exc
    return tuple(found)


def remove_run(run_dir: RunDir, removed_at: str, *, note: bool, solved: Iterable[str] | None = None) -> bool:
    """Remove a run directory; with ``note`` write down first that it was there. Return whether it was noted.

    ``solved``: see :class:`Removed`. A copy goes without a note: its run is still there. Must be called with
    nobody at work on the run.
    """
    note = note and not stands_elsewhere(run_dir)
    if note:
        runs_dir, gone = run_dir.path.absolute().parent, _told(run_dir, removed_at, solved)
        others = (one for one in read_removed(runs_dir) if one.id != gone.id)
        write_atomically(runs_dir / REMOVED, b"".join(encode_row(one) for one in (*others, gone)))
    run_dir.remove()
    return note


def _told(run_dir: RunDir, removed_at: str, solved: Iterable[str] | None) -> Removed:
    """What is remembered of a run; of one that cannot be read, its folder's name."""
    try:
        run, problems = run_dir.read_run(), run_dir.problems()
    except RunError:
        return Removed(id=run_dir.path.name, removed_at=removed_at)
    return Removed(
        id=run.id,
        model=run.model.name,
        dataset=run.dataset.name,
        created_at=run.created_at,
        removed_at=removed_at,
        problems=tuple(problem.task_id for problem in problems),
        solved=None if solved is None else tuple(solved),
    )
