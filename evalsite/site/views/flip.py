"""One problem that changed sides between two runs: both programs beside each other."""

from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.site.samples import Glance, contrast
from evalsite.site.urls import Urls
from evalsite.site.views.beside import Beside, Contender, beside
from evalsite.site.views.common import Crumb, Frame, Mark
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
    """The context of ``flip.html``."""

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


@dataclass(frozen=True)
class FlipContext:
    """What else the page of a flip needs to know."""

    urls: Urls
    dataset: Crumb
    entry_point: str


def flip_view(
    flip: Flip,
    sides: tuple[Contender, Contender],
    around: tuple[str | None, str | None],
    context: FlipContext,
) -> tuple[Frame, FlipView]:
    """Make the page of one flip; ``around`` are the flips before and after it in the comparison's order."""
    urls = context.urls
    base, candidate = sides[0].entry, sides[1].entry
    path = urls.flip(base.id, candidate.id, flip.task_id)
    compare = Crumb(f"against {base.model}", urls.compare(base.id, candidate.id))
    before, after = (Crumb(task, urls.flip(base.id, candidate.id, task)) if task else None for task in around)
    view = FlipView(
        task_id=flip.task_id,
        entry_point=context.entry_point,
        mark=CROSSED[flip.kind],
        change=f"{cells.points(flip.change, 0)} points",
        beside=beside(*sides, urls),
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
            context.dataset,
            Crumb(candidate.model, urls.run(candidate.id)),
            compare,
            Crumb(flip.task_id, path),
        ),
        private=True,
    )
    return frame, view
