"""The cells of a sweep: a model and a data set each, the run that belongs to it, and the order of asking."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets import LoadedDataset
from evalsite.errors import EvalsiteError, UsageError
from evalsite.rundir.files import write_atomically
from evalsite.rundir.finding import find_runs
from evalsite.rundir.locks import locked
from evalsite.rundir.schema import Run
from evalsite.rundir.store import RunDir
from evalsite.sweep.plan import DatasetEntry, ModelEntry, Options, SweepPlan
from evalsite.words.commands import command


@dataclass(frozen=True)
class Cell:
    """One model on one data set."""

    model: ModelEntry
    dataset: DatasetEntry
    loaded: LoadedDataset
    options: Options
    """All that are given for it: the plan's, the model's over them, and the data set's over both."""

    @property
    def key(self) -> str:
        """Its name in the ledger, which no other cell of the plan has."""
        return msgspec.json.encode([self.model.name, self.dataset.name]).decode()

    @property
    def num_problems(self) -> int:
        """Problems to be asked in the end."""
        return min(self.dataset.max_problems or len(self.loaded.problems), len(self.loaded.problems))

    @property
    def asked(self) -> dict[str, Any]:
        """What must not change while it is asked, for the ledger."""
        return {
            "file": self.model.file,
            "profile": self.model.profile,
            "path": self.model.path,
            "card": self.model.card,
            "draw_seed": self.dataset.draw_seed,
            "data set": self.loaded.sha256,
            **{f"options.{name}": value for name, value in self.options.items()},
        }

    def part(self, number: int, passes: int) -> int:
        """Problems that are asked by the end of a pass, counted from 1."""
        return -(-self.num_problems * number // passes)


def order(cells: list[Cell], plan: SweepPlan) -> Iterator[tuple[Cell, int]]:
    """Yield (cell, problems to have been asked): a part of every set by each model, then the next part.

    Every second pass goes through the models backwards (A B, B A): so a drift of machine or server falls on
    both alike, and a server that is up goes on with the next pass.
    """
    models = list(plan.models)
    for number in range(1, plan.passes + 1):
        for model in models:
            for cell in cells:
                if cell.model is model:
                    yield cell, cell.part(number, plan.passes)
        models.reverse()


def starts(work: Iterator[tuple[Cell, int]]) -> Counter[str]:
    """Count how often each server is started for work in this order: of a slot one is up at a time."""
    up: dict[str, str] = {}
    found: Counter[str] = Counter()
    for cell, _ in work:
        model = cell.model
        if model.command and up.get(model.slot) != model.name:
            up[model.slot] = model.name
            found[model.name] += 1
    return found


class _Entry(msgspec.Struct, kw_only=True):
    asked: dict[str, Any]
    since: str
    """No run of the cell is older."""
    run: str = ""
    """Its id, once that is known."""


class _Kept(msgspec.Struct, kw_only=True):
    cells: dict[str, _Entry] = {}
    loads: dict[str, float] = {}
    """Model -> seconds that its server took to load, the last time."""


class Ledger:
    """Which run belongs to which cell, kept beside the plan so that a sweep that was killed goes on with it.

    A cell is written down before its run begins: a run that a kill left without being noted is found again.
    """

    def __init__(self, folder: Path, plan: Path, runs_dir: Path) -> None:
        """``folder`` holds it; ``plan`` is named in messages."""
        self.path = folder / "ledger.json"
        self._plan, self._runs_dir = plan, runs_dir
        try:
            self._kept = msgspec.json.decode(self.path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            self._kept = _Kept()
        except (OSError, msgspec.MsgspecError) as exc:
            raise UsageError(
                f"{self.path}: cannot be read ({exc})",
                hint="It says which run belongs to which model and data set; without it all are asked anew.",
            ) from exc

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep a second sweep of the same plan away. Raises RunLockedError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.path.with_name("lock")):
            yield

    def run_of(self, cell: Cell) -> RunDir | None:
        """Return a cell's run; None where it has none yet. Raises UsageError where the plan has changed."""
        entry = self._kept.cells.get(cell.key)
        if entry is None:
            return None
        if not entry.run:
            entry.run = self._left_by_a_kill(cell, entry)
        run_dir = RunDir(self._runs_dir / entry.run)
        if not entry.run or not run_dir.exists():
            return None
        if entry.asked != cell.asked:
            raise UsageError(
                f"{self._plan}: {cell.model.name} on {cell.dataset.name} is asked otherwise than "
                f"{run_dir.path} was begun: {_changes(entry.asked, cell.asked)}",
                hint=f"Take that back, or begin anew: {command('rm', run_dir.path)}",
            )
        return run_dir

    def begin(self, cell: Cell) -> None:
        """Write down that a cell's run begins now."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._kept.cells[cell.key] = _Entry(asked=cell.asked, since=now)
        self.keep()

    @property
    def loads(self) -> dict[str, float]:
        """Model -> seconds that its server took to load the last time, if it was started."""
        return self._kept.loads

    def keep(self) -> None:
        """Write what is known."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, msgspec.json.format(msgspec.json.encode(self._kept), indent=1))

    def _left_by_a_kill(self, cell: Cell, entry: _Entry) -> str:
        taken = {each.run for each in self._kept.cells.values()}
        found = [
            run.id
            for run in _records(self._runs_dir)
            if run.id not in taken
            and run.created_at >= entry.since
            and (run.model.name, run.dataset.sha256) == (cell.model.name, cell.loaded.sha256)
        ]
        return max(found, default="")


def _records(runs_dir: Path) -> Iterator[Run]:
    for run_dir in find_runs(runs_dir) if runs_dir.is_dir() else ():
        with contextlib.suppress(EvalsiteError):
            yield run_dir.read_run()


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{name} {before.get(name)!r} -> {now.get(name)!r}"
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    )
