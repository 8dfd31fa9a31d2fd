"""Two runs in, everything that a comparison page or table says out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.passk import Index
from evalsite.stats.compare import explain
from evalsite.stats.compare.flips import Flip, NoiseFloor, find_flips, flips_sentence
from evalsite.stats.compare.guard import Mismatch, mismatches
from evalsite.stats.compare.numbers import MARGIN, Comparison, adjust, common_problems, compare
from evalsite.stats.compare.shift import ErrorShift, error_shift
from evalsite.stats.intervals import CONFIDENCE
from evalsite.stats.steadiness import changes_within


@dataclass(frozen=True, eq=False)
class RunComparison:
    """A candidate compared with a baseline, problem by problem.

    ``numbers`` is None where the runs share no problem that both have samples of; ``headline`` says so.
    """

    base: LoadedRun
    candidate: LoadedRun
    numbers: Comparison | None
    flips: tuple[Flip, ...]
    shift: ErrorShift | None
    mismatches: tuple[Mismatch, ...]
    noise_floor: NoiseFloor | None
    left_out: tuple[str, ...]
    """Problems of either run that the comparison could not use: asked in one run only, or without samples."""
    headline: str
    """The verdict, in one or two sentences."""
    notes: tuple[str, ...]
    """What a careful reader should know besides, a sentence or two each, the most important first."""

    @property
    def reservations(self) -> tuple[str, ...]:
        """Why the runs may not be quite comparable: unlike conditions, and servers that changed meanwhile."""
        within = [
            f"{facts.model}: {change}"
            for facts in (self.base, self.candidate)
            for change in changes_within(facts.run, facts.summary)
        ]
        return (*(mismatch.sentence for mismatch in self.mismatches), *within)


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
    here, there = _comparable(base, candidate)
    used = {base.task_ids[index] for index in here}
    every = dict.fromkeys((*base.task_ids, *candidate.task_ids))
    left_out = tuple(task for task in every if task not in used)
    if not used:
        return RunComparison(
            base=base,
            candidate=candidate,
            numbers=None,
            flips=(),
            shift=None,
            mismatches=mismatches(base.run, candidate.run),
            noise_floor=None,
            left_out=left_out,
            headline=explain.nothing_in_common(base.model, candidate.model),
            notes=(),
        )
    ours, theirs = (base.n[here], base.c[here]), (candidate.n[there], candidate.c[there])
    found = RunComparison(
        base=base,
        candidate=candidate,
        numbers=compare(*ours, *theirs, margin=margin, confidence=confidence),
        flips=_flips(base, here, candidate, there),
        shift=error_shift(base, candidate, (here, there)),
        mismatches=mismatches(base.run, candidate.run),
        noise_floor=noise_floor(base, repeat) if repeat else None,
        left_out=left_out,
        headline="",
        notes=(),
    )
    return _explained(found)


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
    return tuple(_explained(replace(one, numbers=next(corrected))) if one.numbers else one for one in found)


def noise_floor(base: LoadedRun, repeat: LoadedRun) -> NoiseFloor | None:
    """How much a second run of the baseline differs from the first; None where they share no problem."""
    here, there = _comparable(base, repeat)
    if not here.size:
        return None
    flips = _flips(base, here, repeat, there)
    change = repeat.c[there] / repeat.n[there] - base.c[here] / base.n[here]
    return NoiseFloor(
        repeat_id=repeat.id,
        broken=sum(flip.kind == "broken" for flip in flips),
        fixed=sum(flip.kind == "fixed" for flip in flips),
        value=float(change.mean()),
    )


def _comparable(base: LoadedRun, other: LoadedRun) -> tuple[Index, Index]:
    """Positions in each run of the problems that both have samples of."""
    here, there = common_problems(base.task_ids, other.task_ids)
    answered = (base.n[here] > 0) & (other.n[there] > 0)
    return here[answered], there[answered]


def _flips(base: LoadedRun, here: Index, other: LoadedRun, there: Index) -> tuple[Flip, ...]:
    return find_flips(
        [base.task_ids[index] for index in here],
        (base.n[here].tolist(), base.c[here].tolist()),
        (other.n[there].tolist(), other.c[there].tolist()),
    )


def _explained(found: RunComparison) -> RunComparison:
    """The same comparison with its sentences."""
    numbers = found.numbers
    assert numbers is not None
    names = (found.base.model, found.candidate.model)
    notes = [
        explain.difference(numbers.main),
        flips_sentence(found.flips),
        found.noise_floor.sentence if found.noise_floor else "",
        explain.noise(numbers),
        explain.power(numbers.main),
        explain.needed(numbers) if numbers.decision == "inconclusive" else "",
        found.shift.sentence if found.shift else "",
        explain.samples(found.base, found.candidate),
        explain.left_out(found.left_out),
        *found.reservations,
    ]
    return replace(
        found, headline=explain.verdict(numbers, names), notes=tuple(note for note in notes if note)
    )
