"""What the statistics need to know of a run: its record, and its counts as arrays."""

from dataclasses import dataclass

import numpy as np

from evalsite.counts.passk import Counts
from evalsite.rundir.schema import Run, Summary


@dataclass(frozen=True, eq=False)
class RunFacts:
    """One run with its counts, made from ``run.json`` and ``summary.json`` alone.

    ``task_ids``, ``n`` and ``c`` go together, shape (n_problems,): the problems in its order, their
    graded samples, and those that passed.
    """

    run: Run
    summary: Summary
    task_ids: tuple[str, ...]
    n: Counts
    c: Counts

    @classmethod
    def of(cls, run: Run, summary: Summary) -> "RunFacts":
        """Take the counts out of a summary."""
        tallies = summary.tallies
        return cls(
            run=run,
            summary=summary,
            task_ids=tuple(tally.problem for tally in tallies),
            n=np.array([tally.n for tally in tallies], dtype=np.int64),
            c=np.array([tally.c for tally in tallies], dtype=np.int64),
        )

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
    def asks_all(self) -> bool:
        """Whether the run asks every problem of its data set."""
        return self.run.num_problems >= self.run.dataset.num_problems

    @property
    def max_k(self) -> int:
        """The largest k that every problem has enough samples for; 0 where one has none."""
        return int(self.n.min()) if self.n.size else 0

    @property
    def num_missing(self) -> int:
        """Samples that were asked for and have not been graded."""
        return sum(tally.missing for tally in self.summary.tallies)

    def short_of(self, k: int) -> tuple[str, ...]:
        """The problems with fewer than ``k`` samples, for which pass@k has no unbiased estimate."""
        return tuple(task for task, n in zip(self.task_ids, self.n, strict=True) if n < k)

    def failures(self, kind: str | None = None) -> Counts:
        """Failed samples of each problem, shape (n_problems,): all of them, or of one verdict class."""
        if kind is None:
            return self.n - self.c
        return np.array([tally.failures.get(kind, 0) for tally in self.summary.tallies], dtype=np.int64)
