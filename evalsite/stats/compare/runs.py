"""Two runs in, everything that a comparison page or table says out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Index
from evalsite.stats.compare import explain, notebook
from evalsite.stats.compare.calls import CallComparison, call_sentences, compare_calls
from evalsite.stats.compare.clusters import Layout, told_clusters
from evalsite.stats.compare.common import clustered, comparable, counts_of
from evalsite.stats.compare.divergence import Divergence, find_divergence
from evalsite.stats.compare.edits import EditComparison, compare_edits, edit_sentences
from evalsite.stats.compare.evidence import Excess, changes_of
from evalsite.stats.compare.flips import Flip, NoiseFloor, find_flips, flips_sentence
from evalsite.stats.compare.guard import Reservation, equal_roles, reservations, swapped_roles
from evalsite.stats.compare.luck import Luck, luck_alone
from evalsite.stats.compare.missing import MissingSamples, missing_samples
from evalsite.stats.compare.numbers import Comparison, adjust, compare_counts
from evalsite.stats.compare.paired import Changes
from evalsite.stats.compare.posterior import FEW, probability_of_loss
from evalsite.stats.compare.recovery import Recovery, recovery
from evalsite.stats.compare.sameness import Texts, compare_texts, own_doubts, same_model_twice
from evalsite.stats.compare.shift import ErrorShift, error_shift
from evalsite.stats.compare.symptoms import SymptomShift, compare_symptoms, symptom_sentences
from evalsite.stats.decision import MARGIN, Decision, unless_hidden
from evalsite.stats.intervals import CONFIDENCE
from evalsite.stats.looks import standpoint
from evalsite.stats.readiness import why_not_comparable, why_ungraded
from evalsite.words.sentences import excluded_sentences, missing_module_sentences, of_all


@dataclass(frozen=True, eq=False)
class RunComparison:
    """A candidate compared with a baseline, problem by problem.

    ``numbers`` is None where the runs share no problem that both have samples of; ``headline`` says so.
    """

    base: LoadedRun
    candidate: LoadedRun
    conditions: tuple[Reservation, ...]
    """In what the runs differ besides the model."""
    left_out: tuple[str, ...]
    """Problems of either run that the comparison could not use: asked or counted in one run only, or without
    samples."""
    numbers: Comparison | None = None
    flips: tuple[Flip, ...] = ()
    luck: Luck | None = None
    """The flips to expect from luck alone; None where the baseline has a single sample of some problem."""
    shift: ErrorShift | None = None
    noise_floor: NoiseFloor | None = None
    missing: MissingSamples[Comparison] | None = None
    """What missing samples could change; None where neither run lacks any."""
    sequential: str = ""
    """How this verdict is one of several looks, as a sentence; empty of an ordinary one."""
    confidence: float = CONFIDENCE
    """Of the intervals: by which look it is."""

    def _repr_html_(self) -> str:
        """What a notebook shows: the verdict, and a row for each k."""
        return notebook.as_html(self.headline, self.numbers, self.notes)

    @cached_property
    def headline(self) -> str:
        """The verdict, in one or two sentences."""
        numbers, names = self.numbers, (self.base.model, self.candidate.model)
        if numbers is None:
            ungraded = why_ungraded(self.candidate) or why_ungraded(self.base)
            return ungraded or (
                f"{names[0]} and {names[1]} have no problem in common that both have samples of: "
                "nothing to compare."
            )
        where = of_all(numbers.num_problems, self.total_problems)
        told = numbers.by_figures, numbers.margin
        hides = explain.HIDES if self.decision == "inconclusive" and numbers.by_figures == "met" else ""
        return explain.verdict(numbers.main, told, where, names, hides or self.pending)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a careful reader should know besides, a sentence or two each, the most important first."""
        return tuple(filter(None, _notes(self, self.numbers))) if self.numbers else ()

    @property
    def pending(self) -> str:
        """Why nothing can be concluded from these runs, as a sentence; empty where something can."""
        return why_not_comparable(self.base, self.candidate) or ("" if self.numbers else self.headline)

    @property
    def decision(self) -> Decision:
        """Whether pass@1 lost no more than the margin: the verdict of a comparison, wherever it is shown."""
        if self.numbers is None or self.pending:
            return "pending"
        worst = self.missing.worst.by_figures if self.missing else None
        return unless_hidden(self.numbers.by_figures, worst)

    def decided(self, figure: Comparison) -> Decision:
        """The verdict on a figure of the same answers, which may be :attr:`numbers` themselves.

        What missing samples could make of another figure than that of passes is not known: so they could
        hide a miss.
        """
        if self.pending or figure is self.numbers:
            return self.decision
        return unless_hidden(figure.by_figures, "inconclusive" if self.missing else None)

    @property
    def excess(self) -> Excess | None:
        """Confidence that more was lost than is allowed, whatever the missing samples would have been.

        None where nothing can be concluded, and where the baseline has too little to lose.
        """
        if self.numbers is None or self.decision in ("pending", "vacuous"):
            return None
        return self.missing.excess if self.missing else self.numbers.excess

    @cached_property
    def recovery(self) -> Recovery | None:
        """The share of the baseline's pass@1 that the candidate keeps; None where nothing could be kept."""
        if self.numbers is None:
            return None
        counts, change = counts_of(self.base, self.candidate), self.numbers.main.interval
        return recovery(*counts, confidence=self.confidence, change=change, layout=self.layout)

    @cached_property
    def probability(self) -> float | None:
        """Posterior probability that more was lost than is allowed.

        None as :attr:`excess`, with missing samples, and with more problems than the model is for.
        """
        if self.numbers is None or self.excess is None or self.missing or self.numbers.num_problems > FEW:
            return None
        return probability_of_loss(self.changes, self.numbers.margin)

    @property
    def changes(self) -> Changes:
        """What changed in pass@1 of the problems that both have samples of."""
        base, candidate = counts_of(self.base, self.candidate)
        change = candidate[1] / candidate[0] - base[1] / base[0]
        return changes_of(base, candidate, change, 1, self.layout)

    @property
    def layout(self) -> Layout | None:
        """How the problems that both have lie in clusters; None where each is its own."""
        here, _ = comparable(self.base, self.candidate)
        return clustered(self.base, self.candidate, here)

    @property
    def clustered(self) -> str:
        """That several problems ask one source problem, as a sentence; empty where none do."""
        layout = self.layout
        return told_clusters(layout.stratum_of.size, layout.num_clusters) if layout else ""

    @property
    def num_unchanged(self) -> int:
        """Problems that have the same share of passes in both runs."""
        return self.numbers.num_problems - len(self.flips) if self.numbers else 0

    @property
    def equal_roles(self) -> str:
        """That both models have one role by their cards, as a sentence; empty where they have not."""
        return equal_roles(self.base.run, self.candidate.run)

    @property
    def excluded(self) -> Mapping[str, str]:
        """Problem -> why it counts in no score of one of the runs, or of both."""
        return {**self.base.excluded, **self.candidate.excluded}

    @cached_property
    def calls(self) -> CallComparison | None:
        """What calls of tools say besides their accuracy; None where the runs have none."""
        if self.numbers is None:
            return None
        here, there = comparable(self.base, self.candidate)
        margin, confidence = self.numbers.margin, self.confidence
        return compare_calls(self.base, self.candidate, (here, there), margin=margin, confidence=confidence)

    @cached_property
    def symptoms(self) -> tuple[SymptomShift, ...] | None:
        """How the symptoms of answers shifted; None where not all answers of both runs were looked at."""
        if self.numbers is None:
            return None
        confidence = self.numbers.main.interval.confidence
        where = comparable(self.base, self.candidate)
        return compare_symptoms(self.base, self.candidate, where, confidence=confidence)

    @cached_property
    def edits(self) -> EditComparison | None:
        """What edits say besides what passes in the end; None where the runs have none."""
        if self.numbers is None:
            return None
        confidence = self.numbers.main.interval.confidence
        return compare_edits(self.base, self.candidate, margin=self.numbers.margin, confidence=confidence)

    @cached_property
    def texts(self) -> Texts:
        """How far the two runs' answers are the same texts."""
        return compare_texts(self.base, self.candidate)

    @cached_property
    def divergence(self) -> Divergence:
        """Where they part, and how far their programs are the same; reads the rows when first asked for."""
        return find_divergence(self.base, self.candidate)

    @property
    def mirrored_decision(self) -> Decision:
        """The verdict on the base, with the candidate as baseline."""
        if self.numbers is None or self.pending:
            return "pending"
        worst = self.missing.best.by_mirrored_figures if self.missing else None
        return unless_hidden(self.numbers.by_mirrored_figures, worst)

    @property
    def total_problems(self) -> int:
        """How many problems there are to compare: those of the data set."""
        asked = len({*self.base.task_ids, *self.candidate.task_ids})
        return max(asked, *(run.run.dataset.num_problems for run in (self.base, self.candidate)))

    @property
    def reservations(self) -> tuple[str, ...]:
        """Why the runs may not be quite comparable: swapped roles, unlike conditions, changed servers."""
        return (
            *filter(None, (swapped_roles(self.base.run, self.candidate.run),)),
            *same_model_twice(self.base, self.candidate),
            *(condition.sentence for condition in self.conditions),
            *own_doubts(self.base),
            *own_doubts(self.candidate),
        )


def compare_runs(
    base: LoadedRun,
    candidate: LoadedRun,
    *,
    margin: float = MARGIN,
    confidence: float = CONFIDENCE,
    repeat: LoadedRun | None = None,
) -> RunComparison:
    """Compare two runs on the problems that both have samples of.

    ``margin``: the loss of pass@1 that is allowed, in [0, 1]. ``repeat``: a second run of the baseline, if
    there is one, which gives the noise floor.
    """
    here, there = comparable(base, candidate)
    used = {base.task_ids[index] for index in here}
    asked = base.task_ids if candidate.asks_all or not candidate.asks_enough else ()
    every = dict.fromkeys((*asked, *candidate.task_ids))
    stands = standpoint(base, candidate)
    sequential, confidence = stands.sentence(confidence), stands.confidence(confidence)
    left_out = tuple(task for task in every if task not in used)
    conditions = reservations(base.run, candidate.run)
    if not used:
        return RunComparison(base, candidate, conditions, left_out)
    ours, theirs = (base.n[here], base.c[here]), (candidate.n[there], candidate.c[there])
    layout = clustered(base, candidate, here)
    return RunComparison(
        base=base,
        candidate=candidate,
        numbers=compare_counts(ours, theirs, margin=margin, confidence=confidence, layout=layout),
        flips=_flips(base, here, candidate, there),
        luck=luck_alone(ours, theirs[0]),
        shift=error_shift(base, candidate, (here, there)),
        conditions=conditions,
        noise_floor=noise_floor(base, repeat) if repeat else None,
        left_out=left_out,
        missing=missing_samples(base, candidate, margin=margin, confidence=confidence),
        sequential=sequential,
        confidence=confidence,
    )


def compare_all(
    base: LoadedRun,
    candidates: Sequence[LoadedRun],
    *,
    margin: float = MARGIN,
    confidence: float = CONFIDENCE,
    repeat: LoadedRun | None = None,
) -> tuple[RunComparison, ...]:
    """Compare several candidates with one baseline, all p-values corrected together (Holm 1979)."""
    found = [
        compare_runs(base, candidate, margin=margin, confidence=confidence, repeat=repeat)
        for candidate in candidates
    ]
    corrected = iter(adjust([one.numbers for one in found if one.numbers]))
    return tuple(replace(one, numbers=next(corrected)) if one.numbers else one for one in found)


def noise_floor(base: LoadedRun, repeat: LoadedRun) -> NoiseFloor | None:
    """How much a second run of the baseline differs from the first; None where they share no problem."""
    here, there = comparable(base, repeat)
    if not here.size:
        return None
    flips = _flips(base, here, repeat, there)
    broken, fixed = (sum(flip.kind == kind for flip in flips) for kind in ("broken", "fixed"))
    return NoiseFloor(broken, fixed)


def _flips(base: LoadedRun, here: Index, other: LoadedRun, there: Index) -> tuple[Flip, ...]:
    return find_flips(
        [base.task_ids[index] for index in here],
        (base.n[here].tolist(), base.c[here].tolist()),
        (other.n[there].tolist(), other.c[there].tolist()),
    )


def _notes(found: RunComparison, numbers: Comparison) -> Iterator[str]:
    """Say all that a comparison has besides its verdict; empty sentences for what it has not."""
    yield found.sequential
    yield explain.excess(found.excess, numbers.margin) if found.excess else ""
    yield explain.difference(numbers.main)
    yield from call_sentences(found.calls, found.decided) if found.calls else ()
    yield from edit_sentences(found.edits, found.decided) if found.edits else ()
    yield flips_sentence(found.flips, found.luck)
    yield explain.unchanged(found.num_unchanged, numbers.num_problems)
    yield found.noise_floor.sentence if found.noise_floor else ""
    yield explain.noise(numbers)
    yield explain.recovery(found.recovery) if found.recovery else ""
    yield "" if found.probability is None else explain.probability_of_loss(found.probability, numbers.margin)
    yield explain.power(numbers.main)
    yield numbers.needed.sentence if numbers.needed and found.decision == "inconclusive" else ""
    yield found.shift.sentence if found.shift else ""
    yield from symptom_sentences(found.symptoms or ())
    yield found.missing.sentence if found.missing else ""
    yield explain.samples(found.base, found.candidate)
    yield found.texts.sentence
    yield found.clustered
    yield found.equal_roles
    yield explain.left_out(found.left_out, found.excluded)
    yield from excluded_sentences(found.excluded)
    for facts in (found.base, found.candidate):
        for told in missing_module_sentences(facts.summary.missing_modules):
            yield f"{facts.model}: {told}"
    yield from found.reservations
