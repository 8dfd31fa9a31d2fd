"""The cells of a sweep: a model and a data set each, the run that belongs to it, and the order of asking."""

import contextlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets import LoadedDataset
from evalsite.errors import UsageError
from evalsite.rundir.files import write_atomically
from evalsite.rundir.finding import find_records
from evalsite.rundir.locks import locked
from evalsite.rundir.store import RunDir
from evalsite.stats.sequential import stops
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
    looks: int = 0
    """How often it is looked at most, where that may end it; else 0."""
    thrifty: bool = False
    """Whether looks are to save requests."""

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
            **({"looks": self.looks} if self.looks else {}),
            **({"thrifty": True} if self.thrifty else {}),
        }

    def part(self, fraction: Fraction) -> int:
        """Problems that are asked where so much of every data set is."""
        return math.ceil(self.num_problems * fraction)


@dataclass(frozen=True)
class Round:
    """What one model is asked in turn."""

    work: tuple[tuple[Cell, int], ...]
    """Its cells, each with the problems that are to have been asked by the end."""
    look: int = 0
    """At which look it ends, from 1; 0 where nobody looks."""


def rounds(cells: Sequence[Cell], plan: SweepPlan) -> Iterator[Round]:
    """Yield what is asked in turn: a part of every set by each model, then the next part.

    Every second pass goes through the models backwards (A B, B A): so a drift of machine or server falls on
    both alike, and a server that is up goes on with the next pass. Where candidates are asked until they are
    decided, the baseline is asked all of it first, and a pass ends at a look.
    """
    own = {model.name: [cell for cell in cells if cell.model is model] for model in plan.models}
    fractions = [Fraction(number, plan.passes) for number in range(1, plan.passes + 1)]
    if plan.until_decided:
        yield Round(tuple((cell, cell.num_problems) for cell in own.pop(plan.baseline)))
        fractions = looks_at(cells, plan)
    models = list(own.values())
    for number, fraction in enumerate(fractions, 1):
        for each in models:
            work = tuple((cell, cell.part(fraction)) for cell in each)
            yield Round(work, number if plan.until_decided else 0)
        models.reverse()


def looks_at(cells: Sequence[Cell], plan: SweepPlan) -> list[Fraction]:
    """Return at what shares of all data sets candidates are looked at, ascending to one.

    As of a single run (:func:`evalsite.stats.sequential.stops`), with source problems for problems.
    """
    total = len(sources_of(cells))
    at = stops(total, plan.looks, plan.margin / 100, spending=plan.rule.spending)
    return [Fraction(number, total) for number in at]


def sources_of(cells: Sequence[Cell]) -> set[str]:
    """The source problems of all data sets."""
    loaded = {cell.dataset.name: cell.loaded for cell in cells}
    return {problem.source_problem for each in loaded.values() for problem in each.problems}


def starts(work: Iterable[tuple[Cell, int]]) -> Counter[str]:
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
            for _, run in find_records(self._runs_dir)
            if run.id not in taken
            and run.created_at >= entry.since
            and (run.model.name, run.dataset.sha256) == (cell.model.name, cell.loaded.sha256)
        ]
        return max(found, default="")


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{name} {before.get(name)!r} -> {now.get(name)!r}"
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    )
