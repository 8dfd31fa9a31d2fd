"""Two models on several data sets: pairs of runs in, one verdict out, and where the loss is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare import explain, pooled_words
from evalsite.stats.compare.clusters import Weights, told_clusters
from evalsite.stats.compare.common import comparable, sources_of
from evalsite.stats.compare.evidence import Excess
from evalsite.stats.compare.guard import reservations
from evalsite.stats.compare.missing import MissingSamples
from evalsite.stats.compare.pooled import Pooled, Stratum, pool
from evalsite.stats.compare.question import Question
from evalsite.stats.compare.sameness import doubts
from evalsite.stats.compare.signflip import holm
from evalsite.stats.decision import MARGIN, Decision, unless_hidden
from evalsite.stats.intervals import CONFIDENCE
from evalsite.stats.looks import standpoint
from evalsite.stats.readiness import why_not_comparable
from evalsite.words.limits import outward
from evalsite.words.sentences import certainty, change, names, of_all, probability

COUNTED: dict[Weights, str] = {
    "problem": "each problem counts the same",
    "dataset": "each data set counts the same",
}


@dataclass(frozen=True, eq=False)
class SuitePart:
    """One data set of a suite."""

    base: LoadedRun
    candidate: LoadedRun
    numbers: Pooled
    """Of this data set alone."""
    left_out: tuple[str, ...]

    @property
    def dataset(self) -> str:
        """Its name."""
        return self.candidate.dataset


@dataclass(frozen=True, eq=False)
class SuiteComparison:
    """A candidate compared with a baseline over several data sets."""

    parts: tuple[SuitePart, ...]
    numbers: Pooled
    pending: str
    """Why nothing can be concluded, as a sentence; empty where something can."""
    missing: MissingSamples[Pooled] | None
    """What missing samples could change; None where no run lacks any."""
    sequential: tuple[str, ...] = ()
    """How runs are looked at one time of several, a sentence each; the surest look decides for all."""

    @property
    def base(self) -> str:
        """The baseline's model."""
        return self.parts[0].base.model

    @property
    def candidate(self) -> str:
        """The candidate's model."""
        return self.parts[0].candidate.model

    @property
    def datasets(self) -> tuple[str, ...]:
        """The data sets' names."""
        return tuple(part.dataset for part in self.parts)

    @property
    def total_problems(self) -> int:
        """Problems of all data sets."""
        return sum(part.candidate.run.dataset.num_problems for part in self.parts)

    @property
    def decision(self) -> Decision:
        """Whether what was asked is so: as a rule, that no more than the margin was lost over all."""
        if self.pending:
            return "pending"
        if self.missing is None:
            return self.numbers.by_figures
        both = self.numbers.question.way == "equivalence"
        cases = (self.missing.worst, self.missing.best) if both else (self.missing.worst,)
        return unless_hidden(self.numbers.by_figures, *(case.by_figures for case in cases))

    @property
    def excess(self) -> Excess | None:
        """Confidence that more was lost than is allowed, as :attr:`RunComparison.excess`."""
        if self.decision in ("pending", "vacuous"):
            return None
        return self.missing.excess if self.missing else self.numbers.excess

    @property
    def place(self) -> str:
        """The data sets, and what counts the same."""
        return f"{names(self.datasets, len(self.parts))} ({COUNTED[self.numbers.weights]})"

    @cached_property
    def headline(self) -> str:
        """The verdict, in one or two sentences."""
        where = f"{of_all(self.numbers.num_problems, self.total_problems)} of {self.place}"
        hides = explain.HIDES if self.decision == "inconclusive" and self.numbers.by_figures == "met" else ""
        models = self.base, self.candidate
        return pooled_words.verdict(self.numbers, where, models, hides or self.pending)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a careful reader should know besides, the most important first."""
        told = [
            *self.sequential,
            pooled_words.excess(self.numbers, self.excess) if self.excess else "",
            explain.difference(self.numbers),
            explain.recovery(self.numbers.recovery) if self.numbers.recovery else "",
            self.needed,
            self.spread,
            *(each_alone(part) for part in self.parts),
            self.clustered,
            self.missing.sentence if self.missing else "",
            *self.caveats,
        ]
        return tuple(note for note in told if note)

    @property
    def needed(self) -> str:
        """What would settle it, as a sentence; empty where it is settled, or more data would not do."""
        needed = self.numbers.needed
        return needed.sentence if needed and self.decision == "inconclusive" else ""

    @property
    def clustered(self) -> str:
        """That several data sets ask the same problems; empty where they do not."""
        problems, clusters = self.numbers.num_problems, self.numbers.num_clusters
        return told_clusters(problems, clusters) if clusters < problems else ""

    @property
    def spread(self) -> str:
        """On which data sets the loss lies, and whether they differ."""
        return f"{_where_lost(self.parts)} {_differing(self.numbers)}" if len(self.parts) > 1 else ""

    @property
    def caveats(self) -> tuple[str, ...]:
        """What speaks against the pairs of runs, what they leave out, and in what else they differ."""
        unlike = [
            f"{part.dataset}: not known to be the same in both runs: {names(fields)}."
            for part in self.parts
            if (fields := [each.field for each in reservations(part.base.run, part.candidate.run)])
        ]
        left = [
            f"{part.dataset}: {told}"
            for part in self.parts
            if (told := explain.left_out(part.left_out, {**part.base.excluded, **part.candidate.excluded}))
        ]
        doubted = [
            f"{part.dataset}: {told}" for part in self.parts for told in doubts(part.base, part.candidate)
        ]
        return (*doubted, *left, *unlike)


def compare_suites(
    pairs: Sequence[tuple[LoadedRun, LoadedRun]],
    weights: Weights = "problem",
    *,
    margin: float | Question = MARGIN,
    confidence: float = CONFIDENCE,
) -> SuiteComparison | None:
    """Compare two models by (baseline's run, candidate's run) of each data set.

    None where a pair has no problem in common. ``margin``: the loss of pass@1 that is allowed over all of
    them, in [0, 1], or what else is asked.
    """
    strata = [_stratum(base, candidate) for base, candidate in pairs]
    stands = [standpoint(base, candidate) for base, candidate in pairs]
    sequential = tuple(filter(None, (each.sentence(confidence) for each in stands)))
    confidence = max((each.confidence(confidence) for each in stands), key=float)
    if not all(stratum.change.size for stratum in strata):
        return None
    parts = [
        SuitePart(
            base, candidate, pool([stratum], margin=margin, confidence=confidence), _left_out(base, candidate)
        )
        for (base, candidate), stratum in zip(pairs, strata, strict=True)
    ]
    reasons = (why_not_comparable(base, candidate) for base, candidate in pairs)
    return SuiteComparison(
        parts=tuple(parts),
        numbers=pool(strata, weights, margin=margin, confidence=confidence),
        pending=next(filter(None, reasons), ""),
        missing=_missing(pairs, weights, margin, confidence),
        sequential=sequential,
    )


def _stratum(base: LoadedRun, candidate: LoadedRun) -> Stratum:
    here, there = comparable(base, candidate)
    return Stratum(
        sources_of(base, candidate, here),
        (base.n[here], base.c[here]),
        (candidate.n[there], candidate.c[there]),
    )


def _left_out(base: LoadedRun, candidate: LoadedRun) -> tuple[str, ...]:
    here, _ = comparable(base, candidate)
    used = {base.task_ids[index] for index in here}
    return tuple(task for task in dict.fromkeys((*base.task_ids, *candidate.task_ids)) if task not in used)


def _missing(
    pairs: Sequence[tuple[LoadedRun, LoadedRun]],
    weights: Weights,
    margin: float | Question,
    confidence: float,
) -> MissingSamples[Pooled] | None:
    """Fill in what the runs lack, once against the candidate and once for it."""
    ours, theirs = (sum(pair[side].num_missing for pair in pairs) for side in (0, 1))
    if not ours + theirs:
        return None
    worst, best = (
        pool(
            [_stratum(base.filled(passed=not passed), other.filled(passed=passed)) for base, other in pairs],
            weights,
            margin=margin,
            confidence=confidence,
        )
        for passed in (False, True)
    )
    return MissingSamples(ours, theirs, worst, best)


def each_alone(part: SuitePart) -> str:
    """What one data set says by itself."""
    numbers = part.numbers
    limits = outward(100 * numbers.interval.low, 100 * numbers.interval.high)
    low, high = (change(end / 100, limits.digits) for end in (limits.low, limits.high))
    asked = of_all(numbers.num_problems, part.candidate.run.dataset.num_problems)
    sure = certainty(numbers.interval.confidence)
    return f"{part.dataset}, {asked}: {change(numbers.value)} ({low} to {high} with {sure} confidence)."


def _where_lost(parts: Sequence[SuitePart]) -> str:
    """Sort the data sets by what each shows by itself, corrected for their number (Holm 1979)."""
    limit = 1 - parts[0].numbers.interval.confidence
    adjusted = holm([part.numbers.p_value for part in parts])
    lost: list[str] = []
    gained: list[str] = []
    quiet: list[str] = []
    for part, p_value in zip(parts, adjusted, strict=True):
        shown = quiet if p_value >= limit else lost if part.numbers.value < 0 else gained
        shown.append(part.dataset)
    told = []
    if lost:
        told.append(
            f"The loss is in {names(lost, len(lost))}"
            if len(lost) < len(parts)
            else "Each data set shows a loss"
        )
    if gained:
        told.append(f"{names(gained, len(gained))} gained")
    if quiet and len(quiet) < len(parts):
        told.append(f"{names(quiet, len(quiet))} lost nothing that shows")
    return f"{'; '.join(told)}." if told else "No data set by itself shows a loss or a gain."


def _differing(numbers: Pooled) -> str:
    if numbers.heterogeneity is None:
        return "Whether the data sets lost unlike much, so few problems cannot tell."
    told = probability(numbers.heterogeneity)
    if numbers.heterogeneity < 1 - numbers.interval.confidence:
        return f"The data sets lost unlike much, more than chance explains ({told})."
    return f"Data sets that all lost the same would often differ by as much ({told})."
