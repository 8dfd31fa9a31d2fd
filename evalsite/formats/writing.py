"""What every writer of another tool's form shares: the joined samples, safe names, JSON lines."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from evalsite.counts.samples import Sample, read_samples
from evalsite.errors import RunError
from evalsite.rundir.schema import Problem
from evalsite.rundir.store import RunDir
from evalsite.words.commands import command
from evalsite.words.text import sha256_of

File = tuple[str, bytes]
"""A path below the output folder, and its content."""


def exported_samples(run_dir: RunDir) -> tuple[Sample, ...]:
    """Read a run's samples in the data set's order. Raises :class:`RunError` where nothing is graded."""
    found = read_samples(run_dir, {problem.task_id: problem for problem in run_dir.problems()})
    if not found:
        raise RunError(
            f"{run_dir.path}: nothing is graded yet, so there is nothing to export",
            hint=f"Grade it first: {command('grade', run_dir.path)}",
        )
    return tuple(sample for samples in found.values() for sample in samples)


def by_problem(samples: Sequence[Sample]) -> Iterator[tuple[Problem, list[Sample]]]:
    """Yield each problem with its samples, which stand together."""
    for _, group in groupby(samples, key=lambda sample: sample.problem.task_id):
        own = list(group)
        yield own[0].problem, own


def safe_name(text: str) -> str:
    """Return a file name without separators or leading dots; a run's record may come from anywhere."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:120].strip(".-")
    if name == text:
        return name
    return f"{name}-{sha256_of(text)[:8]}".lstrip("-")


def json_lines(rows: Iterator[dict[str, Any]]) -> bytes:
    """Encode rows as JSONL."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def without_none(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known."""
    return {name: value for name, value in row.items() if value is not None}
