"""What is shown of a problem's samples: chosen by rule, identical ones folded, and glanced at in pairs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from evalsite.counts.samples import Sample
from evalsite.rundir.schema import Completion, Run, Tally, Verdict
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.options import SiteOptions

ROWS_AT_ONCE = 4_000
"""Samples of one run that are held in memory together; its files are read again for the next ones."""


class Graded(Protocol):
    """Whatever stands for a sample: its number, from 0, and whether it passed."""

    @property
    def number(self) -> int: ...  # noqa: D102

    @property
    def passed(self) -> bool: ...  # noqa: D102


Some = TypeVar("Some", bound=Graded)
Item = TypeVar("Item")


@dataclass(frozen=True)
class Outcome:
    """A sample's number, and whether it passed."""

    number: int
    passed: bool


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


@dataclass(frozen=True)
class Glance:
    """What is kept of a problem's samples in one run, to hold another run's against them."""

    outcomes: tuple[Outcome, ...]
    shown: frozenset[int]
    """Numbers of the samples that the problem's page shows."""
    examples: dict[bool, Verdict]
    """The first sample that passed (True) and the first that failed (False), as far as there are such."""

    @property
    def count(self) -> int:
        """How many samples were graded."""
        return len(self.outcomes)

    @property
    def passes(self) -> int:
        """How many of them passed."""
        return sum(outcome.passed for outcome in self.outcomes)

    @property
    def best(self) -> Verdict:
        """A sample that passed, if one did."""
        return self.examples[True in self.examples]

    @property
    def worst(self) -> Verdict:
        """A sample that failed, if one did."""
        return self.examples[False not in self.examples]


def batches(tallies: Iterable[Tally], most: int = ROWS_AT_ONCE) -> Iterator[frozenset[str]]:
    """Split a run's problems, in their order, so that no batch has more than ``most`` samples.

    A single problem with more samples than that is a batch of its own.
    """
    batch: set[str] = set()
    rows = 0
    for tally in tallies:
        if batch and rows + tally.n > most:
            yield frozenset(batch)
            batch, rows = set(), 0
        batch.add(tally.problem)
        rows += tally.n
    if batch:
        yield frozenset(batch)


def shown(samples: Sequence[Some], run: Run, options: SiteOptions) -> Sequence[Some]:
    """Choose what is shown of a problem's samples, by the rule for their run."""
    if options.rule_for(run).archive == "counts":
        return ()
    failures_only = options.rule_for(run).keep == "failures"
    return choose(samples, options.most_samples(run), failures_only=failures_only)


def choose(samples: Sequence[Some], most: int, *, failures_only: bool = False) -> Sequence[Some]:
    """Choose at most so many samples, 0 for all: failures before passes, then by number."""
    kept = [sample for sample in samples if not (failures_only and sample.passed)]
    if not most or len(kept) <= most:
        return kept
    first = sorted(kept, key=lambda sample: (sample.passed, sample.number))[:most]
    return sorted(first, key=lambda sample: sample.number)


def fold(samples: Iterable[Sample]) -> list[Fold]:
    """Fold identical samples: same program, same verdict, same error. Transcripts are never the same."""
    folds: dict[tuple[str, ...], list[Sample]] = defaultdict(list)
    for sample in samples:
        verdict = sample.verdict
        folds[
            verdict.program,
            verdict.verdict,
            verdict.exception,
            verdict.message,
            verdict.failed_test,
            str(sample.number) if verdict.agent else "",
        ].append(sample)
    return [Fold(tuple(members)) for members in folds.values()]


def glances(verdicts: Iterable[Verdict], run: Run, options: SiteOptions) -> dict[str, Glance]:
    """Go once over verdicts of a run: problem -> what is kept of it."""
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    examples: dict[str, dict[bool, Verdict]] = defaultdict(dict)
    for verdict in verdicts:
        passed = verdict.verdict is VerdictClass.PASSED
        outcomes[verdict.problem].append(Outcome(verdict.sample, passed))
        held = examples[verdict.problem].get(passed)
        if held is None or verdict.sample < held.sample:
            examples[verdict.problem][passed] = verdict
    return {
        task: Glance(tuple(own), frozenset(one.number for one in shown(own, run, options)), examples[task])
        for task, own in outcomes.items()
    }


def answers_without_program(
    run_dir: RunDir, verdicts: Iterable[Verdict]
) -> dict[tuple[str, int], Completion]:
    """The answers of those verdicts that have no program; completions are read only if there are such."""
    blank = {(one.problem, one.sample) for one in verdicts if not one.program.strip()}
    if not blank:
        return {}
    rows = run_dir.completions()
    return {(row.problem, row.sample): row for row in rows if (row.problem, row.sample) in blank}


def contrast(base: Glance, candidate: Glance, *, gained: bool = False) -> tuple[Verdict, Verdict]:
    """Choose a sample of each that show the difference.

    That is a pass of the baseline beside a failure of the candidate, else, and where it gained, a failure
    beside a pass. Where neither is to be had, both fared the same.
    """
    lost = True in base.examples and False in candidate.examples
    return (base.best, candidate.worst) if lost and not gained else (base.worst, candidate.best)


def in_between(items: Sequence[Item]) -> Iterator[tuple[Item | None, Item, Item | None]]:
    """Return each item between the one before and the one after it."""
    return zip((None, *items), items, (*items[1:], None), strict=False)
