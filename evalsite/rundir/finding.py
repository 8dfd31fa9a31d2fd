"""Finds runs: those of a folder, and the one that a person means by a name."""

import logging
from collections.abc import Container
from pathlib import Path

from evalsite.errors import RunError
from evalsite.rundir.files import reading
from evalsite.rundir.store import RunDir

log = logging.getLogger("evalsite")

SHOWN_RUNS = 5


def find_runs(runs_dir: Path) -> list[RunDir]:
    """Return the run directories directly below ``runs_dir``, sorted by name (which begins with the date).

    Hidden folders are none, and neither is a copy: a folder that holds the run of another one beside it.
    """
    if not runs_dir.is_dir():
        raise RunError(
            f"{runs_dir}: no such folder",
            hint="Name the folder that holds the runs, or make a first run: evalsite run --help",
        )
    with reading(runs_dir):
        runs = [RunDir(path) for path in sorted(runs_dir.iterdir()) if path.is_dir()]
        found = [each for each in runs if not each.path.name.startswith(".") and each.exists()]
    there = {run_dir.path.name for run_dir in found}
    return [run_dir for run_dir in found if not _is_copy(run_dir, there)]


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
    there = (
        f"The newest there: {listed}{left}." if runs else "Name a folder that holds run.json, or --runs-dir."
    )
    raise RunError(f"{name}: no run directory here or below {runs_dir}/, and no model's name", hint=there)


def _model_of(run_dir: RunDir) -> str | None:
    """The name of a run's model; None where its record cannot be read, which nobody asked about."""
    try:
        return run_dir.read_run().model.name
    except RunError:
        return None


def _is_copy(run_dir: RunDir, there: Container[str]) -> bool:
    """Whether a folder holds the run that another one is called after; a broken record says nothing."""
    try:
        run_id = run_dir.read_run().id
    except RunError:
        return False
    if run_id == run_dir.path.name or run_id not in there:
        return False
    log.warning("%s: a copy of the run %s, left out; remove it, or keep it elsewhere", run_dir.path, run_id)
    return True
