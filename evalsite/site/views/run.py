"""One run: how it did, where it failed, how it was made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.tally import SHOWN_KS
from evalsite.report.agents import agent_facts
from evalsite.rundir.schema import Completion, Incident
from evalsite.site.charts.drawing import Drawn
from evalsite.site.charts.lines import curve_chart
from evalsite.site.charts.series import Series
from evalsite.site.subjects.runs import RunSubject
from evalsite.site.urls import Urls
from evalsite.site.views.calls import Calls, calls_of
from evalsite.site.views.edits import edits_of
from evalsite.site.views.frame import Crumb, Fact, Frame, Page
from evalsite.site.views.linked import Said, in_failures, linked
from evalsite.site.views.marks import (
    Badge,
    Mark,
    Score,
    badges_of,
    cautions_of,
    decision_mark,
    score_of,
)
from evalsite.site.views.provenance import Provenance, provenance_of
from evalsite.site.views.symptoms import SymptomsOfRun, symptoms_of
from evalsite.site.views.tallies import Failures, Problems, failures_of, problems_of
from evalsite.site.views.times import Times, times_of
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.stats.readiness import why_ungraded
from evalsite.words.sentences import count, excluded_sentences, names, part_sentences

MAX_FIGURES = 12
"""Values of k beyond these stand in the curve's table alone."""


@dataclass(frozen=True)
class PassAt:
    """pass@k as a headline figure."""

    k: int
    score: Score
    solved: str


@dataclass(frozen=True)
class Scores:
    """pass@k for the customary k, and what one has to know of it."""

    pass_at: tuple[PassAt, ...]
    note: str
    """Why there is no pass@k, or no larger k."""
    named: tuple[Said, ...]
    """Which samples are missing, where some are, and which problems count in no score, and why."""
    parts: tuple[str, ...]
    """What it scores by parts of the tests, where they have some."""
    in_process: str
    """How many samples shared a process with their tests, where some did."""
    shown: str
    """What of the run is left out of the site, where something is."""


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


@dataclass(frozen=True)
class Concluded:
    """What a target, or the comparison with the baseline, says of the run."""

    mark: Mark
    title: str
    text: Said
    path: str
    """Where to read on; empty where there is nothing more."""


@dataclass(frozen=True)
class RunView:
    """The context of ``pages/run.html``."""

    name: str
    """What it is called among the runs of its data set."""
    side: str
    """``baseline``, ``candidate`` or empty."""
    badges: tuple[Badge, ...]
    dataset: Crumb
    cautions: tuple[str, ...]
    first_failure: Crumb | None
    compare: Crumb | None
    """The comparison with the baseline, and the baseline's model."""
    verdicts: tuple[Concluded, ...]
    """What targets and the comparison with the baseline say of this run."""
    scores: Scores
    problems: Problems
    failures: Failures
    listed: str
    """Path of the list of its failures; empty where it has none."""
    listed_data: str
    """Of the same for machines."""
    symptoms: SymptomsOfRun
    calls: Calls | None
    """Of problems that want calls of tools; None where there are none."""
    edits: tuple[Fact, ...]
    """Where answers were to be edits; else nothing."""
    agent: tuple[Fact, ...]
    """Of agents: how long they took, and why they stopped."""
    charts: tuple[Drawn, ...]
    times: Times
    notes: Markup
    made: Provenance
    downloads: tuple[Download, ...]


def run_page(
    subject: RunSubject,
    completions: Iterable[Completion],
    incidents: Iterable[Incident],
    notes: Markup,
    published: Published,
) -> Page:
    """Make the page of one run. ``completions`` and ``incidents`` are read once."""
    entry, dataset, side, urls = subject.run, subject.dataset, subject.side, subject.urls
    charts = tuple(filter(None, (curve_chart("curve", [Series(entry, side, "", subject.name)]),)))
    place = Crumb(dataset.label, dataset.path)
    places = {task: urls.problem_in_run(entry.id, task) for task in entry.asked_ids}
    view = RunView(
        name=subject.name,
        side=side,
        badges=badges_of(entry.run.model.card.quantization, side),
        dataset=place,
        cautions=cautions_of(entry.run),
        first_failure=_first_failure(entry, urls),
        compare=_compare(subject),
        verdicts=_concluded(subject, places),
        scores=_scores(entry, places, published.shown),
        problems=problems_of(entry, urls, anchored=subject.archived or subject.packed),
        failures=failures_of(entry, dataset.languages, urls),
        listed=urls.listed(entry.id),
        listed_data="" if subject.archived else urls.failures_data(entry.id),
        symptoms=symptoms_of(entry, urls),
        calls=calls_of(entry),
        edits=edits_of(entry),
        agent=_agent(entry, urls),
        charts=charts,
        times=times_of(entry.summary, completions),
        notes=notes,
        made=provenance_of(subject, incidents),
        downloads=published.downloads,
    )
    first = view.scores.pass_at[:1]
    score = f"pass@1 {first[0].score.text} %" if first else "no score yet"
    title = f"{subject.name} on {dataset.label}"
    frame = Frame(
        path=urls.run(entry.id),
        title=title,
        description=f"{title}: {score}, {count(entry.run.num_problems, 'problem')}.",
        crumbs=(place, Crumb(subject.name, urls.run(entry.id))),
        plots=bool(charts),
        script="run",
    )
    return Page("pages/run.html", frame, view)


def _concluded(subject: RunSubject, places: Mapping[str, str]) -> tuple[Concluded, ...]:
    return tuple(
        Concluded(decision_mark(one.decision), one.title, linked(one.text, places), one.path)
        for one in subject.conclusions
    )


def _scores(entry: LoadedRun, places: Mapping[str, str], shown: str) -> Scores:
    """``places``: problem -> path; ``shown``: what of the run is left out of the site, in words."""
    named = (_missing(entry), *excluded_sentences(entry.excluded))
    return Scores(
        pass_at=_pass_at(entry),
        note=_pass_note(entry),
        named=tuple(linked(told, places) for told in named if told),
        parts=tuple(part_sentences(entry.summary.pass_at_parts)),
        in_process=_in_process(entry),
        shown=shown,
    )


def _agent(entry: LoadedRun, urls: Urls) -> tuple[Fact, ...]:
    kinds = in_failures(entry.summary.verdicts, entry.id, urls)
    return tuple(
        Fact(name or "Tokens", value, said=linked(value, kinds)) for name, value in agent_facts(entry)
    )


def _compare(subject: RunSubject) -> Crumb | None:
    if not subject.baseline or not subject.compare_path:
        return None
    return Crumb(subject.baseline.model, subject.compare_path)


def _pass_at(entry: LoadedRun) -> tuple[PassAt, ...]:
    n, c = entry.n, entry.c
    found = []
    for k in (k for k in SHOWN_KS if k <= entry.max_k):
        solved = f"{int((c > 0).sum())} of {len(c)} problems solved at least once" if k > 1 else ""
        found.append(PassAt(k, score_of(estimate_pass_at_k(n, c, k)), solved))
    return tuple(found[:MAX_FIGURES])


def _pass_note(entry: LoadedRun) -> str:
    if told := why_ungraded(entry):
        return told
    if not entry.max_k:
        short = len(entry.short_of(1))
        lacking = f"{count(short, 'problem')} {'has' if short == 1 else 'have'} none yet"
        return f"pass@k needs a sample of every problem; {lacking}."
    fewest, most = int(entry.n.min()), int(entry.n.max())
    if fewest == most:
        return f"{count(fewest, 'sample')} of each problem, so k up to {fewest}."
    return f"Between {fewest} and {most} samples of a problem, so k up to {fewest}."


def _first_failure(entry: LoadedRun, urls: Urls) -> Crumb | None:
    failed = next((tally.problem for tally in entry.summary.tallies if tally.failures), None)
    return Crumb(failed, urls.problem_in_run(entry.id, failed)) if failed else None


def _in_process(entry: LoadedRun) -> str:
    shared = entry.summary.in_process
    return (
        f"{count(shared, 'sample')} shared a process with the tests and could have changed them."
        if shared
        else ""
    )


def _missing(entry: LoadedRun) -> str:
    tallies = [tally for tally in entry.summary.tallies if tally.missing]
    if not tallies or entry.is_ungraded:
        return ""
    missing = count(sum(tally.missing for tally in tallies), "sample")
    return f"{missing} missing, of {names([tally.problem for tally in tallies])}."
