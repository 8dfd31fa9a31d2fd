"""One run: how it did, where it failed, how it was made."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.tally import SHOWN_KS
from evalsite.counts.times import why_untimed
from evalsite.rundir.schema import Completion, Distribution, Summary, Tally
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.charts import Figure, curve_figure
from evalsite.site.histogram import Histogram, histogram
from evalsite.site.judgement import Conclusion
from evalsite.site.marks import (
    Badge,
    Mark,
    Score,
    badges_of,
    cautions_of,
    decision_mark,
    failures_in_words,
    score_of,
    verdict_mark,
)
from evalsite.site.subjects import RunSubject
from evalsite.site.urls import Urls
from evalsite.site.views.frame import Crumb, Fact, Frame, Page
from evalsite.site.views.provenance import card_of, machine_of, reproduce, settings_of
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.stats.steadiness import changes_within
from evalsite.words import cells
from evalsite.words.sentences import and_more, count, names

MAX_FIGURES = 12
"""Values of k beyond these stand in the curve's table alone."""


@dataclass(frozen=True)
class PassAt:
    """pass@k as a headline figure."""

    k: int
    score: Score
    solved: str


@dataclass(frozen=True)
class ErrorShare:
    """One verdict class as a share of all samples, and where to see it."""

    mark: Mark
    meaning: str
    samples: str
    percent: str
    width: float
    """In percent of the widest bar's room."""
    problems: tuple[Crumb, ...]
    """The first problems where it happened."""
    more: str


@dataclass(frozen=True)
class Cell:
    """A problem in the grid; ``level`` is 0 to 10 tenths of samples passed, or ``x`` without samples."""

    path: str
    short: str
    level: str
    label: str


@dataclass(frozen=True)
class ProblemRow:
    """A problem in the table of all problems."""

    task_id: str
    path: str
    anchor: str
    """The row's id where it stands for a page of its own, in an archived run; else empty."""
    passed: str
    num_passed: int
    share: str
    share_value: float | None
    failures: str
    num_failed: int
    execution: str
    execution_value: float | None
    """In seconds, as all values for sorting; None without any sample."""


@dataclass(frozen=True)
class Download:
    """A file of the run."""

    path: str
    name: str
    size: str
    holds: str


@dataclass(frozen=True)
class Published:
    """What a run's page has beside it."""

    downloads: tuple[Download, ...]
    shown: str
    """What of the run is left out of the site, in words; empty where nothing is."""
    card: str
    """Path of the social card, if there is one."""


@dataclass(frozen=True)
class RunView:
    """The context of ``pages/run.html``."""

    run_id: str
    model: str
    side: str
    """``baseline``, ``candidate`` or empty."""
    badges: tuple[Badge, ...]
    dataset: str
    dataset_path: str
    cautions: tuple[str, ...]
    verdicts: tuple[tuple[Mark, Conclusion], ...]
    """What targets and the comparison with the baseline say of this run."""
    compare_path: str
    baseline: str
    pass_at: tuple[PassAt, ...]
    pass_note: str
    """Why there is no pass@k, or no larger k."""
    figures: tuple[Figure, ...]
    errors: tuple[ErrorShare, ...]
    exceptions: tuple[Fact, ...]
    timings: tuple[Fact, ...]
    histograms: tuple[Histogram, ...]
    cells: tuple[Cell, ...]
    problems: tuple[ProblemRow, ...]
    first_failure: Crumb | None
    missing: str
    reservations: tuple[str, ...]
    """In what this run and the baseline differ besides the model."""
    changes: tuple[str, ...]
    """What did not stay the same while the run was made."""
    settings: tuple[Fact, ...]
    card: tuple[Fact, ...]
    machine: tuple[Fact, ...]
    command: str
    notes: Markup
    downloads: tuple[Download, ...]
    shown: str
    """What of the run is left out of the site, where something is."""


def run_page(
    subject: RunSubject, completions: Iterable[Completion], notes: Markup, published: Published
) -> Page:
    """Make the page of one run. ``completions`` are read once."""
    entry, dataset, side, urls = subject.run, subject.dataset, subject.side, subject.urls
    run, summary = entry.run, entry.summary
    figures = tuple(figure for figure in (curve_figure("curve", [(entry, side)]),) if figure)
    view = RunView(
        run_id=entry.id,
        model=entry.model,
        side=side,
        badges=badges_of(run.model.card.quantization, side),
        dataset=dataset.label,
        dataset_path=dataset.path,
        cautions=cautions_of(run),
        verdicts=tuple((decision_mark(one.decision), one) for one in subject.conclusions),
        compare_path=subject.compare_path,
        baseline=subject.baseline.model if subject.baseline else "",
        pass_at=_pass_at(entry),
        pass_note=_pass_note(entry),
        figures=figures,
        errors=_errors(entry, dataset.languages, urls),
        exceptions=tuple(Fact(name, f"{number:,}") for name, number in summary.exceptions.items()),
        timings=_timings(summary),
        histograms=_histograms(completions),
        cells=tuple(_cell(entry, tally, urls) for tally in summary.tallies),
        problems=tuple(_problem_row(entry, tally, urls) for tally in summary.tallies),
        first_failure=_first_failure(entry, urls),
        missing=_missing(entry),
        reservations=subject.reservations,
        changes=changes_within(run, summary),
        settings=settings_of(run),
        card=card_of(run),
        machine=machine_of(run),
        command=reproduce(run),
        notes=notes,
        downloads=published.downloads,
        shown=published.shown,
    )
    score = f"pass@1 {view.pass_at[0].score.text} %" if view.pass_at else "no score yet"
    frame = Frame(
        path=urls.run(entry.id),
        title=f"{entry.model} on {dataset.label}",
        description=f"{entry.model} on {dataset.label}: {score}, {count(run.num_problems, 'problem')}.",
        crumbs=(Crumb(dataset.label, dataset.path), Crumb(entry.model, urls.run(entry.id))),
        card=published.card,
        plots=bool(figures),
        script="run",
    )
    return Page("pages/run.html", frame, view)


def _pass_at(entry: LoadedRun) -> tuple[PassAt, ...]:
    n, c = entry.n, entry.c
    found = []
    for k in (k for k in SHOWN_KS if k <= entry.max_k):
        solved = f"{int((c > 0).sum())} of {len(c)} problems solved at least once" if k > 1 else ""
        found.append(PassAt(k, score_of(estimate_pass_at_k(n, c, k)), solved))
    return tuple(found[:MAX_FIGURES])


def _pass_note(entry: LoadedRun) -> str:
    if not entry.max_k:
        short = len(entry.short_of(1))
        return f"pass@k needs a sample of every problem; {count(short, 'problem')} has none yet."
    fewest, most = int(entry.n.min()), int(entry.n.max())
    if fewest == most:
        return f"{count(fewest, 'sample')} of each problem, so k up to {fewest}."
    return f"Between {fewest} and {most} samples of a problem, so k up to {fewest}."


def _errors(entry: LoadedRun, languages: str, urls: Urls) -> tuple[ErrorShare, ...]:
    summary = entry.summary
    total = sum(summary.verdicts.values())
    widest = max(summary.verdicts.values(), default=1)
    shares = []
    order = sorted(summary.verdicts, key=lambda kind: (kind != VerdictClass.PASSED, -summary.verdicts[kind]))
    for kind in order:
        number = summary.verdicts[kind]
        where = [tally.problem for tally in summary.tallies if tally.failures.get(kind)]
        shares.append(
            ErrorShare(
                mark=verdict_mark(kind),
                meaning=VerdictClass(kind).meaning.format(language=languages),
                samples=f"{number:,}",
                percent=cells.percent(number / total),
                width=round(100 * number / widest, 1),
                problems=tuple(Crumb(task, urls.problem_in_run(entry.id, task)) for task in where[:3]),
                more=and_more(len(where), 3),
            )
        )
    return tuple(shares)


def _histograms(completions: Iterable[Completion]) -> tuple[Histogram, ...]:
    latencies, tokens = [], []
    for completion in completions:
        if completion.latency_s is not None:
            latencies.append(completion.latency_s)
        if completion.completion_tokens is not None and completion.tokens_from != "shared":
            tokens.append(float(completion.completion_tokens))
    drawn = (
        histogram("Latency of a request", latencies, cells.seconds),
        histogram("Tokens of an answer", tokens, lambda value: f"{value:,.0f}"),
    )
    return tuple(one for one in drawn if one)


_SOURCES = {
    "chunks": " (counted from chunks)",
    "shared": " (of some requests counted for all answers together)",
}


def _timings(summary: Summary) -> tuple[Fact, ...]:
    facts = [
        *_spread("Request latency", summary.latency_s),
        *_spread("Time to first token", summary.first_token_s),
        *(_spread("Time per output token", summary.token_s) or _untimed(summary)),
        *_spread("Execution", summary.execution_s),
    ]
    if summary.tokens_per_s is not None:
        facts.append(Fact("Output tokens a second", f"{summary.tokens_per_s:.1f}", "of request time"))
    if summary.completion_tokens is not None:
        source = _SOURCES.get(summary.tokens_from or "", "")
        facts.append(Fact("Output tokens", f"{summary.completion_tokens:,}", f"all samples{source}"))
    return tuple(facts)


def _untimed(summary: Summary) -> list[Fact]:
    why = why_untimed(summary)
    return [Fact("Time per output token", cells.DASH, why)] if why else []


def _spread(name: str, measured: Distribution | None) -> list[Fact]:
    if measured is None:
        return []
    spread = f"median {cells.seconds(measured.p50)}, 95 % below {cells.seconds(measured.p95)}"
    return [Fact(name, cells.seconds(measured.mean), spread)]


def _cell(entry: LoadedRun, tally: Tally, urls: Urls) -> Cell:
    level = "x" if tally.n == 0 else str(_tenths(tally))
    said = f"{tally.c} of {tally.n} passed" if tally.n else "no sample"
    return Cell(
        path=urls.problem_in_run(entry.id, tally.problem),
        short=tally.problem.rpartition("/")[2][:6],
        level=level,
        label=f"{tally.problem}: {said}",
    )


def _tenths(tally: Tally) -> int:
    """Share of passes in tenths; only none is 0 and only all is 10."""
    return tally.c and max(1, 10 * tally.c // tally.n)


def _problem_row(entry: LoadedRun, tally: Tally, urls: Urls) -> ProblemRow:
    share = tally.c / tally.n if tally.n else None
    return ProblemRow(
        task_id=tally.problem,
        path=urls.problem_in_run(entry.id, tally.problem),
        anchor=urls.row(tally.problem) if entry.id in urls.archived else "",
        passed=f"{tally.c} of {tally.n}",
        num_passed=tally.c,
        share=cells.percent(share, 0) if share is not None else cells.DASH,
        share_value=share,
        failures=failures_in_words(tally.failures),
        num_failed=tally.n - tally.c,
        execution=cells.seconds(tally.execution_s) if tally.n else cells.DASH,
        execution_value=tally.execution_s if tally.n else None,
    )


def _first_failure(entry: LoadedRun, urls: Urls) -> Crumb | None:
    failed = next((tally.problem for tally in entry.summary.tallies if tally.failures), None)
    return Crumb(failed, urls.problem_in_run(entry.id, failed)) if failed else None


def _missing(entry: LoadedRun) -> str:
    tallies = [tally for tally in entry.summary.tallies if tally.missing]
    if not tallies:
        return ""
    missing = count(sum(tally.missing for tally in tallies), "sample")
    return f"{missing} missing, of {names([tally.problem for tally in tallies])}."
