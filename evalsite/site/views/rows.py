"""Runs on one data set as rows of a table, and what each is against any other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import get_args

from markupsafe import Markup

from evalsite.counts.loaded import LoadedRun
from evalsite.site.charts.live import to_plain_json
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup
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
from evalsite.site.views.symptoms import frequent
from evalsite.stats.compare.ranks import Told, rank_intervals
from evalsite.stats.compare.runs import RunComparison
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
    symptoms: tuple[str, ...]
    """Those that are frequent among its answers."""
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
class RunTable:
    """Runs of a data set that stand in one table, in the order of their ranks."""

    dataset: str
    tick: float | None
    """Where the allowed loss ends, in percent: drawn into every bar."""
    rows: tuple[Row, ...]
    single: bool
    """Whether there is one run only, which nothing can be compared with."""
    pairs: Markup
    """Comparisons as JSON, both ways round, for the choice of another baseline: of two of these runs, and of
    one of them with one of an earlier table."""


def run_tables(
    group: DatasetGroup,
    judgement: Judgement,
    split: Sequence[Sequence[LoadedRun]],
    told: Mapping[tuple[str, str], Told],
    tick: float | None,
) -> Iterator[RunTable]:
    """Make a table of each part of a data set's runs; ``told``: what each comparison says of two scores."""
    ranks, between = _ranks(group.entries), _rank_intervals(group.entries, told)
    place: dict[str, int] = {}
    for number, entries in enumerate(split):
        for entry in entries:
            place.setdefault(entry.id, number)
    pairs: list[list[RunComparison]] = [[] for _ in split]
    for (base, candidate), found in judgement.comparisons.items():
        if base in place and candidate in place and found.numbers:
            pairs[max(place[base], place[candidate])].append(found)
    for entries, known in zip(split, pairs, strict=True):
        yield RunTable(
            dataset=group.label,
            tick=tick,
            rows=tuple(
                _row(entry, group, judgement, (ranks[entry.id], between.get(entry.id, "")))
                for entry in entries
            ),
            single=len(group.entries) == 1,
            pairs=_pairs(known, judgement),
        )


def told_by(judgement: Judgement) -> dict[tuple[str, str], Told]:
    """What each comparison says of its two runs' scores."""
    return {
        pair: (found.numbers.main.value, found.numbers.main.p_value)
        for pair, found in judgement.comparisons.items()
        if found.numbers and not found.pending
    }


def _ranks(entries: Sequence[LoadedRun]) -> dict[str, str]:
    """Rank the runs that ask all problems; equal scores share a rank."""
    ranks: dict[str, str] = {}
    ranked = [entry for entry in entries if entry.asks_all and entry.pass_at_1 is not None]
    for place, entry in enumerate(ranked, start=1):
        before = ranked[place - 2] if place > 1 else None
        tied = before is not None and before.pass_at_1 == entry.pass_at_1
        ranks[entry.id] = ranks[before.id] if tied and before else str(place)
    return {entry.id: ranks.get(entry.id, cells.DASH) for entry in entries}


def _rank_intervals(entries: Sequence[LoadedRun], told: Mapping[tuple[str, str], Told]) -> dict[str, str]:
    """Between which ranks a run may be, by its id, where that is more than one."""
    ranked = [entry.id for entry in entries if entry.asks_all and entry.pass_at_1 is not None]
    found = rank_intervals(ranked, told)
    return {run: f"{best} to {worst}" for run, (best, worst) in found.items() if best < worst}


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
        symptoms=frequent(entry),
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
    low, high = cells.point_limits(main.interval, margin)
    return Delta(
        text=cells.points(main.value),
        low=low,
        high=high,
        value=round(100 * main.value, 4),
        mark=decision_mark(found.decision, sequential=bool(found.sequential)),
        path=judgement.compare_path(entry),
        why=found.headline,
    )


def _pairs(known: Iterable[RunComparison], judgement: Judgement) -> Markup:
    """Return the marks of decisions, and comparisons both ways round, in words, as JSON.

    A pair has its two slugs, its path, why nothing is concluded from it (if so), and what the ``run``
    is against the ``base``, and the base against the run: ``[difference, range, value, decision]``.
    """
    pairs = [_pair(found, judgement) for found in known]
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
    return [*cells.moved(value, interval, margin), round(100 * value, 4), decision]
