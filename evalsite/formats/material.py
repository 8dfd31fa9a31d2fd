"""What every writer of another tool's form needs of a run: its rows, joined and in order."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evalsite.counts.loaded import RunFacts
from evalsite.counts.tally import summary_of
from evalsite.errors import RunError
from evalsite.rundir.schema import Completion, Problem, Run, Verdict, VerdictClass
from evalsite.rundir.store import RunDir

File = tuple[str, bytes]
"""A path below the output folder, and its content."""


@dataclass(frozen=True)
class Graded:
    """One graded sample with its problem and, where it is still there, the model's answer."""

    problem: Problem
    verdict: Verdict
    completion: Completion | None

    @property
    def passed(self) -> bool:
        """Whether the program passed."""
        return self.verdict.verdict is VerdictClass.PASSED

    @property
    def finish_reason(self) -> str | None:
        """Why the model stopped, in the server's word."""
        return self.completion.finish_reason if self.completion else None


@dataclass(frozen=True, eq=False)
class Material:
    """One run, read whole."""

    facts: RunFacts
    graded: tuple[Graded, ...]
    """In the data set's order, then by sample."""

    @classmethod
    def of(cls, run_dir: RunDir) -> "Material":
        """Read a run. Raises :class:`RunError` where nothing is graded."""
        problems = run_dir.problems()
        order = {problem.task_id: number for number, problem in enumerate(problems)}
        completions = {(row.problem, row.sample): row for row in run_dir.completions()}
        verdicts = sorted(run_dir.verdicts(), key=lambda row: (order[row.problem], row.sample))
        if not verdicts:
            raise RunError(
                f"{run_dir.path}: nothing is graded yet, so there is nothing to export",
                hint=f"Grade it first: evalsite grade {run_dir.path}",
            )
        graded = tuple(
            Graded(problems[order[row.problem]], row, completions.get((row.problem, row.sample)))
            for row in verdicts
        )
        return cls(RunFacts.of(run_dir.read_run(), summary_of(run_dir)), graded)

    @property
    def run(self) -> Run:
        """The run's record."""
        return self.facts.run

    @property
    def folder(self) -> str:
        """The run's id as a folder's name."""
        return safe_name(self.run.id)

    def by_problem(self) -> Iterator[tuple[Problem, list[Graded]]]:
        """Yield each problem that has graded samples, with them."""
        found: dict[str, list[Graded]] = {}
        for each in self.graded:
            found.setdefault(each.problem.task_id, []).append(each)
        for samples in found.values():
            yield samples[0].problem, samples


def safe_name(text: str) -> str:
    """Return a file name without separators or leading dots; a run's record may come from anywhere."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:120].strip(".-")
    if name == text:
        return name
    return f"{name}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}".lstrip("-")


def json_lines(rows: Iterator[dict[str, Any]]) -> bytes:
    """Encode rows as JSONL."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def without_none(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known."""
    return {name: value for name, value in row.items() if value is not None}
