"""Finds runs: those of a folder, and the one that a person means by a name."""

import difflib
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from evalsite.errors import RunError
from evalsite.rundir.files import folders_below, reading
from evalsite.rundir.levels import Campaign
from evalsite.rundir.schema import Run
from evalsite.rundir.store import RunDir

log = logging.getLogger("evalsite")

SHOWN_RUNS = 5


def find_runs(runs_dir: Path) -> list[RunDir]:
    """Return the run directories directly below ``runs_dir``, sorted by name (which begins with the date).

    Hidden folders are none, and neither is a copy: of several folders that hold one run the one that is named
    like it counts, else the first by name.
    """
    if not runs_dir.is_dir():
        raise RunError(
            f"{runs_dir}: no such folder",
            hint="Name the folder that holds the runs, or make a first run: evalsite run --help",
        )
    by_id: dict[str, list[RunDir]] = {}
    for run_dir in _folders(runs_dir):
        by_id.setdefault(_id_of(run_dir), []).append(run_dir)
    counting = []
    for run_id, folders in by_id.items():
        kept, *copies = sorted(folders, key=lambda each: each.path.name != run_id)
        counting.append(kept)
        for copy in copies:
            told = "%s: a copy of the run %s, left out (%s counts); remove it, or keep it elsewhere"
            log.warning(told, copy.path, run_id, kept.path.name)
    return sorted(counting, key=lambda each: each.path)


def find_records(runs_dir: Path) -> Iterator[tuple[RunDir, Run]]:
    """Pass on the runs of a folder, as :func:`with_records` does; none where there is no folder."""
    return with_records(find_runs(runs_dir) if runs_dir.is_dir() else ())


def with_records(runs: Iterable[RunDir]) -> Iterator[tuple[RunDir, Run]]:
    """Pass on runs with their records, but those whose record cannot be read: who asked about others is not
    held up by them.
    """
    for run_dir in runs:
        try:
            record = run_dir.read_run()
        except RunError:
            continue
        yield run_dir, record


def find_campaign(campaign: Campaign, runs_dir: Path) -> list[RunDir]:
    """Return the runs of a campaign that are there."""
    records = find_records(runs_dir)
    return [run_dir for run_dir, run in records if run.campaign and run.campaign.id == campaign.id]


def find_run(name: Path, runs_dir: Path) -> RunDir:
    """Find a run by its path, its folder's name below ``runs_dir`` or a part of that, or its model's name.

    A model's name and a part of a folder's have to fit one run alone. Raises :class:`RunError` with what
    there is where none or several fit.
    """
    for path in (name, runs_dir / name):
        if RunDir(path).exists():
            return RunDir(path)
    wanted, runs = str(name), find_runs(runs_dir) if runs_dir.is_dir() else []
    found = [run_dir for run_dir in runs if _model_of(run_dir) == wanted]
    if not found and len(name.parts) == 1:
        found = [run_dir for run_dir in runs if wanted.casefold() in run_dir.path.name.casefold()]
    if len(found) == 1:
        return found[0]
    near = found or runs
    listed = ", ".join(run_dir.path.name for run_dir in near[-SHOWN_RUNS:])
    left = f" and {len(near) - SHOWN_RUNS} more" if len(near) > SHOWN_RUNS else ""
    if found:
        answering = f"{name}: {len(found)} runs below {runs_dir}/ answer to that"
        raise RunError(answering, hint=f"Name one: {listed}{left}")
    known = {run_dir.path.name for run_dir in runs} | {_model_of(run_dir) or "" for run_dir in runs}
    there = (
        f"The newest there: {listed}{left}." if runs else "Name a folder that holds run.json, or --runs-dir."
    )
    if close := difflib.get_close_matches(wanted, sorted(known), n=1):
        there = f"Did you mean {close[0]}? {there}"
    raise RunError(f"{name}: no run directory here or below {runs_dir}/, and no model's name", hint=there)


def _model_of(run_dir: RunDir) -> str | None:
    """The name of a run's model; None where its record cannot be read, which nobody asked about."""
    try:
        return run_dir.read_run().model.name
    except RunError:
        return None


def stands_elsewhere(run_dir: RunDir) -> bool:
    """Whether another folder beside this one holds its run, so that it is there without this one, too."""
    runs_dir, run_id = run_dir.path.absolute().parent, _id_of(run_dir)
    others = (each for each in _folders(runs_dir) if each.path.name != run_dir.path.name)
    return any(_id_of(each) == run_id for each in others)


def _folders(runs_dir: Path) -> list[RunDir]:
    """All folders that hold a run, copies too, by name."""
    return [run_dir for run_dir in map(RunDir, folders_below(runs_dir)) if _holds_run(run_dir)]


def _holds_run(run_dir: RunDir) -> bool:
    """Whether there is a run in a folder. One that may not be looked into is told when it is read, so that it
    holds up no other.
    """
    try:
        with reading(run_dir.path):
            return run_dir.exists()
    except RunError:
        return True


def _id_of(run_dir: RunDir) -> str:
    """The id of a folder's run; of one whose record is broken, the folder's name."""
    try:
        return run_dir.read_run().id
    except RunError:
        return run_dir.path.name
