"""Two runs' counts in, the comparison's figures out."""

import hashlib
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from evalsite.counts.passk import Counts, checked_counts, luck_at_k, pass_at_k
from evalsite.counts.tally import SHOWN_KS
from evalsite.stats.compare.clusters import Layout
from evalsite.stats.compare.evidence import Excess, changes_of, confidence_in_excess, interval_and_test
from evalsite.stats.compare.noise import Noise, noise
from evalsite.stats.compare.paired import Changes, interval_of
from evalsite.stats.compare.planning import Needed, needed, open_question
from evalsite.stats.compare.power import Pair, lost_evenly, lost_outright
from evalsite.stats.compare.signflip import holm
from evalsite.stats.decision import MARGIN, Decided, Decision, decide
from evalsite.stats.intervals import CONFIDENCE, Interval


@dataclass(frozen=True, slots=True)
class Difference:
    """How the candidate's pass@k differs from the baseline's; all rates in [0, 1]."""

    k: int
    base: float
    candidate: float
    value: float
    """Candidate minus baseline: negative for a loss."""
    interval: Interval
    p_value: float
    """Two-sided, of "both are equally good"."""
    p_adjusted: float
    """The same after Holm's correction over ``num_tests`` candidates; equal to it for a single one."""
    num_tests: int
    test: str
    """The test's name."""
    detectable: float | None
    """The smallest true loss that data like these show in four cases of five, as problems lost outright.

    None where not even the loss of all that the baseline solves would be shown."""
    detectable_evenly: float | None
    """The same where all problems lose alike; known of pass@1 with two or more samples of each problem."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired comparison over common problems. ``differences`` are in order of k, pass@1 first."""

    num_problems: int
    num_samples: int
    """The fewest samples that any problem has in either run."""
    differences: tuple[Difference, ...]
    noise: Noise
    margin: float
    """The largest loss of pass@1 that is allowed, in [0, 1]."""
    excess: Excess
    """Confidence that more than that was lost."""
    needed: Needed | None
    """What it would take to settle whether more was lost; None where the figures do."""

    @property
    def main(self) -> Difference:
        """The difference in pass@1, which the decision is about."""
        return self.differences[0]

    @property
    def by_figures(self) -> Decided:
        """Whether pass@1 lost no more than the margin, for all that the figures say.

        What is shown and acted on is :attr:`RunComparison.decision`, which knows whether the runs are ready.
        """
        return decide(self.main.value, self.main.interval, -self.margin, base=self.main.base)

    @property
    def by_mirrored_figures(self) -> Decided:
        """The same with the candidate as baseline."""
        main = self.main
        return decide(-main.value, main.interval.scaled(-1), -self.margin, base=main.candidate)

    def at(self, k: int) -> Difference | None:
        """The difference in pass@k; None where the samples do not reach that far."""
        return next((difference for difference in self.differences if difference.k == k), None)


Decide = Callable[[Comparison], Decision]
"""What becomes of a figure's verdict where nothing can be concluded, or samples are missing."""


def compare(
    base_n: npt.ArrayLike,
    base_c: npt.ArrayLike,
    cand_n: npt.ArrayLike,
    cand_c: npt.ArrayLike,
    *,
    ks: Sequence[int] | None = None,
    margin: float = MARGIN,
    confidence: float = CONFIDENCE,
) -> Comparison:
    """Compare two runs problem by problem; all counts of shape (n_problems,), in the same order.

    ``ks`` defaults to those of tables that all samples allow; 1 is always among them. ``margin`` is the
    non-inferiority margin in [0, 1]. Raises ValueError for no problem, for a problem without samples in
    either run, and for a k that is not available.
    """
    base, candidate = checked_counts(base_n, base_c), checked_counts(cand_n, cand_c)
    return compare_counts(base, candidate, ks=ks, margin=margin, confidence=confidence)


def compare_counts(
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    *,
    ks: Sequence[int] | None = None,
    margin: float = MARGIN,
    confidence: float = CONFIDENCE,
    layout: Layout | None = None,
) -> Comparison:
    """The same of counts that are known to be sound, each run as ``(n, c)``.

    ``layout``: how the problems lie in clusters, where several of them ask one source problem. Then nothing
    is said of what would settle it, which counts problems.
    """
    if base[0].shape != candidate[0].shape or base[0].size == 0:
        raise ValueError("a comparison needs the same problems, at least one, from both runs")
    fewest = int(min(base[0].min(), candidate[0].min()))
    wanted = sorted({1, *(ks if ks is not None else (k for k in SHOWN_KS if k <= fewest))})
    known = _known.get()
    if known is None or layout is not None:
        return _compared(base, candidate, wanted, margin, confidence, layout)
    told = repr((wanted, margin, confidence, type(confidence).__name__)).encode()
    key = hashlib.sha256(b"".join((*map(_as_bytes, (*base, *candidate)), told))).hexdigest()
    found = known.get(key) or _compared(base, candidate, wanted, margin, confidence, None)
    known[key] = found
    return found


Known = MutableMapping[str, Comparison]
"""Comparisons by the hash of what they are made from."""
_known: ContextVar[Known | None] = ContextVar("known", default=None)


@contextmanager
def remembering(known: Known) -> Iterator[None]:
    """Take from ``known`` what was compared before, and put into it whatever is asked for.

    The same counts give the same figures, so that whoever asks again and again, as a site does that grows by
    a run, may keep them: for this version of the program alone.
    """
    token = _known.set(known)
    try:
        yield
    finally:
        _known.reset(token)


def _compared(
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    wanted: Sequence[int],
    margin: float,
    confidence: float,
    layout: Layout | None,
) -> Comparison:
    fewest = int(min(base[0].min(), candidate[0].min()))
    differences = [difference(base, candidate, k, confidence=confidence, layout=layout) for k in wanted]
    found = Comparison(
        num_problems=int(base[0].size),
        num_samples=fewest,
        differences=tuple(differences),
        noise=noise(base, candidate),
        margin=margin,
        excess=confidence_in_excess(base, candidate, margin, differences[0].p_value, confidence, layout),
        needed=None,
    )
    if found.by_figures != "inconclusive" or layout is not None:
        return found
    change = candidate[1] / candidate[0] - base[1] / base[0]
    question = open_question(change, found.main.interval, -margin, margin, fewest, found.noise, (-1.0, 1.0))
    return replace(found, needed=needed(question))


def difference(
    base: tuple[Counts, Counts],
    candidate: tuple[Counts, Counts],
    k: int,
    *,
    confidence: float = CONFIDENCE,
    layout: Layout | None = None,
) -> Difference:
    """Compare pass@k of two runs, each as ``(n, c)``, all of shape (n_problems,) with k samples or more."""
    counts = tuple(map(_as_bytes, (*base, *candidate)))
    return _alone(counts, k, confidence) if layout is None else _difference(counts, k, confidence, layout)


def _as_bytes(counts: Counts) -> bytes:
    return counts.astype(np.int64).tobytes()


def _difference(
    counts: tuple[bytes, ...], k: int, confidence: float, layout: Layout | None = None
) -> Difference:
    """Compare pass@k; ``counts``: n and c of the baseline, n and c of the candidate, as 64-bit integers."""
    sides = [np.frombuffer(side, np.int64) for side in counts]
    base, candidate = (sides[0], sides[1]), (sides[2], sides[3])
    before, after = pass_at_k(*base, k), pass_at_k(*candidate, k)
    change = after - before
    interval, test = interval_and_test(base, candidate, change, k, confidence, layout)
    wider = 1.0 if layout is None else _wider(interval, changes_of(base, candidate, change, k))
    least = min(1.0, k / int(min(base[0].min(), candidate[0].min())))
    luck = float(luck_at_k(*base, k).mean()), float(luck_at_k(*candidate, k).mean())
    pair = Pair(before, after, luck, least, 1 - confidence)
    answers = float(1 / np.mean(1 / candidate[0]))
    return Difference(
        k=k,
        base=float(before.mean()),
        candidate=float(after.mean()),
        value=float(change.mean()),
        interval=interval,
        p_value=test.p_value,
        p_adjusted=test.p_value,
        num_tests=1,
        test=test.method,
        detectable=_times(wider, lost_outright(pair)),
        detectable_evenly=_times(wider, lost_evenly(pair, answers)) if k == 1 < 1 / least else None,
    )


_alone = lru_cache(maxsize=4096, typed=True)(_difference)
"""The same where each problem is its own: pages, targets and tables ask for the same ones.

By its type a look's confidence (:class:`evalsite.stats.intervals.LookConfidence`) is told from a plain one.
"""


def _wider(interval: Interval, alone: Changes) -> float:
    """How many times as wide an interval is as it would be if each problem were its own; at least 1."""
    narrow = interval_of(alone, interval.confidence)
    return max(1.0, (interval.high - interval.low) / (narrow.high - narrow.low))


def _times(wider: float, loss: float | None) -> float | None:
    """A loss that is seen by intervals that are so much wider; None where that is more than everything."""
    return None if loss is None or wider * loss > 1.0 else wider * loss


def adjust(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Correct the p-values of several comparisons against one baseline (Holm 1979).

    The tests of one k form a family: the same question, asked of several candidates. The values of k are not
    counted as further tests, since pass@1 is what decides and the others only tell more about it.
    """
    corrected = list(comparisons)
    for k in {difference.k for one in comparisons for difference in one.differences}:
        having = [index for index, one in enumerate(corrected) if one.at(k)]
        adjusted = holm([difference.p_value for one in comparisons if (difference := one.at(k))])
        for index, p_value in zip(having, adjusted, strict=True):
            differences = tuple(
                replace(one, p_adjusted=p_value, num_tests=len(having)) if one.k == k else one
                for one in corrected[index].differences
            )
            corrected[index] = replace(corrected[index], differences=differences)
    return tuple(corrected)
