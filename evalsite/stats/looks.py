"""Which look at two runs this is, and how sure it has to be so that all of them keep one promise.

A run that was begun to stop when it is decided (``--until-decided``) looks at numbers of problems fixed
beforehand, and its looks share the error of one verdict (:mod:`evalsite.stats.sequential`). Whoever asks for
more samples of the same problems after a look was not planned for, nor is what is left to spend: the verdict
has had its error. What is left is the other half of the one in twenty that no verdict here may exceed, of
which each further look takes the half.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.looks import Look, Spending
from evalsite.stats.intervals import CONFIDENCE, LookConfidence
from evalsite.stats.sequential import EARLY, LATE, confidence_at
from evalsite.words.sentences import certainty, count, names


@dataclass(frozen=True)
class Standpoint:
    """From where two runs are looked at: after how many looks, and how many more there may be."""

    num_problems: int
    total_problems: int
    planned: int
    """Looks that were planned; 1 where nobody planned any."""
    number: int
    """Which of them this is, from 1."""
    later: int
    """Looks since the plan ended: at more samples of the same problems."""
    fractions: tuple[float, ...]
    """What share of all problems was there at each planned look so far."""
    earlier: tuple[Look, ...]
    """What was recorded before."""
    spending: Spending = LATE
    """How the planned looks share the error."""

    @property
    def is_sequential(self) -> bool:
        """Whether a verdict from here has to be surer than one that is asked for once."""
        return self.planned > 1 or self.later > 0

    def confidence(self, confidence: float = CONFIDENCE) -> float:
        """Return that of the interval from here, so that all looks together have the stated one.

        With looks that were not planned, all together err at most twice as often.
        """
        if self.later:
            return LookConfidence(1 - (1 - confidence) / 2**self.later)
        if self.planned > 1:
            return LookConfidence(confidence_at(self.fractions, confidence, self.spending))
        return confidence

    def sentence(self, confidence: float = CONFIDENCE) -> str:
        """What a careful reader has to know of a sequential verdict; empty of an ordinary one."""
        if not self.is_sequential:
            return ""
        told = f": {_told(self.earlier)}" if self.earlier else ""
        sure = certainty(self.confidence(confidence))
        spent = f"this one has a confidence of {sure} instead of {certainty(confidence)}."
        if self.later:
            after = count(len(self.earlier), "look")
            return (
                f"Sequential verdict: more samples were asked for after {after}{told}. What all looks may "
                f"err is spent in parts, so that {spent}"
            )
        early = _THRIFTY if self.spending == EARLY else ""
        early += _OVERSTATED if self.num_problems < self.total_problems else ""
        return (
            f"Sequential verdict, look {self.number} of at most {self.planned}{told}. All looks together err "
            f"no more often than one, so that {spent}{early}"
        )


_OVERSTATED = (
    " What a run shows that stopped when it was decided lies further from the allowed loss than the truth, "
    "on average; the interval takes that into account."
)


_THRIFTY = " It was to be thrifty: its looks spend early and give up soon, so that fewer runs are decided."


def standpoint(base: LoadedRun, candidate: LoadedRun) -> Standpoint:
    """Return from where two runs are looked at."""
    plan, total = candidate.run.looks, candidate.run.dataset.num_problems
    here = candidate.run.num_problems, candidate.run.num_samples
    before = tuple(look for look in _earlier(base) if look.outcome == "not recorded")
    after = _earlier(candidate)
    if plan is None:
        return Standpoint(here[0], total, 1, 1, max(len(before), len(after)), (1.0,), after or before)
    on_plan = [look.num_problems for look in after if look.num_samples == plan.num_samples]
    later = len(before) + len(after) - len(on_plan)
    if here[1] == plan.num_samples:
        on_plan = [*(number for number in on_plan if number < here[0]), here[0]]
    else:
        later += 1
    fractions = tuple(number / total for number in sorted(on_plan))
    return Standpoint(
        here[0], total, len(plan.stops), len(on_plan), later, fractions, (*before, *after), plan.spending
    )


def _earlier(run: LoadedRun) -> tuple[Look, ...]:
    """The looks at a run before it was what it is now, one of each amount."""
    here = run.run.num_problems, run.run.num_samples
    return tuple({look.amount: look for look in run.looks if look.amount != here}.values())


def _told(looks: Sequence[Look]) -> str:
    each = [
        f"{look.outcome} at {count(look.num_problems, 'problem')}"
        + (f" x {look.num_samples:,}" if look.num_samples > 1 else "")
        for look in looks
    ]
    return names(each)
