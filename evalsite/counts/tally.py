"""Rows of a run directory -> counts: the summary that every overview reads.

Only counts and plain means are made here; ratios and intervals are derived from the counts where they
are shown.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from evalsite.counts.passk import pass_at_k
from evalsite.rundir.schema import (
    Completion,
    Distribution,
    Problem,
    Run,
    Summary,
    Tally,
    Verdict,
    VerdictClass,
)
from evalsite.rundir.store import RunDir

SHOWN_KS = (1, 2, 3, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
"""The values of k that tables show, as far as the samples allow."""

ByProblem = defaultdict[str, list[float]]
"""Problem -> a measurement of each of its samples."""

SHOWN_NAMES = 10
"""Names under which a server answered that a summary tells apart."""


def rebuild_summary(run_dir: RunDir) -> Summary:
    """Make a run's summary from its rows, streaming them once."""
    return summarize(run_dir.read_run(), run_dir.problems(), run_dir.completions(), run_dir.verdicts())


def summarize(
    run: Run,
    problems: Iterable[Problem],
    completions: Iterable[Completion],
    verdicts: Iterable[Verdict],
) -> Summary:
    """Count a run's verdicts and measure its completions.

    Generated runs expect ``run.num_samples`` of every problem; what is not there is ``missing``. Imported
    runs are taken as they are: n may differ between problems.
    """
    ids = [problem.task_id for problem in problems]
    graded = _Graded()
    for verdict in verdicts:
        graded.add(verdict)
    measured = _Measured()
    for completion in completions:
        measured.add(completion)
    expected = run.num_samples if run.kind == "generated" else 0
    tallies = tuple(graded.tally(task_id, expected) for task_id in ids)
    return Summary(
        run=run.id,
        tallies=tallies,
        verdicts={str(kind): graded.verdicts[kind] for kind in VerdictClass if graded.verdicts[kind]},
        exceptions=dict(sorted(graded.exceptions.items(), key=lambda item: (-item[1], item[0]))),
        rules=dict(sorted(graded.rules.items(), key=lambda item: (-item[1], item[0]))),
        pass_at=_pass_at(tallies),
        execution_s=distribution(graded.execution_s),
        latency_s=distribution(measured.latency_s),
        first_token_s=distribution(measured.first_token_s),
        token_s=distribution(measured.token_s),
        prompt_tokens=measured.prompt_tokens,
        completion_tokens=measured.completion_tokens,
        tokens_from=measured.tokens_from(),
        answered_by=measured.answered_by(),
        tokens_per_s=measured.tokens_per_s(),
    )


def distribution(by_problem: Mapping[str, Sequence[float]]) -> Distribution | None:
    """Return count, mean, median, 95th percentile and spread, or None for nothing measured.

    ``by_problem``: problem -> what its samples measured. Samples of one problem resemble each other, so the
    standard error of the mean is that of a ratio of sums between problems (Miller 2024, arXiv 2411.00640):
    its square is ``J / (J - 1) * sum(r_j^2) / count^2``, where r_j adds up problem j's distances from the
    mean, and J is the number of problems.
    """
    groups = [np.asarray(values, dtype=np.float64) for values in by_problem.values() if len(values)]
    if not groups:
        return None
    array = np.concatenate(groups)
    mean = float(array.mean())
    p50, p95 = np.percentile(array, (50, 95))
    error = None
    if len(groups) > 1:
        pulls = np.array([np.sum(group - mean) for group in groups])
        error = math.sqrt(len(groups) / (len(groups) - 1) * float(np.sum(pulls**2))) / array.size
    return Distribution(
        count=array.size,
        mean=mean,
        p50=float(p50),
        p95=float(p95),
        sd=float(array.std(ddof=1)) if array.size > 1 else None,
        problems=len(groups),
        error=error,
    )


def seconds_per_token(completion: Completion) -> float | None:
    """Return the mean time per output token in seconds, or None where it was not measured.

    With streaming, the time to the first token (which is prompt processing) is left out: the remaining
    time is shared by the remaining tokens. Without, the whole request is shared by all tokens.
    """
    tokens, latency = completion.completion_tokens, completion.latency_s
    if not tokens or latency is None:
        return None
    if completion.first_token_s is None:
        return latency / tokens
    return (latency - completion.first_token_s) / (tokens - 1) if tokens > 1 else None


def _pass_at(tallies: Sequence[Tally]) -> dict[str, float]:
    n = np.array([tally.n for tally in tallies], dtype=np.int64)
    c = np.array([tally.c for tally in tallies], dtype=np.int64)
    most = min((tally.n for tally in tallies), default=0)
    return {str(k): float(pass_at_k(n, c, k).mean()) for k in SHOWN_KS if k <= most}


@dataclass
class _Graded:
    """Running counts over verdicts."""

    verdicts: Counter[VerdictClass] = field(default_factory=Counter)
    exceptions: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    execution_s: ByProblem = field(default_factory=lambda: defaultdict(list))
    by_problem: dict[str, Counter[VerdictClass]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, verdict: Verdict) -> None:
        self.verdicts[verdict.verdict] += 1
        if verdict.verdict is VerdictClass.RUNTIME_ERROR and verdict.exception:
            self.exceptions[verdict.exception] += 1
        if verdict.rule:
            self.rules[verdict.rule] += 1
        self.execution_s[verdict.problem].append(verdict.wall_s)
        self.by_problem[verdict.problem][verdict.verdict] += 1

    def tally(self, problem: str, expected: int) -> Tally:
        found = self.by_problem.get(problem, Counter())
        n = found.total()
        passed = found[VerdictClass.PASSED]
        return Tally(
            problem=problem,
            n=n,
            c=passed,
            missing=max(0, expected - n),
            failures={
                str(kind): found[kind]
                for kind in VerdictClass
                if found[kind] and kind is not VerdictClass.PASSED
            },
            execution_s=sum(self.execution_s[problem]) / n if n else 0.0,
        )


@dataclass
class _Measured:
    """Running measurements over completions."""

    latency_s: ByProblem = field(default_factory=lambda: defaultdict(list))
    first_token_s: ByProblem = field(default_factory=lambda: defaultdict(list))
    token_s: ByProblem = field(default_factory=lambda: defaultdict(list))
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    sources: set[str] = field(default_factory=set)
    names: Counter[str] = field(default_factory=Counter)
    timed_tokens: int = 0

    def add(self, completion: Completion) -> None:
        if completion.latency_s is not None:
            self.latency_s[completion.problem].append(completion.latency_s)
            self.timed_tokens += completion.completion_tokens or 0
        if completion.first_token_s is not None:
            self.first_token_s[completion.problem].append(completion.first_token_s)
        if (per_token := seconds_per_token(completion)) is not None:
            self.token_s[completion.problem].append(per_token)
        if completion.prompt_tokens is not None:
            self.prompt_tokens = (self.prompt_tokens or 0) + completion.prompt_tokens
        if completion.completion_tokens is not None:
            self.completion_tokens = (self.completion_tokens or 0) + completion.completion_tokens
        if completion.tokens_from:
            self.sources.add(completion.tokens_from)
        if name := f"{completion.model} {completion.fingerprint}".strip():
            self.names[name] += 1

    def tokens_from(self) -> Literal["usage", "chunks"] | None:
        """``chunks`` as soon as one count was not the server's own."""
        if "chunks" in self.sources:
            return "chunks"
        return "usage" if self.sources else None

    def answered_by(self) -> dict[str, int]:
        """The most frequent names; a server that makes up one for every answer must not fill the summary."""
        ordered = sorted(self.names.items(), key=lambda item: (-item[1], item[0]))
        shown = dict(ordered[:SHOWN_NAMES])
        others = sum(count for _, count in ordered[SHOWN_NAMES:])
        return shown | ({"others": others} if others else {})

    def tokens_per_s(self) -> float | None:
        total = sum(sum(values) for values in self.latency_s.values())
        return self.timed_tokens / total if total > 0 and self.timed_tokens else None
