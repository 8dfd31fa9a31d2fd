"""Two runs' calls of tools: whether both make them on the same problems, and whether they still fit.

Whether a call is made (the *trigger*) is compared answer by answer: each of one run's samples of a problem
with each of the other's, and every problem counts alike. F1 takes the baseline's calls for the truth, as the
verifiers of model vendors do (Moonshot's K2 Vendor Verifier, ``trigger_similarity``); kappa (Cohen 1960)
takes away what agreement chance alone would give.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace as replaced

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Counts, Index
from evalsite.rundir.calls import CallTally
from evalsite.rundir.schema import Tally
from evalsite.stats.compare import explain
from evalsite.stats.compare.common import comparable, compare_passes
from evalsite.stats.compare.numbers import Comparison, Decide
from evalsite.stats.decision import MARGIN
from evalsite.stats.intervals import CONFIDENCE, Estimate, estimate_share
from evalsite.words.limits import outward
from evalsite.words.sentences import count, figure

_WHOLE = 2**20
"""What a problem weighs, in whole numbers, so that pairs of its samples can be shared out."""


@dataclass(frozen=True, slots=True)
class TriggerAgreement:
    """Problems by who calls a tool; with several samples a problem is shared out by pairs of them."""

    both: float
    base_only: float
    candidate_only: float
    neither: float
    num_problems: int
    f1: Estimate | None
    """With the baseline's calls as the truth; None where nobody makes any."""

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None where chance alone would agree on everything."""
        total = self.both + self.base_only + self.candidate_only + self.neither
        base, candidate = (self.both + self.base_only) / total, (self.both + self.candidate_only) / total
        chance = base * candidate + (1 - base) * (1 - candidate)
        agreed = (self.both + self.neither) / total
        return None if math.isclose(chance, 1.0) else (agreed - chance) / (1 - chance)


@dataclass(frozen=True)
class CallComparison:
    """What a comparison says of calls, besides pass@1, which is their accuracy."""

    trigger: TriggerAgreement | None
    """None where the runs share no problem."""
    schema: Comparison | None
    """The share of calls that fit their schema, on problems where both make some; None where none is."""
    parsed: tuple[float, float]
    """Accuracy of both on those problems with a working parser, in [0, 1]."""
    leaked: tuple[int, int]
    """Samples of both with a call in the text that the server did not report."""


def compare_calls(
    base: LoadedRun,
    candidate: LoadedRun,
    used: tuple[Index, Index],
    *,
    margin: float = MARGIN,
    confidence: float = CONFIDENCE,
) -> CallComparison | None:
    """Compare the calls of two runs; None where either has no problem that wants some.

    ``used``: positions in each run of the problems that both have samples of.
    """
    if not (base.summary.calls and candidate.summary.calls):
        return None
    here, there = used
    return CallComparison(
        trigger=trigger_agreement(base, candidate, confidence=float(confidence)),
        schema=compare_passes(as_calls(base), as_calls(candidate), margin, confidence),
        parsed=(
            float(np.mean(calls_array(base, "parsed")[here] / base.n[here])),
            float(np.mean(calls_array(candidate, "parsed")[there] / candidate.n[there])),
        ),
        leaked=(base.summary.calls.leaked, candidate.summary.calls.leaked),
    )


def trigger_agreement(
    base: LoadedRun, candidate: LoadedRun, *, confidence: float = CONFIDENCE
) -> TriggerAgreement | None:
    """Say on which problems both make calls; None where they share none."""
    here, there = comparable(base, candidate)
    if not here.size:
        return None
    called = calls_array(base, "called")[here], calls_array(candidate, "called")[there]
    n = base.n[here], candidate.n[there]
    ours, theirs = (one / of for one, of in zip(called, n, strict=True))
    # Each problem weighs alike, in whole numbers; exact for one sample, and to a millionth for more.
    agreed = np.rint(2 * _WHOLE * ours * theirs).astype(np.int64)
    either = np.maximum(agreed, np.rint(_WHOLE * (ours + theirs)).astype(np.int64))
    single = bool(np.all(n[0] == 1) and np.all(n[1] == 1))
    scale = _WHOLE if single else 1
    f1 = estimate_share(agreed // scale, either // scale, confidence=confidence) if either.any() else None
    return TriggerAgreement(
        both=float(np.sum(ours * theirs)),
        base_only=float(np.sum(ours * (1 - theirs))),
        candidate_only=float(np.sum((1 - ours) * theirs)),
        neither=float(np.sum((1 - ours) * (1 - theirs))),
        num_problems=int(here.size),
        f1=f1,
    )


def calls_array(run: LoadedRun, field: str) -> Counts:
    """A field of :class:`CallTally` for each problem that counts, shape (n_problems,)."""
    return np.array(
        [getattr(tally.calls or CallTally(), field) for tally in run.scored], dtype=np.int64
    ).reshape(-1)


def as_calls(run: LoadedRun) -> LoadedRun:
    """The run with its calls in place of its samples: those that fit their schema pass.

    Problems without a call are left out.
    """
    tallies = tuple(
        Tally(problem=tally.problem, n=tally.calls.made, c=tally.calls.fitting)
        for tally in run.summary.tallies
        if tally.calls and tally.calls.made
    )
    return LoadedRun(run.dir, run.run, replaced(run.summary, tallies=tallies), run.digest, run.retested)


def call_sentences(found: CallComparison, decided: Decide) -> Iterator[str]:
    """What a careful reader should know of the calls, a sentence or two each."""
    if (trigger := found.trigger) is not None:
        yield _trigger_sentence(trigger)
    if (schema := found.schema) is not None:
        where = f"on {count(schema.num_problems, 'problem')} where both call"
        yield explain.beside(f"Calls that fit the schema of their tool, {where}", schema, decided(schema))
    for name, leaked, parsed in zip(("baseline", "candidate"), found.leaked, found.parsed, strict=True):
        if leaked:
            yield (
                f"The {name}'s server left a call in the text of {count(leaked, 'answer')} without reporting "
                f"any; with a parser that knows the syntax pass@1 would be {figure(100 * parsed, '%')}."
            )


def _trigger_sentence(found: TriggerAgreement) -> str:
    table = (
        f"Of {count(found.num_problems, 'problem')} both runs make a call on {found.both:.4g}, the baseline "
        f"alone on {found.base_only:.4g}, the candidate alone on {found.candidate_only:.4g}, neither on "
        f"{found.neither:.4g}"
    )
    if found.f1 is None:
        return f"{table}."
    low, high = outward(100 * found.f1.interval.low, 100 * found.f1.interval.high).texts
    kappa = "" if found.kappa is None else f", kappa {found.kappa:.2f}"
    return f"{table}: F1 against the baseline {figure(100 * found.f1.value, '%')} ({low} to {high} %){kappa}."
