"""``steps.jsonl``: an agent's transcripts, step by step as they happened, so that a kill loses none of them.

A step is two rows: the answer as it came, and what came of the calls in it. A transcript goes on where its
rows end, and whoever has an answer is not asked for it again.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, field

import msgspec

from evalsite.errors import RunFormatError
from evalsite.rundir.files import UNDECODABLE, Appender, reading
from evalsite.rundir.regular import is_there, read_lines
from evalsite.rundir.rows import Number, Row
from evalsite.rundir.schema import Completion
from evalsite.rundir.store import STEPS, Key, RunDir


class ToolResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of one call."""

    tool: str
    """As it was called."""
    arguments: str
    """As JSON; empty where they could not be read."""
    text: str
    """What the model was told."""
    broken: bool = False
    """Whether nobody could carry it out: no such tool, or arguments that are none of it."""
    changed: bool = False
    """Whether a file is another one since."""
    passed: bool | None = None
    """Of a run of the tests, whether they passed."""


class StepAnswer(Row, frozen=True, kw_only=True, tag_field="row", tag="answer"):
    """The model's answer of one turn."""

    problem: str
    sample: Number
    turn: Number
    """From 1."""
    answer: Completion


class StepResults(Row, frozen=True, kw_only=True, tag_field="row", tag="results"):
    """What came of the calls of one turn, in their order."""

    problem: str
    sample: Number
    turn: Number
    results: tuple[ToolResult, ...]


@dataclass
class Step:
    """One turn: ``results`` is None until its calls were carried out."""

    answer: Completion
    results: tuple[ToolResult, ...] | None = None


@dataclass
class Steps:
    """The steps of one sample, in order."""

    rows: list[Step] = field(default_factory=list)

    def take(self, row: StepAnswer | StepResults) -> bool:
        """Add a row; returns False for one that does not go on with what is there, which is left out."""
        if isinstance(row, StepAnswer):
            fits = row.turn == len(self.rows) + 1 and (not self.rows or self.rows[-1].results is not None)
            if fits:
                self.rows.append(Step(row.answer))
            return fits
        fits = row.turn == len(self.rows) and bool(self.rows) and self.rows[-1].results is None
        if fits:
            self.rows[-1].results = row.results
        return fits


def append_steps(run_dir: RunDir) -> Appender:
    """Open ``steps.jsonl`` for appending."""
    return Appender(run_dir.path / STEPS)


def read_steps(run_dir: RunDir, problems: Container[str] | None = None) -> dict[Key, Steps]:
    """Return the steps of every sample, or of those of some problems.

    A row that repeats another one, or does not go on with those before, is left out; so is a last line that
    was cut off. Raises RunFormatError for any other line that cannot be read.
    """
    found: dict[Key, Steps] = {}
    for row in _rows(run_dir):
        if problems is None or row.problem in problems:
            found.setdefault((row.problem, row.sample), Steps()).take(row)
    return found


def _rows(run_dir: RunDir) -> Iterator[StepAnswer | StepResults]:
    path = run_dir.path / STEPS
    if not is_there(path):
        return
    decoder = msgspec.json.Decoder(StepAnswer | StepResults)
    with reading(path):
        for number, line in read_lines(path):
            try:
                yield decoder.decode(line)
            except UNDECODABLE as exc:
                if line.endswith(b"\n"):
                    raise RunFormatError(
                        f"{path}:{number}: {exc}",
                        hint="Restore the file, or take the line out: its transcript is asked from there on.",
                    ) from exc
