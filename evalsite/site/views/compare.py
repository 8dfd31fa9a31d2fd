"""Two runs, paired: the verdict, the numbers, the problems that changed sides, the shift of failures."""

from collections.abc import Mapping
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.report.asked import asked_in_words
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.charts.drawing import Drawn
from evalsite.site.evidence.judgement import MOST_TOGETHER
from evalsite.site.subjects.runs import PairSubject
from evalsite.site.urls import Urls
from evalsite.site.views import edits
from evalsite.site.views.beside import Contender, sample_path
from evalsite.site.views.calls import ComparedCalls, compared_calls
from evalsite.site.views.difference import curves_chart, difference_chart
from evalsite.site.views.distance import DistanceRow, distance_rows
from evalsite.site.views.flip import Pair, has_page
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.gains import Gains, gains_of
from evalsite.site.views.linked import Said, in_failures, linked
from evalsite.site.views.marks import (
    Badge,
    Mark,
    Score,
    Strip,
    badges_of,
    decision_mark,
    score_of,
    strip_of,
    verdict_mark,
)
from evalsite.site.views.parting import Parting, parting_of
from evalsite.site.views.symptoms import HEAD, shift_paths, shift_rows
from evalsite.stats.compare.flips import TITLES, Flip, grouped
from evalsite.stats.compare.numbers import Difference
from evalsite.stats.compare.runs import RunComparison
from evalsite.stats.compare.shift import ErrorShift
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.words import cells
from evalsite.words.sentences import certainty, count, of_all


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    name: str
    path: str
    role: str
    """``baseline`` or ``candidate``: which side of this comparison it is."""
    badges: tuple[Badge, ...]
    asked: Said
    """How it was asked, and how many answers were cut off."""
    day: str
    score: Score | None
    strip: Strip


@dataclass(frozen=True)
class DifferenceRow:
    """pass@k in both runs, and how it differs."""

    k: int
    base: str
    candidate: str
    difference: str
    interval: str
    p_value: str
    adjusted: str
    test: str
    detectable: str


@dataclass(frozen=True)
class FlipRow:
    """A problem that changed."""

    task_id: str
    base: str
    candidate: str
    shares: tuple[float, float]
    """Of passes in both, for sorting."""
    base_path: str
    """Of a sample that shows the change."""
    candidate_path: str
    beside_path: str
    """Of the page with both programs; empty where there is none."""
    change: str
    change_value: float
    p_value: str
    p_number: float
    across: str


@dataclass(frozen=True)
class FlipGroup:
    """Problems that changed in one way."""

    id: str
    title: str
    mark: Mark
    rows: tuple[FlipRow, ...]
    path: str
    """Of all broken or fixed problems in the list of all; empty for others."""
    folded: bool
    """Whether the rows are folded away: the problems stayed on their side."""


@dataclass(frozen=True)
class ShiftRow:
    """One error class in both runs, as shares of samples."""

    mark: Mark
    base: str
    candidate: str
    change: str
    base_width: float
    candidate_width: float
    base_path: str
    """Of these problems in the list of all; empty where there is none."""
    candidate_path: str


@dataclass(frozen=True)
class CompareView:
    """The context of ``pages/compare.html``."""

    title: str
    sides: tuple[Side, Side]
    dataset: str
    mark: Mark
    headline: str
    difference: Drawn | None
    curves: Drawn | None
    gains: Gains | None
    notes: tuple[Said, ...]
    reservations: tuple[str, ...]
    num_problems: str
    method: str
    """Of the intervals, with their confidence."""
    differences: tuple[DifferenceRow, ...]
    corrected: bool
    """Whether several comparisons were corrected together."""
    flips: tuple[FlipGroup, ...]
    noise_floor: str
    listed: str
    """Path of the list of all problems; empty where there is none."""
    shift: tuple[ShiftRow, ...]
    shift_sentence: Said
    symptoms: tuple[tuple[str, ...], ...]
    """How symptoms of answers shifted: rows of :data:`.symptoms.HEAD`."""
    symptoms_head: tuple[str, ...]
    symptoms_paths: tuple[tuple[str, ...], ...]
    """Where each of their cells leads; shares to the failed answers that have it."""
    calls: ComparedCalls | None
    edits: tuple[tuple[str, ...], ...]
    """How edits fared in both runs: rows of :data:`.edits.HEAD`; none where answers were to be no edits."""
    edits_head: tuple[str, ...]
    formats: str
    """In which formats edits were asked for."""
    parting: Parting
    models_path: str
    """Of the page of both models over all that was measured; empty where there is none."""
    distances: tuple[DistanceRow, ...]
    """How far both models are apart, token by token."""


_SIGNS = {"broken": ("bad", "✗"), "fixed": ("good", "✓"), "worse": ("bad", "↓"), "better": ("good", "↑")}
"""Kind of flip -> tone and sign."""


Sides = Mapping[str, tuple[Contender, Contender]]
"""Problem -> the samples that show its flip."""


def compare_page(subject: PairSubject, sides: Sides) -> Page:
    """Make the page of one pair: the baseline, or the older run, first."""
    found, urls, dataset = subject.found, subject.urls, subject.dataset
    base, candidate = subject.pair
    rows = found.numbers.differences if found.numbers else ()
    archived = any(run.id in urls.archived for run in subject.pair)
    listed = "" if archived else urls.failures_of_pair(base.id, candidate.id)
    places = _places(found, urls)
    view = CompareView(
        title=subject.title,
        sides=(
            _side(base, "baseline", subject),
            _side(candidate, "candidate", subject),
        ),
        dataset=dataset.label,
        mark=decision_mark(found.decision, sequential=bool(found.sequential)),
        headline=found.headline,
        difference=difference_chart(found),
        curves=curves_chart(found, subject.names),
        gains=gains_of(found),
        notes=tuple(linked(note, places) for note in _notes(found, crowded=subject.crowded)),
        reservations=found.reservations,
        num_problems=of_all(found.numbers.num_problems, found.total_problems) if found.numbers else "",
        method=_method(rows),
        differences=tuple(_difference(row, found.numbers.margin) for row in rows) if found.numbers else (),
        corrected=any(row.num_tests > 1 for row in rows),
        flips=_flips(found, sides, listed, urls),
        listed=listed,
        noise_floor=found.noise_floor.sentence if found.noise_floor else "",
        shift=_shift(found.shift, listed),
        shift_sentence=_shift_sentence(found.shift, listed),
        symptoms=shift_rows(found.symptoms or ()),
        symptoms_head=HEAD,
        symptoms_paths=shift_paths(found.symptoms or (), subject.pair, urls),
        calls=compared_calls(found),
        edits=edits.compared_rows(found),
        edits_head=edits.HEAD,
        formats=edits.formats_of(found),
        parting=parting_of(found),
        models_path=subject.models_path,
        distances=distance_rows(subject.distances),
    )
    frame = Frame(
        path=subject.path,
        title=subject.title,
        description=found.headline,
        crumbs=(
            Crumb(dataset.label, dataset.path),
            Crumb(subject.names[1], urls.run(candidate.id)),
            Crumb(subject.against, subject.path),
        ),
        plots=view.curves is not None,
        script="compare",
    )
    return Page("pages/compare.html", frame, view)


def _side(entry: LoadedRun, role: str, subject: PairSubject) -> Side:
    quantization = entry.run.model.card.quantization
    return Side(
        name=subject.name_of(entry),
        path=subject.urls.run(entry.id),
        role=role,
        badges=badges_of(quantization, role)[:1] if quantization else (),
        asked=linked(_asked(entry), in_failures((VerdictClass.TRUNCATED,), entry.id, subject.urls)),
        day=cells.day(entry.run.created_at),
        score=score_of(estimate_pass_at_k(entry.n, entry.c, 1)) if entry.max_k else None,
        strip=strip_of(entry, subject.dataset.task_ids),
    )


def _asked(entry: LoadedRun) -> str:
    words = asked_in_words(entry.run)
    if entry.run.settings is not None:
        words += f", at most {count(entry.run.settings.max_tokens, 'token')}"
    cut = entry.summary.verdicts.get(VerdictClass.TRUNCATED, 0)
    return f"{words}; {cells.percent(cut / entry.num_samples)} % truncated" if cut else words


def _notes(found: RunComparison, *, crowded: bool) -> tuple[str, ...]:
    """The careful reader's notes, without what stands elsewhere on the page."""
    elsewhere = set(found.reservations)
    if found.noise_floor:
        elsewhere.add(found.noise_floor.sentence)
    if found.shift:
        elsewhere.add(found.shift.sentence)
    alone = (
        f"More than {MOST_TOGETHER} candidates are held against this baseline. p-values are of this "
        "comparison alone, and among so many some are small by chance."
    )
    return (*(note for note in found.notes if note not in elsewhere), *([alone] if crowded else []))


def _method(rows: tuple[Difference, ...]) -> str:
    if not rows:
        return ""
    interval = rows[0].interval
    return f"{certainty(interval.confidence)} intervals, {interval.method}"


def _difference(row: Difference, margin: float) -> DifferenceRow:
    moved, interval = cells.moved(row.value, row.interval, margin if row.k == 1 else None)
    return DifferenceRow(
        k=row.k,
        base=cells.percent(row.base),
        candidate=cells.percent(row.candidate),
        difference=moved,
        interval=interval,
        p_value=cells.p_value(row.p_value),
        adjusted=cells.p_value(row.p_adjusted),
        test=row.test,
        detectable="–" if row.detectable is None else cells.percent(row.detectable),
    )


def _flips(found: RunComparison, sides: Sides, listed: str, urls: Urls) -> tuple[FlipGroup, ...]:
    pair = found.base, found.candidate
    return tuple(
        FlipGroup(
            id=group,
            title=TITLES[group],
            mark=Mark(*_SIGNS[flips[0].kind], count(len(flips), "problem")),
            rows=tuple(_flip(flip, sides.get(flip.task_id), pair, urls) for flip in flips),
            path=f"{listed}#status={flips[0].kind}" if listed and flips[0].crossed else "",
            folded=not flips[0].crossed,
        )
        for group, flips in grouped(found.flips).items()
    )


def _flip(flip: Flip, sides: tuple[Contender, Contender] | None, pair: Pair, urls: Urls) -> FlipRow:
    base, candidate = (entry.id for entry in pair)
    base_path, candidate_path = (urls.problem_in_run(run_id, flip.task_id) for run_id in (base, candidate))
    beside_path = ""
    if sides:
        base_path, candidate_path = (sample_path(side, urls) for side in sides)
        beside_path = urls.flip(base, candidate, flip.task_id) if has_page(flip, pair, urls) else ""
    return FlipRow(
        task_id=flip.task_id,
        base=f"{flip.base_c} of {flip.base_n}",
        candidate=f"{flip.cand_c} of {flip.cand_n}",
        shares=(round(flip.base_c / flip.base_n, 4), round(flip.cand_c / flip.cand_n, 4)),
        base_path=base_path,
        candidate_path=candidate_path,
        beside_path=beside_path,
        change=cells.points(flip.change, 0),
        change_value=round(flip.change, 4),
        p_value=cells.p_value(flip.p_value),
        p_number=round(flip.p_value, 6),
        across=urls.problem(flip.task_id),
    )


def _shift(shift: ErrorShift | None, listed: str) -> tuple[ShiftRow, ...]:
    if shift is None:
        return ()
    widest = max((max(row.base_share, row.candidate_share) for row in shift.classes), default=0.0) or 1.0
    return tuple(
        ShiftRow(
            mark=verdict_mark(row.kind),
            base=f"{cells.percent(row.base_share)}",
            candidate=f"{cells.percent(row.candidate_share)}",
            change=cells.points(row.change),
            base_width=round(100 * row.base_share / widest, 1),
            candidate_width=round(100 * row.candidate_share / widest, 1),
            base_path=_of_class(listed, "was", row.kind, row.base_share),
            candidate_path=_of_class(listed, "class", row.kind, row.candidate_share),
        )
        for row in sorted(shift.classes, key=lambda row: -max(row.base_share, row.candidate_share))
    )


def _shift_sentence(shift: ErrorShift | None, listed: str) -> Said:
    """Its classes lead to problems: those of the candidate, or where it has none those of the baseline."""
    if shift is None:
        return ()
    places = {
        row.words: _of_class(listed, "class", row.kind, row.candidate_share)
        or _of_class(listed, "was", row.kind, row.base_share)
        for row in shift.classes
    }
    return linked(shift.sentence, places)


def _places(found: RunComparison, urls: Urls) -> dict[str, str]:
    """Where a problem's name leads: to both programs where it changed sides, else to its page.

    A symptom's leads to failed answers that have it: the candidate's, or where it has none the baseline's.
    """
    pair = found.base, found.candidate
    shifts = found.symptoms or ()
    having = {
        f"symptom {shift.symptom.words}": next((path for path in reversed(paths) if path), "")
        for shift, paths in zip(shifts, shift_paths(shifts, pair, urls), strict=True)
    }
    flips = {flip.task_id for flip in found.flips if has_page(flip, pair, urls)}
    return having | {
        task: urls.flip(found.base.id, found.candidate.id, task) if task in flips else urls.problem(task)
        for task in urls.tasks
    }


def _of_class(listed: str, key: str, kind: str, share: float) -> str:
    return f"{listed}#{key}={kind}" if listed and share and kind != VerdictClass.PASSED else ""
