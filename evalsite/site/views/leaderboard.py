"""The leaderboard: first the answer, then the targets, then the runs of each data set."""

import shlex
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import get_args

from markupsafe import Markup

from evalsite.counts.loaded import LoadedRun
from evalsite.report.edits import TABLE_HEADER, format_rows
from evalsite.site.charts.drawing import Drawn
from evalsite.site.charts.lines import curve_chart
from evalsite.site.charts.live import to_plain_json
from evalsite.site.charts.series import Series
from evalsite.site.charts.spots import score_chart, time_chart
from evalsite.site.charts.tradeoffs import MEASURES, tradeoff_chart
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup, Evidence
from evalsite.site.options import SiteOptions
from evalsite.site.views.candidates import Candidates, candidates_of
from evalsite.site.views.frame import Frame, Page
from evalsite.site.views.marks import (
    Badge,
    Mark,
    Score,
    Strip,
    badges_of,
    cautions_of,
    decision_mark,
    score_of,
    strip_of,
)
from evalsite.site.views.suite import Suite, suite_of
from evalsite.site.views.targets import Answer, TargetRow, answer_of, standings, target_rows
from evalsite.stats.baseline import why_undecided
from evalsite.stats.cliffs import level_of
from evalsite.stats.compare import MARGIN, RunComparison
from evalsite.stats.compare.ranks import Told, rank_intervals, told_apart
from evalsite.stats.decision import Decision
from evalsite.stats.intervals import Interval, estimate_pass_at_k
from evalsite.words import cells
from evalsite.words.sentences import count


@dataclass(frozen=True)
class Delta:
    """A run's difference from the baseline in points, with its paired interval."""

    text: str
    low: str
    high: str
    value: float
    mark: Mark
    path: str
    why: str


@dataclass(frozen=True)
class Row:
    """One run on the leaderboard. Texts are for reading, numbers for sorting and drawing."""

    rank: str
    rank_between: str
    """``2 to 4``: where the data leave open which of several it is; else empty."""
    run_id: str
    slug: str
    model: str
    name: str
    """What it is called among the runs of its data set."""
    path: str
    side: str
    badges: tuple[Badge, ...]
    cautions: tuple[str, ...]
    family: str
    quantization: str
    score: Score | None
    score_why: str
    """Why there is no score."""
    pass_10: str
    pass_10_value: float | None
    pass_10_why: str
    delta: Delta | None
    strip: Strip
    samples: str
    temperature: str
    latency: str
    latency_value: float | None
    bits: str
    size: str
    size_value: float | None
    day: str
    words: str
    """What the text filter looks through."""


@dataclass(frozen=True)
class Board:
    """The runs on one data set."""

    anchor: str
    name: str
    detail: str
    languages: tuple[str, ...]
    kinds: tuple[str, ...]
    baseline: str
    """Id of the only baseline; empty where there is none, or where several families have each their own."""
    no_choice: str
    """What the choice of a baseline is called while there is no single one."""
    baseline_note: str
    """Which baseline is missing, or how to name one where there is none."""
    tick: float | None
    """Where the allowed loss ends, in percent: drawn into every bar."""
    rows: tuple[Row, ...]
    cliffs_path: str
    """The page about the data set's levels of difficulty; empty where it has none."""
    edits: tuple[tuple[str, ...], ...]
    """Rows of edits by format and model; none where answers were to be no edits."""
    edits_head: tuple[str, ...]
    single: bool
    figures: tuple[Drawn, ...]
    figures_note: str
    pairs: Markup
    """All comparisons as JSON, both ways round, for the choice of another baseline."""


@dataclass(frozen=True)
class LeaderboardView:
    """The context of ``pages/leaderboard.html``."""

    answer: Answer | None
    candidates: Candidates | None
    """Every candidate by every target; None for a single one."""
    targets: tuple[TargetRow, ...]
    source: str
    """What the targets are: a file's name, or what holds without one."""
    suite: Suite | None
    """All data sets beside one another; None where there is one."""
    boards: tuple[Board, ...]
    unread: tuple[str, ...]
    """Which runs are missing, and why."""
    languages: tuple[str, ...]
    kinds: tuple[str, ...]
    families: tuple[str, ...]
    quantizations: tuple[str, ...]


def leaderboard_page(judgement: Judgement, options: SiteOptions) -> Page:
    """Make the front page."""
    evidence = judgement.evidence
    boards = tuple(_board(group, judgement) for group in evidence.groups)
    cards = [entry.run.model.card for entry in evidence.entries]
    answer = answer_of(judgement)
    view = LeaderboardView(
        answer=answer,
        candidates=candidates_of(judgement),
        targets=target_rows(judgement),
        source=judgement.targets.source,
        suite=suite_of(judgement),
        boards=boards,
        unread=tuple(one.sentence for one in evidence.unread),
        languages=tuple(sorted({one for board in boards for one in board.languages})),
        kinds=tuple(sorted({one for board in boards for one in board.kinds})),
        families=tuple(sorted({card.family for card in cards if card.family})),
        quantizations=tuple(sorted({card.quantization for card in cards if card.quantization})),
    )
    told = f"{count(len(evidence.entries), 'run')} on {count(len(boards), 'data set')}."
    frame = Frame(
        path="",
        title=options.title,
        description=_description(judgement, told),
        plots=any(board.figures for board in boards),
        script="leaderboard",
    )
    return Page("pages/leaderboard.html", frame, view)


def _description(judgement: Judgement, told: str) -> str:
    """Name the models that are judged, as far as search engines and chats show it."""
    lines = [f"{model}: {standing.answer}" for model, standing in standings(judgement)]
    more = [f"{len(lines) - MOST_NAMED} more models judged."] if len(lines) > MOST_NAMED else []
    return " ".join((*lines[:MOST_NAMED], *more, told))


MOST_NAMED = 3
"""Models in the front page's description."""


def _board(group: DatasetGroup, judgement: Judgement) -> Board:
    base = group.baselines[0] if len(group.baselines) == 1 else None
    ranks = _ranks(group.entries)
    between = _rank_intervals(group.entries, judgement)
    tick = None
    if base is not None and base.pass_at_1 is not None:
        tick = round(max(0.0, 100 * (base.pass_at_1 - _margin(group, judgement))), 1)
    figures = _figures(group, judgement)
    return Board(
        anchor=group.anchor,
        name=group.label,
        detail=f"{count(len(group.problems), 'problem')}, {count(len(group.entries), 'run')}",
        languages=group.languages,
        kinds=group.kinds,
        baseline=base.id if base else "",
        no_choice="each family's own" if group.baselines else "none",
        baseline_note=_baseline_note(group, judgement.evidence),
        tick=tick,
        rows=tuple(
            _row(entry, group, judgement, (ranks[entry.id], between.get(entry.id, "")))
            for entry in group.entries
        ),
        cliffs_path=judgement.cliff_paths.get(level_of(group.entries[0])[0], ""),
        edits=tuple(format_rows(group.entries, [entry.model for entry in group.entries])),
        edits_head=tuple(name.capitalize() for name in TABLE_HEADER),
        single=len(group.entries) == 1,
        figures=figures,
        figures_note=_figures_note(group, figures),
        pairs=_pairs(group, judgement),
    )


def _margin(group: DatasetGroup, judgement: Judgement) -> float:
    for entry in group.candidates():
        found = judgement.against_baseline(entry)
        if found and found.numbers:
            return found.numbers.margin
    return MARGIN


def _baseline_note(group: DatasetGroup, evidence: Evidence) -> str:
    unknown, held = evidence.unknown_baseline, evidence.baselines
    if unknown:
        return f"The baseline that is named, {unknown!r}, has no run here."
    runs = [entry.run for entry in group.entries]
    if undecided := next(filter(None, (why_undecided(run, runs) for run in runs if run.id not in held)), ""):
        return undecided
    if group.baselines:
        return ""
    return (
        "No baseline is set for this data set, so nothing is held against anything. Build with "
        f'--baseline {shlex.quote(group.entries[0].model)}, or say role = "baseline" in a model card.'
    )


def _ranks(entries: Sequence[LoadedRun]) -> dict[str, str]:
    """Rank the runs that ask all problems; equal scores share a rank."""
    ranks: dict[str, str] = {}
    ranked = [entry for entry in entries if entry.asks_all and entry.pass_at_1 is not None]
    for place, entry in enumerate(ranked, start=1):
        before = ranked[place - 2] if place > 1 else None
        tied = before is not None and before.pass_at_1 == entry.pass_at_1
        ranks[entry.id] = ranks[before.id] if tied and before else str(place)
    return {entry.id: ranks.get(entry.id, cells.DASH) for entry in entries}


def _rank_intervals(entries: Sequence[LoadedRun], judgement: Judgement) -> dict[str, str]:
    """Between which ranks a run may be, by its id, where that is more than one."""
    ranked = [entry.id for entry in entries if entry.asks_all and entry.pass_at_1 is not None]
    found = rank_intervals(ranked, _told(judgement))
    return {run: f"{best} to {worst}" for run, (best, worst) in found.items() if best < worst}


def _told(judgement: Judgement) -> dict[tuple[str, str], Told]:
    """What each comparison says of its two runs' scores."""
    return {
        pair: (found.numbers.main.value, found.numbers.main.p_value)
        for pair, found in judgement.comparisons.items()
        if found.numbers and not found.pending
    }


def _row(entry: LoadedRun, group: DatasetGroup, judgement: Judgement, rank: tuple[str, str]) -> Row:
    run, summary = entry.run, entry.summary
    card, side = run.model.card, judgement.side(entry)
    ten = estimate_pass_at_k(entry.n, entry.c, 10) if entry.max_k >= 10 else None
    latency = summary.latency_s.mean if summary.latency_s else None
    return Row(
        rank=rank[0],
        rank_between=rank[1],
        run_id=entry.id,
        slug=judgement.evidence.urls.runs[entry.id],
        model=entry.model,
        name=group.names[entry.id],
        path=judgement.evidence.urls.run(entry.id),
        side=side,
        badges=badges_of(card.quantization, side),
        cautions=cautions_of(run),
        family=card.family,
        quantization=card.quantization,
        score=score_of(estimate_pass_at_k(entry.n, entry.c, 1)) if entry.max_k else None,
        score_why=_why_no_score(entry),
        pass_10=cells.percent(ten.value) if ten else cells.DASH,
        pass_10_value=round(100 * ten.value, 4) if ten else None,
        pass_10_why="" if ten else f"needs 10 samples of each problem, has {entry.max_k}",
        delta=_delta(entry, judgement),
        strip=strip_of(entry, group.task_ids),
        samples=str(run.num_samples),
        temperature=f"{run.settings.temperature:g}" if run.settings else cells.DASH,
        latency=cells.seconds(latency),
        latency_value=latency,
        bits=cells.bits(card.bits_per_weight),
        size=cells.size(card.weights_bytes),
        size_value=float(card.weights_bytes) if card.weights_bytes else None,
        day=cells.day(run.created_at),
        words=f"{entry.model} {card.family} {card.quantization} {card.parameters} {side} {entry.id}".lower(),
    )


def _why_no_score(entry: LoadedRun) -> str:
    if entry.is_ungraded:
        return "not graded yet"
    return "" if entry.max_k else f"{count(len(entry.short_of(1)), 'problem')} without a sample"


def _delta(entry: LoadedRun, judgement: Judgement) -> Delta | None:
    found = judgement.against_baseline(entry)
    if found is None or found.numbers is None:
        return None
    main, margin = found.numbers.main, found.numbers.margin
    low, high = cells.point_limits(main.interval.low, main.interval.high, [-100 * margin])
    return Delta(
        text=cells.points(main.value),
        low=low,
        high=high,
        value=round(100 * main.value, 4),
        mark=decision_mark(found.decision, sequential=bool(found.sequential)),
        path=judgement.compare_path(entry),
        why=found.headline,
    )


def _pairs(group: DatasetGroup, judgement: Judgement) -> Markup:
    """Return the marks of decisions, and every comparison both ways round, in words, as JSON.

    A pair has its two slugs, its path, why nothing is concluded from it (if so), and what the ``run``
    is against the ``base``, and the base against the run: ``[difference, range, value, decision]``.
    """
    members = {entry.id for entry in group.entries}
    pairs = [
        _pair(found, judgement)
        for (base, candidate), found in judgement.comparisons.items()
        if base in members and candidate in members and found.numbers
    ]
    decisions = get_args(Decision)
    return to_plain_json({"marks": {one: astuple(decision_mark(one)) for one in decisions}, "pairs": pairs})


def _pair(found: RunComparison, judgement: Judgement) -> dict[str, object]:
    assert found.numbers is not None
    urls, main, margin = judgement.evidence.urls, found.numbers.main, found.numbers.margin
    return {
        "base": urls.runs[found.base.id],
        "run": urls.runs[found.candidate.id],
        "path": urls.compare(found.base.id, found.candidate.id),
        "why": found.pending,
        "straight": _in_words(main.value, main.interval, found.decision, margin),
        "mirrored": _in_words(
            -main.value, main.interval.scaled(-1), found.mirrored_decision, found.numbers.margin
        ),
    }


def _in_words(value: float, interval: Interval, decision: Decision, margin: float) -> list[object]:
    spread = " to ".join(cells.point_limits(interval.low, interval.high, [-100 * margin]))
    return [cells.points(value), spread, round(100 * value, 4), decision]


def _figures(group: DatasetGroup, judgement: Judgement) -> tuple[Drawn, ...]:
    slugs = judgement.evidence.urls.runs
    runs = [
        Series(entry, judgement.side(entry), slugs[entry.id]) for entry in group.entries if entry.asks_all
    ]
    stem = f"fig-{group.anchor}"
    vacuous = {one.run.id for one in runs if judgement.is_vacuous(one.run)}
    known = told_apart([one.run.id for one in runs], _told(judgement))
    drawn = (
        score_chart(f"{stem}-score", runs),
        curve_chart(f"{stem}-curves", runs),
        *(tradeoff_chart(f"{stem}-{measure.id}", measure, runs, known, vacuous) for measure in MEASURES),
        time_chart(f"{stem}-time", runs),
    )
    return tuple(figure for figure in drawn if figure)


def _figures_note(group: DatasetGroup, figures: Sequence[Drawn]) -> str:
    """Say what would make the charts appear that are not there."""
    wanted = []
    if len(group.entries) < 2:
        wanted.append("a second run")
    have = {figure.id.rpartition("-")[2] for figure in figures}
    if "curves" not in have:
        wanted.append("two or more samples of each problem (--num-samples)")
    if not have & {"bits", "size"}:
        wanted.append("bits per weight or sizes in two model cards (--model-card)")
    if "time" not in have:
        wanted.append("runs on three days or more (scores over time)")
    return f"More charts need {', and '.join(wanted)}." if wanted else ""
