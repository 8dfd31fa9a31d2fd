"""Which problems changed between two runs, and how much change two runs of one model show anyway."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evalsite.words.sentences import count, names

Kind = Literal["broken", "worse", "better", "fixed"]


@dataclass(frozen=True, slots=True)
class Flip:
    """One problem with another share of passes than before.

    ``broken``: the baseline passed at least half of its samples, the candidate fewer than half. ``fixed`` is
    the reverse. ``worse`` and ``better`` moved without crossing the half; with one greedy sample there
    are none.
    """

    task_id: str
    kind: Kind
    base_n: int
    base_c: int
    cand_n: int
    cand_c: int

    @property
    def change(self) -> float:
        """Candidate's share of passes minus the baseline's, in [-1, 1]."""
        return self.cand_c / self.cand_n - self.base_c / self.base_n


def find_flips(
    task_ids: Sequence[str],
    base: tuple[Sequence[int], Sequence[int]],
    candidate: tuple[Sequence[int], Sequence[int]],
) -> tuple[Flip, ...]:
    """Return the problems that changed, the largest losses first and the largest gains last.

    Each run as ``(n, c)``, in the order of ``task_ids``, with at least one sample of each problem. Equal
    changes keep that order.
    """
    rows = zip(task_ids, *base, *candidate, strict=True)
    flips = [
        Flip(task, _kind(base_n, base_c, cand_n, cand_c), base_n, base_c, cand_n, cand_c)
        for task, base_n, base_c, cand_n, cand_c in rows
        if base_c * cand_n != cand_c * base_n
    ]
    return tuple(sorted(flips, key=lambda flip: flip.change))


def flips_sentence(flips: Sequence[Flip]) -> str:
    """Who broke and who was fixed, in plain words."""
    broken = [flip.task_id for flip in flips if flip.kind == "broken"]
    fixed = [flip.task_id for flip in flips if flip.kind == "fixed"]
    if not broken and not fixed:
        return "No problem changed sides: what was usually solved still is, and nothing else was gained."
    parts = []
    if broken:
        parts.append(f"{count(len(broken), 'problem')} that the baseline solves broke ({names(broken)})")
    if fixed:
        parts.append(f"{count(len(fixed), 'problem')} that it does not solve got fixed ({names(fixed)})")
    return f"{'; '.join(parts)}."


@dataclass(frozen=True, slots=True)
class NoiseFloor:
    """What comparing the baseline with a second run of itself shows: change that means nothing."""

    repeat_id: str
    """The second run's id."""
    broken: int
    fixed: int
    value: float
    """Second run's pass@1 minus the first's, in [-1, 1]."""

    @property
    def sentence(self) -> str:
        """The noise floor in plain words, to stand beside the candidate's flips."""
        flipped = count(self.broken + self.fixed, "problem")
        return (
            f"For scale: a second run of the baseline itself flipped {flipped} "
            f"({self.broken} broken, {self.fixed} fixed). That much is chance."
        )


def _kind(base_n: int, base_c: int, cand_n: int, cand_c: int) -> Kind:
    before, after = 2 * base_c >= base_n, 2 * cand_c >= cand_n
    if before != after:
        return "broken" if before else "fixed"
    return "worse" if cand_c * base_n < base_c * cand_n else "better"
