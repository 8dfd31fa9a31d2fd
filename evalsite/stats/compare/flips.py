"""Which problems changed between two runs, and how much change two runs of one model show anyway."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evalsite.stats.compare.luck import SIGNIFICANT, Luck, can_tell, unlike
from evalsite.words.sentences import count, names

Kind = Literal["broken", "worse", "better", "fixed"]
Group = Literal["broken", "broken-perhaps", "fixed", "fixed-perhaps", "worse", "better"]

TITLES: dict[Group, str] = {
    "broken": "Broken",
    "broken-perhaps": "Broken, perhaps by luck",
    "fixed": "Fixed",
    "fixed-perhaps": "Fixed, perhaps by luck",
    "worse": "Passes less often, but not broken",
    "better": "Passes more often, but not fixed",
}
"""What a list of problems that changed is called, in the order in which the lists are shown."""


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
    def crossed(self) -> bool:
        """Whether it went over the half: broken or fixed."""
        return self.kind in ("broken", "fixed")

    @property
    def change(self) -> float:
        """Candidate's share of passes minus the baseline's, in [-1, 1]."""
        return self.cand_c / self.cand_n - self.base_c / self.base_n

    @property
    def p_value(self) -> float:
        """Two-sided, of "both runs pass this problem at one rate" (Fisher 1935)."""
        return unlike(self.base_n, self.base_c, self.cand_n, self.cand_c)

    @property
    def told(self) -> bool | None:
        """Whether it is told from luck (p < 0.05); None where so few samples could not tell any change."""
        return self.p_value < SIGNIFICANT if can_tell(self.base_n, self.cand_n) else None

    @property
    def group(self) -> Group:
        """The list that it belongs to: what could be luck stands apart, where the samples can tell."""
        if self.told is False and self.kind == "broken":
            return "broken-perhaps"
        return "fixed-perhaps" if self.told is False and self.kind == "fixed" else self.kind


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


def grouped(flips: Sequence[Flip]) -> dict[Group, list[Flip]]:
    """Return list -> its problems, the largest changes first; lists without any are left out."""
    ordered = sorted(flips, key=lambda flip: -abs(flip.change))
    groups = {group: [flip for flip in ordered if flip.group == group] for group in TITLES}
    return {group: found for group, found in groups.items() if found}


def flips_sentence(flips: Sequence[Flip], luck: Luck | None = None) -> str:
    """Who broke and who was fixed, in plain words, beside what luck alone would do."""
    sampled = any(max(flip.base_n, flip.cand_n) > 1 for flip in flips)
    broken = [flip for flip in flips if flip.kind == "broken"]
    fixed = [flip for flip in flips if flip.kind == "fixed"]
    parts = []
    if broken:
        whose = f"that the baseline {'solves at least half of the time' if sampled else 'solves'} broke"
        parts.append(
            _changed(broken, whose, _expected(luck.broken, luck.broken_range, "break") if luck else "")
        )
    if fixed:
        whose = f"that it {'solves less often' if sampled else 'does not solve'} got fixed"
        expected = _expected(luck.fixed, luck.fixed_range, "fix") if luck else ""
        parts.append(_changed(fixed, whose, expected))
    if not parts:
        return "No problem changed sides: what was usually solved still is, and nothing else was gained."
    if sampled and all(flip.told is None for flip in (*broken, *fixed)):
        parts.append("with so few answers to a problem, no single one can be told from luck")
    return f"{'; '.join(parts)}."


def _changed(flips: Sequence[Flip], whose: str, expected: str) -> str:
    """One kind of flips: how many, how many luck would give, and which can be told from it."""
    opening = f"{count(len(flips), 'problem')} {whose}{expected}"
    perhaps = [flip.task_id for flip in flips if flip.told is False]
    surely = [flip.task_id for flip in flips if flip.told is not False]
    if not perhaps:
        return f"{opening} ({names(surely)})"
    if not surely:
        return f"{opening}, of which none can be told from luck ({names(perhaps)})"
    are = "is" if len(surely) == 1 else "are"
    return (
        f"{opening}: {len(surely):,} {are} told from luck, p < {SIGNIFICANT:g} each ({names(surely)}), "
        f"{len(perhaps):,} could be luck ({names(perhaps)})"
    )


def _expected(number: float, extent: tuple[int, int], verb: str) -> str:
    about = "hardly any" if number < 0.5 else f"about {number:.0f}"
    low, high = extent
    return f", where luck alone would {verb} {about} ({low:,} to {high:,})"


@dataclass(frozen=True, slots=True)
class NoiseFloor:
    """What comparing the baseline with a second run of itself shows: change that means nothing."""

    broken: int
    fixed: int

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
