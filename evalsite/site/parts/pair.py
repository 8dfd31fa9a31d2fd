"""The pages of one comparison: its own, and one for each problem that went over the half."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from evalsite.counts.loaded import LoadedRun
from evalsite.site.cards.canvas import SMALL, WIDTH
from evalsite.site.cards.faces import flip_card, pair_card
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import PairIds, pair_ids
from evalsite.site.options import SiteOptions
from evalsite.site.output.packs import PACK
from evalsite.site.parts.base import File, Packed, unfurled
from evalsite.site.parts.packable import Bulk, Packable
from evalsite.site.parts.redirects import leading_on
from evalsite.site.subjects.failures import Collector
from evalsite.site.subjects.runs import PairSubject, bytes_of
from evalsite.site.subjects.samples import Glance, answers_without_program, glances, in_between
from evalsite.site.urls import below
from evalsite.site.views.beside import Contender
from evalsite.site.views.compare import compare_page
from evalsite.site.views.failures import failures_of_pair
from evalsite.site.views.flip import contenders, flip_page, has_page
from evalsite.site.views.frame import Page
from evalsite.stats.compare.flips import Flip, grouped


@dataclass(frozen=True)
class PairPart(Packable):
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

    @property
    def runs(self) -> tuple[str, ...]:
        """Both."""
        return tuple(run.id for run in self.subject.pair)

    def formed(self, *, packed: bool) -> "PairPart":
        """Return the same, packed or not."""
        return replace(self, subject=replace(self.subject, packed=packed))

    def bulk(self, options: SiteOptions) -> Bulk:
        """A page for each flip, with what both runs made of it; cards, and the list of all problems."""
        subject = self.subject
        flips = sum(has_page(flip, subject.pair, subject.urls) for flip in subject.found.flips)
        each = sum(bytes_of(run) / max(1, len(run.asked_ids)) for run in subject.pair) / 2
        cards = _CARD * flips if subject.decides and options.site_url else 0
        return Bulk(_OWN, flips, flips * each, cards + _ROW * len(subject.dataset.task_ids))

    def files(self, options: SiteOptions) -> Iterator[File]:
        """The comparison's page comes first."""
        subject, pair = self.subject, self.subject.pair
        flips = [flip for group in grouped(subject.found.flips).values() for flip in group]
        tasks, failing = {flip.task_id for flip in flips}, (Collector(), Collector())
        base, candidate = (_glances(run, own, tasks, options) for run, own in zip(pair, failing, strict=True))
        sides = {
            flip.task_id: contenders(flip, pair, (base, candidate))
            for flip in flips
            if flip.task_id in base and flip.task_id in candidate
        }
        page = compare_page(subject, sides)
        width = SMALL if subject.packed else WIDTH
        yield from unfurled(page, options, lambda: pair_card(subject, options.title), width)
        paged = [flip for flip in flips if flip.task_id in sides and has_page(flip, pair, subject.urls)]
        pages = list(self._shown_flips(paged, sides, options))
        listed = []
        if not any(run.id in subject.urls.archived for run in pair):
            own = [collector.rows(subject.dataset.task_ids) for collector in failing]
            listed = [failures_of_pair(subject, (own[0], own[1]), {flip.task_id for flip in paged})]
        if subject.packed:
            packed = [*(page for page, _ in pages), *listed]
            yield Packed(f"{subject.path}{PACK}", [(page, subject.path) for page in packed])
        else:
            for page, face in pages:
                yield from unfurled(page, options, face, SMALL) if subject.decides else (page,)
            yield from listed
        yield from self._former([flip.task_id for flip in paged])

    def _shown_flips(
        self, paged: Sequence[Flip], sides: Mapping[str, tuple[Contender, Contender]], options: SiteOptions
    ) -> Iterator[tuple[Page, Callable[[], str]]]:
        """Make the page of each flip, with its social card."""
        subject, pair = self.subject, self.subject.pair
        problems = {problem.task_id: problem for problem in pair[1].dir.problems()}
        paged = [flip for flip in paged if flip.task_id in problems]  # a damaged file may lack some
        answers = [
            answers_without_program(run.dir, (sides[flip.task_id][at].verdict for flip in paged))
            for at, run in enumerate(pair)
        ]
        for before, flip, after in in_between(paged):
            shown = [
                replace(one, completion=own.get((flip.task_id, one.verdict.sample)))
                for one, own in zip(sides[flip.task_id], answers, strict=True)
            ]
            asked = problems[flip.task_id], options
            page = flip_page(flip, (shown[0], shown[1]), (before, after), subject, asked)
            titles = asked[0].entry_point, options.title
            yield page, partial(flip_card, flip, sides[flip.task_id], subject, titles)

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
_OWN, _CARD, _ROW = 80_000, 17_000, 280
"""About the bytes of the page with its card, of a flip's card, and of a problem in the list of all."""


def pairs_of(parts: Iterable[str]) -> set[PairIds]:
    """Find the ids of all pairs among the names of parts, as this version or an earlier one named them."""
    found = (part.removeprefix(_KIND).partition("\n") for part in parts if part.startswith(_KIND))
    return {(min(one, other), max(one, other)) for one, _, other in found}


def _glances(
    run: LoadedRun, failing: Collector, tasks: Container[str], options: SiteOptions
) -> dict[str, Glance]:
    watched = failing.watch(run.dir.verdicts())
    verdicts = (verdict for verdict in watched if verdict.problem in tasks)
    return glances(verdicts, run.run, options)
