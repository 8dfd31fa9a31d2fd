"""Completions -> times and tokens: what was measured of each sample, and why some have no time per token.

A time per output token is a sample's own or none: it needs the server's count of this answer's tokens, and
an end that is this answer's. Samples that were asked for in one request share a count and an end where the
server tells no more than that.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from evalsite.rundir.schema import Completion, Distribution, Run, Summary
from evalsite.words.sentences import count

ByProblem = defaultdict[str, list[float]]
"""Problem -> a measurement of each of its samples."""

SHOWN_NAMES = 10
"""Names under which a server answered that a summary tells apart."""

Untimed = Literal["together", "shared", "uncounted", "unmeasured", "short", "at once", "excluded"]

WHY: Mapping[str, str] = {
    "together": "asked for several in a request, and not each with an end of its own",
    "shared": "of which the server counted the tokens of several together",
    "uncounted": "of which the server did not count the tokens",
    "unmeasured": "of which no time is known",
    "short": "of fewer than two tokens",
    "at once": "most of which came at once",
    "excluded": "of problems that count in no score, without a time",
}
"""Name in the summary -> why samples have no time per output token, as it follows their number."""

LEAST_EXACT: tuple[Literal["chunks", "shared", "usage"], ...] = ("chunks", "shared", "usage")


def seconds_per_token(completion: Completion, *, together: bool = False) -> float | Untimed:
    """Return the mean time per output token in seconds, or why there is none.

    With streaming, the time to the first token (which is prompt processing) is left out: the remaining
    time is shared by the remaining tokens, unless those are the fewer. Without, the whole request is shared
    by all tokens. ``together`` says whether a sample that did not record it may have been asked for with
    others (format 1).
    """
    tokens, latency, first = completion.completion_tokens, completion.latency_s, completion.first_token_s
    if latency is None:
        return "unmeasured"
    if not _has_own_end(completion, together=together):
        return "together"
    if completion.tokens_from == "shared":
        return "shared"
    if tokens is None or completion.tokens_from == "chunks":
        return "uncounted"
    if first is None:
        return latency / tokens if tokens else "short"
    if tokens < 2:
        return "short"
    left = tokens - (completion.first_tokens or 1)
    return (latency - first) / left if latency > first and 2 * left >= tokens else "at once"


def may_share(run: Run) -> bool:
    """Whether samples of a run that did not record it may have been asked for several to a request."""
    return run.settings is not None and run.settings.seed is None and run.num_samples > 1


def why_untimed(summary: Summary) -> str:
    """Say which samples have no time per output token and why; empty where all have one, or none is known."""
    parts = [
        f"{count(samples, 'sample')} {WHY.get(why, why)}" for why, samples in (summary.untimed or {}).items()
    ]
    return "; ".join(parts)


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


def _has_own_end(completion: Completion, *, together: bool) -> bool:
    if completion.choices is None:
        return not together
    return completion.choices == 1 or completion.first_token_s is not None


@dataclass
class Measured:
    """Running measurements over completions. ``together``: see :func:`seconds_per_token`."""

    together: bool = False
    excluded: Container[str] = ()
    """Problems that count in no score: where their samples have no time, that is told apart."""
    latency_s: ByProblem = field(default_factory=lambda: defaultdict(list))
    first_token_s: ByProblem = field(default_factory=lambda: defaultdict(list))
    token_s: ByProblem = field(default_factory=lambda: defaultdict(list))
    untimed: Counter[str] = field(default_factory=Counter)
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    sources: set[str] = field(default_factory=set)
    names: Counter[str] = field(default_factory=Counter)
    timed_tokens: int = 0
    timed_s: float = 0.0

    def add(self, completion: Completion) -> None:
        """Take note of one more."""
        problem = completion.problem
        if completion.latency_s is not None:
            self.latency_s[problem].append(completion.latency_s)
        if completion.first_token_s is not None:
            self.first_token_s[problem].append(completion.first_token_s)
        self._add_token_time(completion)
        if completion.prompt_tokens is not None:
            self.prompt_tokens = (self.prompt_tokens or 0) + completion.prompt_tokens
        if completion.completion_tokens is not None:
            self.completion_tokens = (self.completion_tokens or 0) + completion.completion_tokens
        if completion.tokens_from:
            self.sources.add(completion.tokens_from)
        if name := f"{completion.model} {completion.fingerprint}".strip():
            self.names[name] += 1

    def _add_token_time(self, completion: Completion) -> None:
        per_token = seconds_per_token(completion, together=self.together)
        if isinstance(per_token, str):
            self.untimed["excluded" if completion.problem in self.excluded else per_token] += 1
        else:
            self.token_s[completion.problem].append(per_token)
        if per_token not in ("unmeasured", "together", "shared", "uncounted"):
            self.timed_tokens += completion.completion_tokens or 0
            self.timed_s += completion.latency_s or 0.0

    def tokens_from(self) -> Literal["usage", "shared", "chunks"] | None:
        """The least exact of the sources; None where nothing was counted."""
        return next((source for source in LEAST_EXACT if source in self.sources), None)

    def answered_by(self) -> dict[str, int]:
        """The most frequent names; a server that makes up one for every answer must not fill the summary."""
        ordered = sorted(self.names.items(), key=lambda item: (-item[1], item[0]))
        shown = dict(ordered[:SHOWN_NAMES])
        others = sum(count for _, count in ordered[SHOWN_NAMES:])
        return shown | ({"others": others} if others else {})

    def tokens_per_s(self) -> float | None:
        """Output tokens over request time, of the samples for which both are their own."""
        return self.timed_tokens / self.timed_s if self.timed_s > 0 and self.timed_tokens else None
