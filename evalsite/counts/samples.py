"""Verdicts and completions of a run directory, joined: one sample, wherever one is shown or handed on."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from evalsite.rundir.schema import Completion, Problem, Verdict
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass


@dataclass(frozen=True)
class Sample:
    """One graded sample of a problem. ``completion`` is None where only the verdict was kept."""

    problem: Problem
    verdict: Verdict
    completion: Completion | None

    @property
    def number(self) -> int:
        """The sample's number, from 0."""
        return self.verdict.sample

    @property
    def passed(self) -> bool:
        """Whether the sample passed."""
        return self.verdict.verdict is VerdictClass.PASSED

    @property
    def finish_reason(self) -> str | None:
        """Why the model stopped, in the server's word."""
        return self.completion.finish_reason if self.completion else None


def read_samples(run_dir: RunDir, problems: Mapping[str, Problem]) -> dict[str, list[Sample]]:
    """Read the samples of some problems: problem -> its graded samples by number.

    ``problems``: id -> problem; the result has their order, without those that nothing is graded of.
    """
    completions = {(row.problem, row.sample): row for row in run_dir.completions() if row.problem in problems}
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    for row in run_dir.verdicts():
        if row.problem in problems:
            verdicts[row.problem].append(row)
    return {
        task: [
            Sample(problem, row, completions.get((task, row.sample)))
            for row in sorted(verdicts[task], key=lambda row: row.sample)
        ]
        for task, problem in problems.items()
        if task in verdicts
    }
