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

from evalsite.calls.task import KIND as CALLS
from evalsite.counts.loaded import LoadedRun
from evalsite.edits.exercise import KIND as EXERCISE
from evalsite.languages import title_of
from evalsite.rundir.agents import KIND as AGENT
from evalsite.rundir.schema import DEFAULT_LANGUAGE
from evalsite.rundir.symptoms import Symptom
from evalsite.stats.cliffs import AT, Cliff, cliffs
from evalsite.stats.compare import (
    MARGIN,
    Comparison,
    RunComparison,
    SuiteComparison,
    Weights,
    compare_runs,
    compare_suites,
)
from evalsite.stats.compare.common import comparable
from evalsite.stats.compare.pooled import Pooled, Stratum, pool
from evalsite.stats.compare.signflip import holm
from evalsite.stats.compare.symptoms import SIGNIFICANT
from evalsite.stats.decision import Decision
from evalsite.stats.intervals import CONFIDENCE, Interval
from evalsite.stats.matching import matched, shared
from evalsite.words.limits import outward
from evalsite.words.sentences import count, figure, names

if TYPE_CHECKING:
    from evalsite.stats.distance import Figure, Found


@dataclass(frozen=True, eq=False)
class CardRow:
    """One thing that was measured, of both models."""

    what: str
    num_problems: int
    base: float | None = None
    candidate: float | None = None
    """Shares in [0, 1]; None for what is no share."""
    value: float | None = None
    """Candidate minus baseline; None where ``told`` stands in its place."""
    interval: Interval | None = None
    decision: Decision | None = None
    """Whether no more than the margin was lost; None where no loss is allowed or forbidden."""
    margin: float | None = None
    """The loss that is allowed, in [0, 1]; None likewise."""
    told: str = ""
    """What is known, in words: in place of figures, or of a decision."""
    runs: tuple[str, str] | None = None
    """Ids of the runs whose comparison says more."""


@dataclass(frozen=True, eq=False)
class CardSection:
    """One topic. Without rows it was not measured."""

    name: str
    title: str
    how: str
    """What measures it, as the words of a command."""
    rows: tuple[CardRow, ...]
    """One for each thing, then the pooled one if there are several data sets."""


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
        return _pooled_row(self.pooled, "all") if self.pooled else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Titles of what was not measured."""
        return tuple(section.title for section in self.sections if not section.rows)

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
        first = self.pooled.headline if self.pooled else self.found[0].headline if self.found else ""
        allowed = f"the allowed {100 * self.margin:g} points"
        told = [first]
        if lost := by_decision["missed"]:
            told.append(f"More than {allowed} were lost in {names(lost, len(lost))}.")
        if still := by_decision["inconclusive"]:
            told.append(f"These data cannot tell whether more than {allowed} were lost in {names(still, 4)}.")
        if self.missing:
            told.append(f"Not measured: {names([name.lower() for name in self.missing], len(self.missing))}.")
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
    measured = _Measured(found, _falls(runs, pairs, margin), near, weights, margin)
    return Scorecard(
        base=base,
        candidate=candidate,
        found=found,
        sections=tuple(
            CardSection(name, title, how, tuple(made(measured))) for name, title, how, made in _SECTIONS
        ),
        pooled=measured.pooled(found),
        margin=margin,
    )


def _falls(runs: Sequence[LoadedRun], pairs: Sequence[Pair], margin: float) -> tuple[Cliff, ...]:
    """The candidate on levels of difficulty, of whichever campaign counts."""
    base_of = {other.dataset_key: one for one, other in pairs}
    base, candidate = (run.model for run in pairs[0])
    own = [run for run in runs if run.model in (base, candidate) and run.dataset_key in base_of]
    held = {run.id: base_of[run.dataset_key] for run in own if run.model == candidate}
    return cliffs(own, held, margin=margin)


@dataclass(frozen=True, eq=False)
class _Measured:
    """What there is to make rows from."""

    found: tuple[RunComparison, ...]
    falls: tuple[Cliff, ...]
    distances: "tuple[Found, ...]"
    weights: Weights
    margin: float

    def of(self, topic: str) -> list[RunComparison]:
        """The comparisons on data sets of a topic."""
        return [one for one in self.found if topic_of(one.candidate) == topic]

    def pooled(self, found: Sequence[RunComparison]) -> SuiteComparison | None:
        """Several of them together; None for fewer than two that have anything in common."""
        pairs = [(one.base, one.candidate) for one in found if one.numbers]
        return compare_suites(pairs, self.weights, margin=self.margin) if len(pairs) > 1 else None


def topic_of(run: LoadedRun) -> str:
    """What a run's data set measures: ``calls``, ``edits``, ``agent``, ``languages`` or ``functions``."""
    if CALLS in run.kinds or run.summary.calls:
        return "calls"
    if AGENT in run.kinds or run.summary.agent:
        return "agent"
    if EXERCISE in run.kinds or run.summary.edits:
        return "edits"
    return "languages" if set(run.languages) - {DEFAULT_LANGUAGE} else "functions"


def _functions(measured: _Measured) -> Iterator[CardRow]:
    found = measured.of("functions")
    yield from (_passed(one, one.candidate.dataset) for one in found)
    yield from _together(measured, found, "functions")


def _languages(measured: _Measured) -> Iterator[CardRow]:
    found = measured.of("languages")
    for one in found:
        titles = " and ".join(title_of(name) for name in one.candidate.languages)
        yield _passed(one, f"{titles}: {one.candidate.dataset}")
    yield from _together(measured, found, "other languages")


def _calls(measured: _Measured) -> Iterator[CardRow]:
    found = measured.of("calls")
    for one in found:
        name, runs = one.candidate.dataset, (one.base.id, one.candidate.id)
        yield _passed(one, f"{name}: right calls")
        if one.calls and one.calls.schema:
            yield _compared(one, one.calls.schema, f"{name}: calls that fit their schema")
        if one.calls and (trigger := one.calls.trigger) and trigger.f1:
            low, high = outward(100 * trigger.f1.interval.low, 100 * trigger.f1.interval.high).texts
            told = f"F1 {figure(100 * trigger.f1.value, '%')} ({low} to {high})"
            yield CardRow(f"{name}: when a call is made", trigger.num_problems, told=told, runs=runs)
    yield from _together(measured, found, "right calls")


def _edits(measured: _Measured) -> Iterator[CardRow]:
    found = measured.of("edits")
    words = {"well_formed": "can be read", "applied": "apply", "first": "pass at the first turn"}
    for one in found:
        formats = dict.fromkeys(one.edits.formats) if one.edits else ()
        name = one.candidate.dataset + (f" ({' / '.join(formats)})" if formats else "")
        yield _passed(one, f"{name}: edits that pass")
        for field, compared in one.edits.figures.items() if one.edits else ():
            yield _compared(one, compared, f"{name}: edits that {words[field]}")
    yield from _together(measured, found, "edits that pass")


def _agent(measured: _Measured) -> Iterator[CardRow]:
    found = measured.of("agent")
    yield from (_passed(one, f"{one.candidate.dataset}: solved") for one in found)
    yield from _together(measured, found, "solved by agents")


def _cliffs(measured: _Measured) -> Iterator[CardRow]:
    """Of each curve the first level at which the candidate does not hold, else the hardest one."""
    for fall in measured.falls:
        step = fall.steps[min(fall.held, len(fall.steps) - 1)]
        runs, further = (step.base.id, step.candidate.id), step.further
        what = f"{fall.candidate.of[0]} {AT[fall.candidate.axis]}"
        if further is None:
            yield CardRow(what, 0, decision=fall.decision, told=fall.conclusion, runs=runs)
            continue
        yield CardRow(
            what=what,
            num_problems=further.num_problems,
            value=further.value,
            interval=further.interval,
            decision=fall.decision,
            margin=fall.margin,
            told=fall.conclusion,
            runs=runs,
        )


def _distance(measured: _Measured) -> Iterator[CardRow]:
    """How far apart the models' tokens are: no loss, and so without a verdict."""
    for found in measured.distances:
        figures, number = found.figures, len(found.pairs.problems)
        over = "answers" if found.record.over == "answers" else "references"
        name = f"{found.record.dataset.name} ({over})"
        told = _told(figures.kl, 1, "nats") + (", as the same weights" if found.looks_the_same else "")
        yield CardRow(f"{name}: mean divergence", number, told=told)
        yield CardRow(f"{name}: the same token first", number, told=_told(figures.same_top, 100, "%"))


def _told(of: "Figure", scale: float, unit: str) -> str:
    value = f"{scale * of.value:.3g} {unit}"
    if of.interval is None:
        return value
    return f"{value} ({scale * of.interval.low:.3g} to {scale * of.interval.high:.3g})"


def _symptoms(measured: _Measured) -> Iterator[CardRow]:
    """Each symptom that either model shows, over all data sets on which all answers were looked at."""
    told = [one for one in measured.found if one.symptoms is not None]
    if not told:
        return
    shifts = [(symptom, _shifted(told, symptom, measured)) for symptom in Symptom]
    there = [(symptom, shift) for symptom, shift in shifts if shift.base or shift.candidate]
    if not there:
        yield CardRow("any symptom", shifts[0][1].num_problems, 0.0, 0.0, told="none in either")
    corrected = holm([shift.p_value for _, shift in there])
    for (symptom, shift), p_value in zip(there, corrected, strict=True):
        more = "more often" if shift.value > 0 else "less often"
        yield CardRow(
            what=f"answers with {symptom.words}",
            num_problems=shift.num_problems,
            base=shift.base,
            candidate=shift.candidate,
            value=shift.value,
            interval=shift.interval,
            told=more if p_value < SIGNIFICANT else "no change shown",
        )


def _shifted(found: Sequence[RunComparison], symptom: Symptom, measured: _Measured) -> Pooled:
    """The share of answers with a symptom, as if it were what passes."""
    strata = []
    for one in found:
        here, there = comparable(one.base, one.candidate)
        tasks = [one.base.task_ids[index] for index in here]
        clusters = [one.base.sources.get(task) or one.candidate.sources.get(task) or task for task in tasks]
        ours, theirs = one.base.symptoms(symptom), one.candidate.symptoms(symptom)
        strata.append(
            Stratum(clusters, (one.base.n[here], ours[here]), (one.candidate.n[there], theirs[there]))
        )
    return pool(strata, measured.weights, margin=measured.margin, confidence=CONFIDENCE)


_SECTIONS = (
    ("functions", "Functions", "--dataset humaneval", _functions),
    ("languages", "Other languages", "--dataset humanevalpack-rust", _languages),
    ("calls", "Calls of tools", "--dataset bfcl-v4", _calls),
    ("edits", "Edits of files", "--dataset polyglot-python --edit-format udiff", _edits),
    ("agent", "Agent", "--dataset polyglot-agent-python", _agent),
    ("cliffs", "Levels of difficulty", "--dataset bfcl-v4 --distractors 0,8,32,64", _cliffs),
    ("distance", "Distance by tokens", "evalsite distance", _distance),
    ("symptoms", "Symptoms of answers", "", _symptoms),
)
"""Name, title, what ``evalsite run`` is told to measure it (or another command), and what makes its rows.

A new topic is a row.
"""


def _passed(found: RunComparison, what: str) -> CardRow:
    """pass@1 on one data set."""
    runs, numbers = (found.base.id, found.candidate.id), found.numbers
    if numbers is None:
        return CardRow(what, 0, decision=found.decision, told=found.headline, runs=runs)
    main = numbers.main
    return CardRow(
        what=what,
        num_problems=numbers.num_problems,
        base=main.base,
        candidate=main.candidate,
        value=main.value,
        interval=main.interval,
        decision=found.decision,
        margin=numbers.margin,
        runs=runs,
    )


def _compared(found: RunComparison, numbers: Comparison, what: str) -> CardRow:
    """Another figure of the same answers."""
    main = numbers.main
    return CardRow(
        what=what,
        num_problems=numbers.num_problems,
        base=main.base,
        candidate=main.candidate,
        value=main.value,
        interval=main.interval,
        decision="pending" if found.pending else numbers.by_figures,
        margin=numbers.margin,
        runs=(found.base.id, found.candidate.id),
    )


def _together(measured: _Measured, found: Sequence[RunComparison], what: str) -> Iterator[CardRow]:
    if pooled := measured.pooled(found):
        yield _pooled_row(pooled, what)


def _pooled_row(pooled: SuiteComparison, what: str) -> CardRow:
    numbers = pooled.numbers
    return CardRow(
        what=f"{what}, {count(len(pooled.parts), 'data set')} together",
        num_problems=numbers.num_problems,
        base=numbers.base,
        candidate=numbers.candidate,
        value=numbers.value,
        interval=numbers.interval,
        decision=pooled.decision,
        margin=numbers.margin,
    )
