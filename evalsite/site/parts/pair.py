"""The pages of one comparison: its own, and one for each problem that went over the half."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.site.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import File, Part
from evalsite.site.samples import Glance, glances, in_between
from evalsite.site.subjects import PairSubject
from evalsite.site.views.compare import compare_page
from evalsite.site.views.flip import contenders, flip_page, has_page
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
        """By both runs' ids."""
        base, candidate = self.subject.pair
        return f"pair:{base.id}\n{candidate.id}"

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
        yield compare_page(subject, sides)
        paged = [flip for flip in flips if flip.task_id in sides and has_page(flip, pair, subject.urls)]
        for before, flip, after in in_between(paged):
            yield flip_page(flip, sides[flip.task_id], (before, after), subject)


def _glances(run: LoadedRun, tasks: Container[str], options: SiteOptions) -> dict[str, Glance]:
    verdicts = (verdict for verdict in run.dir.verdicts() if verdict.problem in tasks)
    return glances(verdicts, run.run, options)
