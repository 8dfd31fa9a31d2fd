"""What missing samples could change: the worst that they may hide, and the best.

Samples get lost where answers are long, slow or cut off, which is seldom independent of their being right. So
nothing is assumed of them: once all of the candidate's are taken to have failed and all of the baseline's to
have passed, once the other way round.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Counts
from evalsite.stats.compare.common import clustered
from evalsite.stats.compare.evidence import Excess
from evalsite.stats.compare.numbers import Comparison, compare_counts
from evalsite.stats.compare.pooled import Pooled
from evalsite.words.sentences import change, count

Filled = TypeVar("Filled", Comparison, Pooled)


@dataclass(frozen=True, slots=True)
class MissingSamples(Generic[Filled]):
    """The same comparison with its missing samples filled in, both ways."""

    base: int
    candidate: int
    """Missing samples of the problems that both runs ask."""
    worst: Filled
    """All missing of the candidate failed, all missing of the baseline passed."""
    best: Filled
    """All missing of the candidate passed, all missing of the baseline failed."""

    @property
    def excess(self) -> Excess:
        """Confidence that more was lost than is allowed, whatever the missing samples would have been."""
        return self.worst.excess.joined(self.best.excess)

    @property
    def sentence(self) -> str:
        """What they could change, in words."""
        lost = [
            f"{count(number, 'sample')} of the {name}"
            for number, name in ((self.candidate, "candidate"), (self.base, "baseline"))
            if number
        ]
        are = "is" if self.base + self.candidate == 1 else "are"
        filled = "what the candidate lacks failed, what the baseline lacks passed"
        worst, best = change(self.worst.main.value), change(self.best.main.value)
        return (
            f"{' and '.join(lost)} {are} missing, seldom by mere chance. "
            f"At worst ({filled}) that makes {worst}, at best {best}."
        )


def missing_samples(
    base: LoadedRun, candidate: LoadedRun, *, margin: float, confidence: float
) -> MissingSamples[Comparison] | None:
    """Fill in what two runs lack of the problems that both ask; None where neither lacks anything."""
    place = {task: index for index, task in enumerate(candidate.task_ids)}
    pairs = [(here, place[task]) for here, task in enumerate(base.task_ids) if task in place]
    ours, theirs = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    lacking = base.missing[ours], candidate.missing[theirs]
    asked = base.n[ours] + lacking[0], candidate.n[theirs] + lacking[1]
    if not any(array.sum() for array in lacking) or not all(array.all() for array in asked):
        return None

    layout = clustered(base, candidate, ours)

    def filled(base_passes: Counts, candidate_passes: Counts) -> Comparison:
        before, after = base.c[ours] + base_passes, candidate.c[theirs] + candidate_passes
        sides = (asked[0], before), (asked[1], after)
        return compare_counts(*sides, ks=(1,), margin=margin, confidence=confidence, layout=layout)

    nothing = np.zeros_like(lacking[0])
    return MissingSamples(
        base=int(lacking[0].sum()),
        candidate=int(lacking[1].sum()),
        worst=filled(lacking[0], nothing),
        best=filled(nothing, lacking[1]),
    )
