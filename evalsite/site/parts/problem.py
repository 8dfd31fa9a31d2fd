"""The page of one problem across runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.site.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import File, Part
from evalsite.site.subjects import ProblemSubject, problem_subjects
from evalsite.site.views.problem import problem_page


@dataclass(frozen=True)
class ProblemPart(Part):
    """One problem."""

    what = "problem pages"
    subject: ProblemSubject

    @classmethod
    def all_of(cls, judgement: Judgement) -> "Iterator[ProblemPart]":
        """Every problem that any run was asked."""
        return map(cls, problem_subjects(judgement))

    @property
    def name(self) -> str:
        """By the problem's id."""
        return f"problem:{self.subject.task_id}"

    def files(self, options: SiteOptions) -> Iterator[File]:  # noqa: ARG002 - no option changes it
        """One page."""
        yield problem_page(self.subject)
