"""Symptoms of answers on pages: of a run with where they are, of one sample, of two runs side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import UNSET

from evalsite.counts.loaded import LoadedRun
from evalsite.report.symptoms import not_looked_at, shares
from evalsite.rundir.schema import Verdict
from evalsite.rundir.symptoms import Symptom
from evalsite.site.urls import Urls
from evalsite.site.views.frame import Crumb, Fact
from evalsite.site.views.marks import Mark
from evalsite.site.views.tallies import ErrorShare
from evalsite.stats.compare.symptoms import SymptomShift
from evalsite.stats.intervals import Estimate
from evalsite.words import cells
from evalsite.words.sentences import and_more, probability

HEAD = ("Symptom", "What it means", "Baseline", "Candidate", "Difference, points", "Interval", "p, corrected")
_SHOWN = 3
FREQUENT = 0.01
"""Share of answers from which on a symptom is one of the run's: nearly every run has some single ones."""


@dataclass(frozen=True)
class SymptomsOfRun:
    """Symptoms of a run's answers; all empty where nobody looked."""

    shares: tuple[ErrorShare, ...]
    """Those that occur, the most frequent first."""
    note: str
    """What the shares are of, or why there are none."""


def symptoms_of(entry: LoadedRun, urls: Urls) -> SymptomsOfRun:
    """Show the symptoms of a run, each with the first problems that have it."""
    found = sorted(shares(entry), key=lambda each: -each[1])
    widest = found[0][1] if found else 1
    return SymptomsOfRun(tuple(_share(entry, urls, each, widest) for each in found), _note(entry))


def frequent(entry: LoadedRun) -> tuple[str, ...]:
    """The symptoms that at least :data:`FREQUENT` of a run's answers have; none where nobody looked."""
    if not entry.tells_symptoms:
        return ()
    least = max(1.0, FREQUENT * float(entry.n.sum()))
    return tuple(symptom.value for symptom in Symptom if entry.symptoms(symptom).sum() >= least)


def _share(entry: LoadedRun, urls: Urls, found: tuple[Symptom, int, Estimate], widest: int) -> ErrorShare:
    symptom, number, share = found
    having = _having(entry, symptom)
    return ErrorShare(
        mark=Mark("open", "~", symptom.words),
        meaning=symptom.meaning,
        samples=f"{number:,}",
        percent=cells.percent(share.value),
        width=round(100 * number / widest, 1),
        problems=tuple(Crumb(task, urls.problem_in_run(entry.id, task)) for task in having[:_SHOWN]),
        more=and_more(len(having), _SHOWN),
        path=_path(entry, symptom, urls),
    )


def _some_failed(entry: LoadedRun, symptom: Symptom, number: int) -> bool:
    """Whether a list of failures names it: samples that passed can have it, too."""
    counts = entry.summary.symptoms
    return counts is not UNSET and number > counts.passed.get(symptom, 0)


def _having(entry: LoadedRun, symptom: str) -> list[str]:
    return [task for task, number in zip(entry.task_ids, entry.symptoms(symptom), strict=True) if number]


def _note(entry: LoadedRun) -> str:
    if not entry.summary.symptoms:
        return ""
    if told := not_looked_at(entry):
        return f"Not shown: {told}. evalsite tally RUN looks at all of them."
    return (
        "How answers went wrong as texts, whatever came of their programs; an answer may have several. "
        "Shares are of answers."
    )


def symptom_fact(verdict: Verdict) -> Iterator[Fact]:
    """The symptoms of one answer; none where it has none."""
    if verdict.symptoms and verdict.symptoms.names:
        found = verdict.symptoms
        where = f" (of {found.period} characters, from {found.began:,} on)" if found.period else ""
        names = [f"{name.replace('_', ' ')}{where if name == 'loop' else ''}" for name in found.names]
        yield Fact("symptoms", ", ".join(names))


def shift_rows(shifts: Sequence[SymptomShift]) -> tuple[tuple[str, ...], ...]:
    """Rows of :data:`HEAD`: both runs' shares of answers, and what is known of their difference."""
    return tuple(
        (
            shift.symptom.words,
            shift.symptom.meaning,
            f"{cells.percent(shift.base_share)} %",
            f"{cells.percent(shift.candidate_share)} %",
            *cells.moved(shift.value, shift.interval),
            probability(shift.p_adjusted),
        )
        for shift in shifts
    )


def shift_paths(
    shifts: Sequence[SymptomShift], pair: tuple[LoadedRun, LoadedRun], urls: Urls
) -> tuple[tuple[str, ...], ...]:
    """Where the cells of :func:`shift_rows` lead: each run's share to its failed answers that have it."""
    return tuple(
        ("", "", *(_path(run, shift.symptom, urls) for run in pair), *("" for _ in HEAD[4:]))
        for shift in shifts
    )


def _path(entry: LoadedRun, symptom: Symptom, urls: Urls) -> str:
    """The list of a run's failed answers that have a symptom; empty where none of those failed."""
    number = int(entry.symptoms(symptom).sum())
    return urls.listed(entry.id, f"symptom={symptom}") if _some_failed(entry, symptom, number) else ""
