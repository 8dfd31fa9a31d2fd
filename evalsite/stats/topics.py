"""The topics of a card of two models, and what makes the rows of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalsite.calls.task import KIND as CALLS
from evalsite.counts.loaded import LoadedRun
from evalsite.edits.exercise import KIND as EXERCISE
from evalsite.languages import title_of
from evalsite.rundir.agents import KIND as AGENT
from evalsite.rundir.schema import DEFAULT_LANGUAGE
from evalsite.rundir.symptoms import Symptom
from evalsite.stats.cliffs import AT, Cliff
from evalsite.stats.compare.clusters import Weights
from evalsite.stats.compare.common import comparable, sources_of
from evalsite.stats.compare.numbers import Comparison
from evalsite.stats.compare.pooled import Pooled, Stratum, pool
from evalsite.stats.compare.runs import RunComparison
from evalsite.stats.compare.signflip import holm
from evalsite.stats.compare.suites import SuiteComparison, compare_suites
from evalsite.stats.compare.symptoms import SIGNIFICANT
from evalsite.stats.decision import Decision
from evalsite.stats.intervals import CONFIDENCE, Interval
from evalsite.words.limits import outward
from evalsite.words.sentences import count, figure

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
    lacks: str = ""
    """The model that was not asked this, where the other one was: nothing is compared."""


@dataclass(frozen=True, eq=False)
class Measured:
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


def alone(run: LoadedRun, lacks: str, *, named: bool) -> tuple[str, CardRow]:
    """A data set that one model alone was asked: the topic it would be of, and what is said of it.

    ``named``: whether the other one was asked other problems under the same name.
    """
    told = f"not measured for {lacks}{' with these problems' if named else ''}"
    topic = "cliffs" if run.run.dataset.level else topic_of(run)
    return topic, CardRow(run.dataset, int(run.n.size), told=told, lacks=lacks)


def _functions(measured: Measured) -> Iterator[CardRow]:
    found = measured.of("functions")
    yield from (_passed(one, one.candidate.dataset) for one in found)
    yield from _together(measured, found, "functions")


def _languages(measured: Measured) -> Iterator[CardRow]:
    found = measured.of("languages")
    for one in found:
        titles = " and ".join(title_of(name) for name in one.candidate.languages)
        yield _passed(one, f"{titles}: {one.candidate.dataset}")
    yield from _together(measured, found, "other languages")


def _calls(measured: Measured) -> Iterator[CardRow]:
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


def _edits(measured: Measured) -> Iterator[CardRow]:
    found = measured.of("edits")
    words = {"well_formed": "can be read", "applied": "apply", "first": "pass at the first turn"}
    for one in found:
        formats = dict.fromkeys(one.edits.formats) if one.edits else ()
        name = one.candidate.dataset + (f" ({' / '.join(formats)})" if formats else "")
        yield _passed(one, f"{name}: edits that pass")
        for field, compared in one.edits.figures.items() if one.edits else ():
            yield _compared(one, compared, f"{name}: edits that {words[field]}")
    yield from _together(measured, found, "edits that pass")


def _agent(measured: Measured) -> Iterator[CardRow]:
    found = measured.of("agent")
    yield from (_passed(one, f"{one.candidate.dataset}: solved") for one in found)
    yield from _together(measured, found, "solved by agents")


def _cliffs(measured: Measured) -> Iterator[CardRow]:
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


def _distance(measured: Measured) -> Iterator[CardRow]:
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


def _symptoms(measured: Measured) -> Iterator[CardRow]:
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


def _shifted(found: Sequence[RunComparison], symptom: Symptom, measured: Measured) -> Pooled:
    """The share of answers with a symptom, as if it were what passes."""
    strata = []
    for one in found:
        here, there = comparable(one.base, one.candidate)
        clusters = sources_of(one.base, one.candidate, here)
        ours, theirs = one.base.symptoms(symptom), one.candidate.symptoms(symptom)
        strata.append(
            Stratum(clusters, (one.base.n[here], ours[here]), (one.candidate.n[there], theirs[there]))
        )
    return pool(strata, measured.weights, margin=measured.margin, confidence=CONFIDENCE)


TOPICS = (
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
    runs = found.base.id, found.candidate.id
    if found.numbers is None:
        return CardRow(what, 0, decision=found.decision, told=found.headline, runs=runs)
    return _row(what, found.numbers, found.decision, runs)


def _compared(found: RunComparison, numbers: Comparison, what: str) -> CardRow:
    """Another figure of the same answers."""
    return _row(what, numbers, found.decided(numbers), (found.base.id, found.candidate.id))


def _together(measured: Measured, found: Sequence[RunComparison], what: str) -> Iterator[CardRow]:
    if pooled := measured.pooled(found):
        yield pooled_row(pooled, what)


def pooled_row(pooled: SuiteComparison, what: str) -> CardRow:
    """Several data sets together."""
    name = f"{what}, {count(len(pooled.parts), 'data set')} together"
    return _row(name, pooled.numbers, pooled.decision)


def _row(
    what: str, numbers: Comparison | Pooled, decision: Decision, runs: tuple[str, str] | None = None
) -> CardRow:
    main = numbers.main
    return CardRow(
        what=what,
        num_problems=numbers.num_problems,
        base=main.base,
        candidate=main.candidate,
        value=main.value,
        interval=main.interval,
        decision=decision,
        margin=numbers.margin,
        runs=runs,
    )
