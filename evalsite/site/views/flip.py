"""One problem that changed sides between two runs: both programs beside each other."""

from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.languages import LANGUAGES
from evalsite.site.marks import Mark
from evalsite.site.samples import Glance, contrast
from evalsite.site.subjects import PairSubject
from evalsite.site.urls import Urls
from evalsite.site.views.beside import Beside, Contender, beside
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.stats.compare import Flip
from evalsite.words import cells

Pair = tuple[LoadedRun, LoadedRun]
Glances = tuple[dict[str, Glance], dict[str, Glance]]

GAINS = ("fixed", "better")
"""Kinds of flips where the candidate does better."""
CROSSED = {"broken": Mark("bad", "✗", "broken"), "fixed": Mark("good", "✓", "fixed")}
"""Kinds of flips that crossed the half, and so have a page."""


@dataclass(frozen=True)
class FlipView:
    """The context of ``pages/flip.html``."""

    task_id: str
    entry_point: str
    mark: Mark
    change: str
    beside: Beside
    before: Crumb | None
    after: Crumb | None
    compare: Crumb
    across: str


def has_page(flip: Flip, pair: Pair, urls: Urls) -> bool:
    """Whether both programs are shown beside each other on a page of their own."""
    return flip.kind in CROSSED and not any(entry.id in urls.archived for entry in pair)


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
) -> Page:
    """Make the page of one flip; ``around`` are the flips before and after it in the comparison's order."""
    urls, (base, candidate) = subject.urls, subject.pair
    path, asked = urls.flip(base.id, candidate.id, flip.task_id), subject.asked[flip.task_id]
    compare = Crumb(f"against {base.model}", subject.path)
    before, after = (
        Crumb(one.task_id, urls.flip(base.id, candidate.id, one.task_id)) if one else None for one in around
    )
    view = FlipView(
        task_id=flip.task_id,
        entry_point=asked.entry_point,
        mark=CROSSED[flip.kind],
        change=f"{cells.points(flip.change, 0)} points",
        beside=beside(*sides, LANGUAGES[asked.language], urls),
        before=before,
        after=after,
        compare=compare,
        across=urls.problem(flip.task_id),
    )
    frame = Frame(
        path=path,
        title=f"{flip.task_id} {view.mark.word} · {candidate.model} against {base.model}",
        description=f"{flip.task_id}: {view.mark.word}, {view.change}.",
        crumbs=(
            Crumb(subject.dataset.label, subject.dataset.path),
            Crumb(candidate.model, urls.run(candidate.id)),
            compare,
            Crumb(flip.task_id, path),
        ),
        private=True,
    )
    return Page("pages/flip.html", frame, view)
