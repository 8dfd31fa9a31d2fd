"""One problem that changed sides between two runs: both programs beside each other."""

from dataclasses import dataclass, replace

from evalsite.counts.loaded import LoadedRun
from evalsite.languages import language_of
from evalsite.report.sample import Pasted, as_issue, as_pair
from evalsite.rundir.schema import Problem
from evalsite.site.options import SiteOptions
from evalsite.site.subjects.runs import PairSubject
from evalsite.site.subjects.samples import Glance, contrast
from evalsite.site.urls import Urls
from evalsite.site.views.beside import Beside, Contender, beside, sample_path
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.marks import Mark
from evalsite.site.views.task import Task, task_of
from evalsite.stats.compare.flips import Flip
from evalsite.words import cells

Pair = tuple[LoadedRun, LoadedRun]
Glances = tuple[dict[str, Glance], dict[str, Glance]]

GAINS = ("fixed", "better")
"""Kinds of flips where the candidate does better."""
SIGNS = {"broken": Mark("bad", "✗", "broken"), "fixed": Mark("good", "✓", "fixed")}
"""Of the kinds of flips that crossed the half, and so have a page."""


@dataclass(frozen=True)
class FlipView:
    """The context of ``pages/flip.html``."""

    task_id: str
    task: Task
    mark: Mark
    change: str
    beside: Beside
    markdown: str
    """What is copied as Markdown; its link is an anchor, which the page's script makes whole."""
    issue: str
    """Address of a prefilled GitHub issue, or empty."""
    permalink: str
    """The page's address for use elsewhere; empty while the site does not know where it stands."""
    before: Crumb | None
    after: Crumb | None
    compare: Crumb
    across: str


def has_page(flip: Flip, pair: Pair, urls: Urls) -> bool:
    """Whether both programs are shown beside each other on a page of their own."""
    return flip.crossed and not any(entry.id in urls.archived for entry in pair)


def contenders(flip: Flip, pair: Pair, glances: Glances) -> tuple[Contender, Contender]:
    """Choose the sample of each run that shows the flip."""
    base, candidate = (own[flip.task_id] for own in glances)
    chosen = contrast(base, candidate, gained=flip.kind in GAINS)
    return Contender(pair[0], base, chosen[0]), Contender(pair[1], candidate, chosen[1])


def flip_page(
    flip: Flip,
    sides: tuple[Contender, Contender],
    around: tuple[Flip | None, Flip | None],
    subject: PairSubject,
    asked: tuple[Problem, SiteOptions],
) -> Page:
    """Make the page of one flip; ``around`` are the flips before and after it in the comparison's order.

    ``asked``: the problem, and the options of the site.
    """
    urls, (base, candidate), (problem, options) = subject.urls, subject.pair, asked
    path = urls.flip(base.id, candidate.id, flip.task_id)
    compare = Crumb(subject.against, subject.path)
    before, after = (
        Crumb(one.task_id, urls.flip(base.id, candidate.id, one.task_id)) if one else None for one in around
    )
    mark, change = SIGNS[flip.kind], f"{cells.points(flip.change, 0)} points"
    permalink = f"{options.base_url}{path}" if options.site_url else ""
    pasted = tuple(_pasted(side, problem, urls, options) for side in sides)
    failed = next((one for one in pasted[::-1] if one.verdict.verdict != "passed"), None)
    issue = ""
    if failed and permalink and options.repository:
        issue = as_issue(replace(failed, url=permalink), options.repository_url, options.issue_form)
    view = FlipView(
        task_id=flip.task_id,
        task=task_of(problem),
        mark=mark,
        change=change,
        beside=beside(*sides, problem, urls, subject.names),
        markdown=as_pair(flip.task_id, f"{mark.word}, {change}", (pasted[0], pasted[1])),
        issue=issue,
        permalink=permalink,
        before=before,
        after=after,
        compare=compare,
        across=urls.problem(flip.task_id),
    )
    frame = Frame(
        path=path,
        title=f"{flip.task_id} {mark.word} · {subject.title}",
        description=f"{flip.task_id}: {mark.word}, {change}.",
        crumbs=(
            Crumb(subject.dataset.label, subject.dataset.path),
            Crumb(subject.names[1], urls.run(candidate.id)),
            compare,
            Crumb(flip.task_id, path),
        ),
        private=True,
        script="flip",
    )
    return Page("pages/flip.html", frame, view)


def _pasted(side: Contender, problem: Problem, urls: Urls, options: SiteOptions) -> Pasted:
    url = f"{options.base_url}{sample_path(side, urls)}" if options.site_url else ""
    return Pasted(side.verdict, side.entry.run, language_of(problem), url)
