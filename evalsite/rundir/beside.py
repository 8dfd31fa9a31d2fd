"""What stands beside the rows of a run directory: incidents, looks, what the next command here takes over."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from evalsite.errors import EvalsiteError
from evalsite.rundir.files import Appender, write_atomically
from evalsite.rundir.looks import Look
from evalsite.rundir.regular import is_there, read_lines, read_whole
from evalsite.rundir.schema import Incident
from evalsite.rundir.store import INCIDENTS, LOOKS, RunDir

REPEAT = ".resume.json"
"""No part of the run, and not published: it may name files of this machine."""


def append_incidents(run_dir: RunDir) -> Appender:
    """Open ``incidents.jsonl`` for appending."""
    return Appender(run_dir.path / INCIDENTS)


def incidents(run_dir: RunDir) -> Iterator[Incident]:
    """Yield the incidents in the order they came; lines that cannot be read are passed over."""
    path = run_dir.path / INCIDENTS
    if not is_there(path):
        return
    for _, line in read_lines(path):
        try:
            yield msgspec.json.decode(line, type=Incident)
        except msgspec.DecodeError:
            continue


def looks(run_dir: RunDir) -> tuple[Look, ...]:
    """Return the looks in the order they were taken. Raises :class:`RunFormatError`: none may get lost."""
    return tuple(run_dir.as_they_stand(LOOKS, Look))


def append_look(run_dir: RunDir, look: Look) -> None:
    """Record a look. The run's lock has to be held."""
    with Appender(run_dir.path / LOOKS) as appender:
        appender.append(look)


def read_repeat(run_dir: RunDir) -> dict[str, Any]:
    """Return what the last command that asked wrote for the next one; nothing where it cannot be read."""
    path = run_dir.path / REPEAT
    try:
        return msgspec.json.decode(read_whole(path), type=dict[str, Any]) if is_there(path) else {}
    except (OSError, EvalsiteError, msgspec.DecodeError):
        return {}


def data_path_in(written: Mapping[str, Any]) -> Path | None:
    """The data set's file of an earlier command, by what it wrote, where it is still there."""
    path = Path(str(written["data_path"])) if written.get("data_path") else None
    return path if path is not None and path.is_file() else None


def write_repeat(run_dir: RunDir, settings: Mapping[str, Any]) -> None:
    """Write that."""
    write_atomically(run_dir.path / REPEAT, msgspec.json.encode(settings) + b"\n")
