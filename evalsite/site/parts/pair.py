"""The pages of one comparison: its own, and one for each problem that went over the half."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from evalsite.counts.loaded import LoadedRun
from evalsite.site.cards.canvas import SMALL
from evalsite.site.cards.faces import flip_card, pair_card
from evalsite.site.evidence import PairIds, pair_ids
from evalsite.site.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import File, Part, unfurled
from evalsite.site.redirects import leading_on
from evalsite.site.samples import Glance, glances, in_between
from evalsite.site.subjects import PairSubject
from evalsite.site.urls import below
from evalsite.site.views.compare import compare_page
from evalsite.site.views.flip import contenders, flip_page, has_page
from evalsite.site.views.frame import Page
from evalsite.stats.compare import grouped


@dataclass(frozen=True)
class PairPart(Part):
    """One comparison. Of the runs' samples only those are kept that show a flip."""

    what = "comparisons"
    subject: PairSubject

    @classmethod
    def all_of(cls, judgement: Judgement) -> "Iterator[PairPart]":
        """Every comparison."""
        for found in judgement.comparisons.values():
            yield cls(PairSubject.of(found, judgement))

    @property
    def name(self) -> str:
        """By both runs' ids, in their order."""
        one, other = pair_ids(*self.subject.pair)
        return f"{_KIND}{one}\n{other}"

    @property
    def listed(self) -> tuple[str, ...]:
        """The comparison's page."""
        return (self.subject.path,)

    def files(self, options: SiteOptions) -> Iterator[File]:
        """The comparison's page comes first."""
        subject, pair = self.subject, self.subject.pair
        flips = [flip for group in grouped(subject.found.flips).values() for flip in group]
        base, candidate = (_glances(run, {flip.task_id for flip in flips}, options) for run in pair)
        sides = {
            flip.task_id: contenders(flip, pair, (base, candidate))
            for flip in flips
            if flip.task_id in base and flip.task_id in candidate
        }
        page = compare_page(subject, sides)
        yield from unfurled(page, options, lambda: pair_card(subject, options.title))
        paged = [flip for flip in flips if flip.task_id in sides and has_page(flip, pair, subject.urls)]
        for before, flip, after in in_between(paged):
            own = sides[flip.task_id]
            page = flip_page(flip, own, (before, after), subject)
            face = partial(flip_card, flip, own, subject, options.title)
            yield from unfurled(page, options, face, SMALL) if subject.decides else (page,)
        yield from self._former([flip.task_id for flip in paged])

    def _former(self, tasks: Iterable[str]) -> Iterator[Page]:
        """Lead on from where it all stood while the newer run, being the baseline, came first."""
        (base, candidate), urls = self.subject.pair, self.subject.urls
        newer = max(base, candidate, key=lambda run: run.id)
        if newer is not base and newer.run.model.card.role != "baseline":
            return
        turned, title = urls.turned(base.id, candidate.id), f"{candidate.model} against {base.model}"
        yield leading_on(turned, self.subject.path, title)
        for task in tasks:
            target = urls.flip(base.id, candidate.id, task)
            yield leading_on(below(turned, urls.tasks[task]), target, f"{task} · {title}")


_KIND = "pair:"


def pairs_of(parts: Iterable[str]) -> set[PairIds]:
    """Find the ids of all pairs among the names of parts, as this version or an earlier one named them."""
    found = (part.removeprefix(_KIND).partition("\n") for part in parts if part.startswith(_KIND))
    return {(min(one, other), max(one, other)) for one, _, other in found}


def _glances(run: LoadedRun, tasks: Container[str], options: SiteOptions) -> dict[str, Glance]:
    verdicts = (verdict for verdict in run.dir.verdicts() if verdict.problem in tasks)
    return glances(verdicts, run.run, options)
