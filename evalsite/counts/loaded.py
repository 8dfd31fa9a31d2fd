"""A run as everybody reads it: its directory, its record and its counts. Rows are streamed when asked for."""

import dataclasses
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from msgspec import UNSET
from msgspec.structs import replace

from evalsite.counts.passk import Counts
from evalsite.counts.samples import Sample, read_samples
from evalsite.counts.symptoms import is_looked_at
from evalsite.counts.table import Table, table_of
from evalsite.counts.tally import agrees, is_sealed, rebuild_summary
from evalsite.rundir.answers import answer_text, find_retested, find_void
from evalsite.rundir.beside import looks
from evalsite.rundir.identity import changes_since
from evalsite.rundir.looks import Look
from evalsite.rundir.schema import Problem, Run, Summary, Tally
from evalsite.rundir.store import ROW_FILES, SUMMARY, Hashes, Key, RunDir
from evalsite.words.commands import command

log = logging.getLogger("evalsite")

DatasetKey = tuple[str, str]
"""A data set's name, variant included, and the hash of its problems. Neither alone is a data set."""


@dataclass(frozen=True, eq=False)
class LoadedRun:
    """One run: what ``run.json`` and ``summary.json`` say of it, and its counts as arrays."""

    dir: RunDir
    """Read for rows, notes and files alone; counts are made from ``summary``."""
    run: Run
    summary: Summary = field(repr=False)
    digest: str = ""
    """SHA-256 over its files, in hexadecimal, from before they were read; empty where nobody asked for it."""

    retested: tuple[str, ...] = ()
    """Problems whose tests are others by now than those that their verdicts were reached by."""
    looks: tuple[Look, ...] = ()
    """When a verdict was asked for, as far as that is recorded."""
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Problem -> the source problem that it shares with other data sets, where it is not its own."""
    kinds: tuple[str, ...] = ()
    """The kinds of its problems (``evalsite/kinds/``), in the data set's order."""
    languages: tuple[str, ...] = ()
    """The programming languages of its problems, likewise."""
    num_held: int | None = None
    """How many problems its directory holds; None where that was not looked at."""

    @property
    def id(self) -> str:
        """The run's id."""
        return self.run.id

    @property
    def model(self) -> str:
        """The model's name."""
        return self.run.model.name

    @property
    def dataset(self) -> str:
        """The data set's name, variant included."""
        return self.run.dataset.name

    @property
    def dataset_key(self) -> DatasetKey:
        """What tells data sets apart: the name and the hash."""
        return self.run.dataset.name, self.run.dataset.sha256

    @cached_property
    def record_changes(self) -> tuple[str, ...]:
        """What its record was changed in since the run began; kept, as every pair of runs asks for it."""
        return changes_since(self.run)

    @property
    def num_asked(self) -> int:
        """How many problems it asks; no more than it holds, whatever its record says."""
        said = self.run.num_problems
        return said if self.num_held is None else min(said, self.num_held)

    @property
    def asks_all(self) -> bool:
        """Whether the run asks every problem of its data set."""
        return self.num_asked >= self.run.dataset.num_problems

    @property
    def asks_enough(self) -> bool:
        """Whether it asks all problems, or stops at a look that was planned before it began."""
        plan = self.run.looks
        return self.asks_all or (plan is not None and self.num_asked in plan.stops)

    @property
    def excluded(self) -> Mapping[str, str]:
        """Problem -> why it counts in no score."""
        return self.run.grading.excluded if self.run.grading else {}

    @cached_property
    def scored(self) -> tuple[Tally, ...]:
        """The tallies of the problems that count, in the run's order."""
        return tuple(tally for tally in self.summary.tallies if tally.problem not in self.excluded)

    @cached_property
    def task_ids(self) -> tuple[str, ...]:
        """The problems that count, in the run's order; :attr:`n` and :attr:`c` go with them."""
        return tuple(tally.problem for tally in self.scored)

    @cached_property
    def asked_ids(self) -> tuple[str, ...]:
        """All problems that were asked, in the run's order."""
        return tuple(tally.problem for tally in self.summary.tallies)

    @cached_property
    def n(self) -> Counts:
        """Graded samples of each problem, shape (n_problems,)."""
        return np.array([tally.n for tally in self.scored], dtype=np.int64)

    @cached_property
    def c(self) -> Counts:
        """Samples of each problem that passed, shape (n_problems,)."""
        return np.array([tally.c for tally in self.scored], dtype=np.int64)

    @cached_property
    def missing(self) -> Counts:
        """Samples of each problem that were asked for and have no verdict, shape (n_problems,)."""
        return np.array([tally.missing for tally in self.scored], dtype=np.int64)

    @cached_property
    def answers(self) -> Mapping[Key, str | bytes]:
        """What was answered to each (problem, sample): the text where each problem has one, else its digest.

        Read from the rows when first asked for, and kept. See :func:`same_answer`.
        """
        return dict(self._read_answers())

    @cached_property
    def first_answer(self) -> tuple[Key, str | bytes] | None:
        """One of :attr:`answers`, which often tells a run from another; None where there is none."""
        return next(self.stream_answers(), None)

    def stream_answers(self) -> Iterator[tuple[Key, str | bytes]]:
        """The same one by one, read as far as they are asked for."""
        return iter(self.answers.items()) if "answers" in self.__dict__ else self._read_answers()

    def _read_answers(self) -> Iterator[tuple[Key, str | bytes]]:
        if self.dir.has_completions():
            greedy = self.run.num_samples == 1
            for row in self.dir.completions():
                text = answer_text(row)
                yield (row.problem, row.sample), text if greedy else _digest(text)

    @property
    def max_k(self) -> int:
        """The largest k that every problem has enough samples for; 0 where one has none."""
        return int(self.n.min()) if self.n.size else 0

    @cached_property
    def pass_at_1(self) -> float | None:
        """Mean pass@1 over the problems, in [0, 1], or None while one of them has no sample."""
        return float((self.c / self.n).mean()) if self.max_k else None

    @property
    def num_samples(self) -> int:
        """Graded samples."""
        return sum(self.summary.verdicts.values())

    @property
    def is_ungraded(self) -> bool:
        """Whether nobody has graded its answers yet."""
        return self.run.grading is None and not any(tally.n for tally in self.summary.tallies)

    @cached_property
    def num_missing(self) -> int:
        """Samples that were asked for and could not be had, or are not graded yet."""
        return sum(tally.missing for tally in self.scored)

    def filled(self, *, passed: bool, kind: str = "wrong_answer") -> "LoadedRun":
        """The run as it would be if all missing samples had passed, or had failed in one verdict class,
        or with one symptom.
        """
        tallies = tuple(
            replace(
                tally,
                n=tally.n + tally.missing,
                c=tally.c + (tally.missing if passed else 0),
                missing=0,
                failures=tally.failures
                if passed
                else {**tally.failures, kind: tally.failures.get(kind, 0) + tally.missing},
                symptoms=tally.symptoms
                if passed or tally.symptoms is UNSET
                else {**tally.symptoms, kind: tally.symptoms.get(kind, 0) + tally.missing},
            )
            for tally in self.summary.tallies
        )
        return dataclasses.replace(self, summary=replace(self.summary, tallies=tallies))

    @property
    def num_solved(self) -> int:
        """Problems that at least one sample solves."""
        return sum(tally.c > 0 for tally in self.scored)

    @property
    def mostly_solved(self) -> tuple[str, ...]:
        """Problems that at least half of the samples solve; those on two sides of the half have flipped."""
        return tuple(tally.problem for tally in self.scored if 2 * tally.c >= tally.n > 0)

    def short_of(self, k: int) -> tuple[str, ...]:
        """The problems with fewer than ``k`` samples, for which pass@k has no unbiased estimate."""
        return tuple(task for task, n in zip(self.task_ids, self.n, strict=True) if n < k)

    def failures(self, kind: str | None = None) -> Counts:
        """Failed samples of each problem, shape (n_problems,): all of them, or of one verdict class."""
        if kind is None:
            return self.n - self.c
        return np.array([tally.failures.get(kind, 0) for tally in self.scored], dtype=np.int64)

    @property
    def tells_symptoms(self) -> bool:
        """Whether the answers of all samples that count were looked at for symptoms, by the same rules."""
        return is_looked_at(self.summary.symptoms, self.num_samples)

    def symptoms(self, name: str) -> Counts:
        """Samples of each problem whose answers have a symptom, shape (n_problems,)."""
        return np.array([(tally.symptoms or {}).get(name, 0) for tally in self.scored], dtype=np.int64)

    def samples(self) -> Iterator[Sample]:
        """Yield the graded samples in the data set's order, each with its problem, answer and verdict.

        All rows are read when the first is asked for. Raises :class:`RunFormatError` for a broken one.
        """
        problems = {problem.task_id: problem for problem in self.dir.problems()}
        for found in read_samples(self.dir, problems).values():
            yield from found

    def table(self, *, texts: bool = False) -> Table:
        """Return a row for each graded sample, as columns: see :class:`evalsite.counts.table.Table`.

        ``texts`` adds the raw answers and the programs.
        """
        return Runs([self]).table(texts=texts)


class Runs(tuple[LoadedRun, ...]):
    """Several runs, in the order of their ids."""

    __slots__ = ()

    def table(self, *, texts: bool = False) -> Table:
        """Return a row for each graded sample of all, as :meth:`LoadedRun.table` does of one."""
        rows = ((loaded.run, sample) for loaded in self for sample in loaded.samples())
        return table_of(rows, texts=texts)


def dataset_labels(runs: Iterable[LoadedRun]) -> dict[DatasetKey, str]:
    """Name each data set: by its name, with the first digits of its hash where two share that."""
    keys = {run.dataset_key for run in runs}
    names = [name for name, _ in keys]
    return {
        (name, sha256): name if names.count(name) == 1 else f"{name} ({sha256[:6]})" for name, sha256 in keys
    }


def same_answer(one: str | bytes, other: str | bytes) -> bool:
    """Whether two answers, each as its text or its digest, are the same text."""
    if type(one) is type(other):
        return one == other
    return _digested(one) == _digested(other)


def _digested(answer: str | bytes) -> bytes:
    return _digest(answer) if isinstance(answer, str) else answer


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def load_run(
    run_dir: RunDir,
    problems: tuple[Problem, ...] | None = None,
    hashes: Hashes | None = None,
    record: Run | None = None,
) -> LoadedRun:
    """Read a run; ``problems``, ``hashes`` (of its files) and ``record`` are its own, where the caller has
    them.

    Its summary is believed where its hash says that it was made from the rows that are there now. Else it is
    made anew from them, without verdicts whose answer is gone or another one by now; where one that is there
    says something else, that is told. Raises
    :class:`RunFormatError` for a broken file, and :class:`RunError` where there is none.
    """
    run = record or run_dir.read_run()
    recorded = run_dir.read_summary() if run.status != "running" and run_dir.has_summary() else None
    asked = run_dir.problems() if problems is None else problems
    told: dict[str, Any] = {
        "sources": {problem.task_id: problem.cluster for problem in asked if problem.cluster},
        "kinds": tuple(dict.fromkeys(problem.kind for problem in asked)),
        "num_held": len(asked),
        "languages": tuple(dict.fromkeys(problem.language for problem in asked)),
    }
    if (
        recorded is not None
        and is_sealed(run, hashes.over(ROW_FILES) if hashes else run_dir.digest(ROW_FILES), recorded)
        and [tally.problem for tally in recorded.tallies] == [problem.task_id for problem in asked]
    ):
        return LoadedRun(run_dir, run, recorded, looks=looks(run_dir), **told)
    # While a run goes on, its verdicts come from its answers, and both are written as they are read.
    found = find_void(run_dir) if run.status != "running" else ()
    rebuilt = rebuild_summary(run_dir, {(verdict.problem, verdict.sample) for verdict, _ in found})
    if recorded is not None and not agrees(recorded, rebuilt):
        log.warning(
            "%s: does not agree with the rows, which are counted anew; write it with: %s",
            run_dir.path / SUMMARY,
            command("grade", run_dir.path),
        )
    return LoadedRun(run_dir, run, rebuilt, retested=find_retested(run_dir), looks=looks(run_dir), **told)
