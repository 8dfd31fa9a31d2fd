"""Two models over all that was measured: a row for each thing, one verdict, and what was not measured.

A row is what the comparison of two runs says of one thing, with the figures that its page has. Several data
sets of one topic are pooled, and all of them together (:func:`.suites.compare_suites`). Levels of difficulty
are no data sets of their own here; what they show is a row of its own.

A card is *missed* where one of its rows is, whatever holds on average: 3,000 calls would outvote 164
functions, or the other way round.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.cliffs import Cliff, cliffs
from evalsite.stats.compare.clusters import Weights
from evalsite.stats.compare.runs import RunComparison, compare_runs
from evalsite.stats.compare.suites import SuiteComparison
from evalsite.stats.decision import MARGIN, Decision
from evalsite.stats.matching import matched, shared
from evalsite.stats.topics import TOPICS, CardRow, Measured, alone, pooled_row
from evalsite.words.sentences import names

if TYPE_CHECKING:
    from evalsite.stats.distance import Found


@dataclass(frozen=True, eq=False)
class CardSection:
    """One topic. Without rows that hold both models against each other it was not measured."""

    name: str
    title: str
    how: str
    """What measures it, as the words of a command."""
    rows: tuple[CardRow, ...]
    """One for each thing, then the pooled one if there are several data sets; then what one model alone was
    asked."""

    @property
    def measured(self) -> bool:
        """Whether anything of it was asked of both models."""
        return any(not row.lacks for row in self.rows)


@dataclass(frozen=True, eq=False)
class Scorecard:
    """A candidate beside a baseline, over everything."""

    base: str
    candidate: str
    """Names of the models."""
    found: tuple[RunComparison, ...]
    """Of each data set, levels of difficulty not among them."""
    sections: tuple[CardSection, ...]
    pooled: SuiteComparison | None
    """None for a single data set."""
    margin: float

    @property
    def rows(self) -> tuple[CardRow, ...]:
        """Those of all topics."""
        return tuple(row for section in self.sections for row in section.rows)

    @property
    def together(self) -> CardRow | None:
        """The row of all data sets together; None for a single one."""
        return pooled_row(self.pooled, "all") if self.pooled else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Titles of what was not measured."""
        return tuple(section.title for section in self.sections if not section.measured)

    @property
    def decision(self) -> Decision:
        """Missed where anything is; else what all data sets together say, or the only one."""
        if any(row.decision == "missed" for row in self.rows):
            return "missed"
        if self.pooled:
            return self.pooled.decision
        return self.found[0].decision if self.found else self.rows[0].decision or "pending"

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The verdict over all, where more was lost than is allowed, what is open, what was not measured."""
        by_decision = {
            wanted: [row.what for row in self.rows if row.decision == wanted]
            for wanted in ("missed", "inconclusive")
        }
        whole = self.pooled or (self.found[0] if self.found else None)
        allowed = f"the allowed {100 * self.margin:g} points"
        told = [whole.headline if whole else ""]
        if lost := by_decision["missed"]:
            said = f"More than {allowed} were lost in {names(lost, len(lost))}."
            # The verdict comes first, and all together may say another one.
            told.insert(1 if whole and whole.decision == self.decision else 0, said)
        if still := by_decision["inconclusive"]:
            told.append(f"These data cannot tell whether more than {allowed} were lost in {names(still, 4)}.")
        if self.missing:
            told.append(f"Not measured: {names([name.lower() for name in self.missing], len(self.missing))}.")
        if apart := [f"{row.what} for {row.lacks}" for row in self.rows if row.lacks]:
            told.append(f"Asked of one model alone, and not measured: {names(apart, len(apart))}.")
        return tuple(each for each in told if each)

    @property
    def headline(self) -> str:
        """The same as one text."""
        return " ".join(self.sentences)


Pair = tuple[LoadedRun, LoadedRun]
Known = Mapping[tuple[str, str], RunComparison]
"""(baseline's id, candidate's id) -> their comparison."""


def scorecard(
    runs: Sequence[LoadedRun],
    base: str,
    candidate: str,
    *,
    known: Known | None = None,
    distances: "Sequence[Found]" = (),
    weights: Weights = "problem",
    margin: float = MARGIN,
) -> Scorecard:
    """Set two models, given by their names, beside each other by all that both were asked among ``runs``.

    ``known``: comparisons that were made already, with the same margin; ``distances``: those of any models,
    of which these two's are told. Raises :class:`UsageError` where the
    two have no data set in common.
    """
    pairs = matched(runs, base, candidate, tuple(shared(runs, base, candidate)))
    plain = [pair for pair in pairs if not pair[1].run.dataset.level]
    found = tuple(
        (known or {}).get((one.id, other.id)) or compare_runs(one, other, margin=margin)
        for one, other in plain
    )
    near = tuple(each for each in distances if each.names == (base, candidate))
    measured = Measured(found, _falls(runs, pairs, margin), near, weights, margin)
    apart = tuple(_alone(runs, base, candidate, pairs))
    return Scorecard(
        base=base,
        candidate=candidate,
        found=found,
        sections=tuple(
            CardSection(name, title, how, (*made(measured), *(row for topic, row in apart if topic == name)))
            for name, title, how, made in TOPICS
        ),
        pooled=measured.pooled(found),
        margin=margin,
    )


def _alone(
    runs: Sequence[LoadedRun], base: str, candidate: str, pairs: Sequence[Pair]
) -> Iterator[tuple[str, CardRow]]:
    """Topic and row of each data set that one of the two alone was asked."""
    both = {run.dataset_key for run, _ in pairs}
    for model, other in ((base, candidate), (candidate, base)):
        theirs = {run.dataset.casefold() for run in runs if run.model == other}
        own = {run.dataset_key: run for run in runs if run.model == model and run.dataset_key not in both}
        yield from (alone(run, other, named=run.dataset.casefold() in theirs) for run in own.values())


def _falls(runs: Sequence[LoadedRun], pairs: Sequence[Pair], margin: float) -> tuple[Cliff, ...]:
    """The candidate on levels of difficulty, of whichever campaign counts."""
    base_of = {other.dataset_key: one for one, other in pairs}
    base, candidate = (run.model for run in pairs[0])
    own = [run for run in runs if run.model in (base, candidate) and run.dataset_key in base_of]
    held = {run.id: base_of[run.dataset_key] for run in own if run.model == candidate}
    return cliffs(own, held, margin=margin)
