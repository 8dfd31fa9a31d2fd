"""One run's samples, by problem, with identical ones folded together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evalsite.rundir.schema import Completion, Verdict, VerdictClass
from evalsite.rundir.store import RunDir


@dataclass(frozen=True)
class Sample:
    """One graded sample. ``completion`` is None where only the verdict was kept."""

    verdict: Verdict
    completion: Completion | None

    @property
    def number(self) -> int:
        """The sample's number, from 0."""
        return self.verdict.sample

    @property
    def passed(self) -> bool:
        """Whether the sample passed."""
        return self.verdict.verdict is VerdictClass.PASSED


@dataclass(frozen=True)
class Fold:
    """Samples of one problem that are the same program with the same fate; the first one stands for all."""

    samples: tuple[Sample, ...]

    @property
    def first(self) -> Sample:
        """The sample that is shown."""
        return self.samples[0]

    @property
    def numbers(self) -> tuple[int, ...]:
        """All sample numbers, in order."""
        return tuple(sample.number for sample in self.samples)


def read_samples(run_dir: RunDir) -> dict[str, list[Sample]]:
    """Read a run's verdicts and completions: problem -> its samples by number.

    Of two rows with one key the later counts, as it does for every other reader.
    """
    completions = {(row.problem, row.sample): row for row in run_dir.completions()}
    verdicts = {(row.problem, row.sample): row for row in run_dir.verdicts()}
    samples: dict[str, list[Sample]] = defaultdict(list)
    for key in sorted(verdicts):
        samples[key[0]].append(Sample(verdicts[key], completions.pop(key, None)))
    return samples


def choose(samples: Sequence[Sample], most: int, *, failures_only: bool = False) -> Sequence[Sample]:
    """Choose what is shown of a problem's samples: failures before passes, then by number; 0 for all."""
    kept = [sample for sample in samples if not (failures_only and sample.passed)]
    if not most or len(kept) <= most:
        return kept
    first = sorted(kept, key=lambda sample: (sample.passed, sample.number))[:most]
    return sorted(first, key=lambda sample: sample.number)


def fold(samples: Iterable[Sample]) -> list[Fold]:
    """Fold identical samples: same program, same verdict, same error."""
    folds: dict[tuple[str, ...], list[Sample]] = defaultdict(list)
    for sample in samples:
        verdict = sample.verdict
        folds[
            verdict.program, verdict.verdict, verdict.exception, verdict.message, verdict.failed_test
        ].append(sample)
    return [Fold(tuple(members)) for members in folds.values()]


def showcases(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    """Choose one sample of each problem to hold others against: the first that passed, else the first."""
    chosen: dict[str, Verdict] = {}
    for verdict in verdicts:
        held = chosen.get(verdict.problem)
        if held is None or _better(verdict, held):
            chosen[verdict.problem] = verdict
    return chosen


def _better(verdict: Verdict, held: Verdict) -> bool:
    return _place(verdict) < _place(held)


def _place(verdict: Verdict) -> tuple[bool, int]:
    return (verdict.verdict is not VerdictClass.PASSED, verdict.sample)


def neighbours(items: Iterable[str], wanted: str) -> tuple[str | None, str | None]:
    """Return what stands before and after ``wanted``."""
    before: str | None = None
    walk: Iterator[str] = iter(items)
    for item in walk:
        if item == wanted:
            return before, next(walk, None)
        before = item
    return before, None
