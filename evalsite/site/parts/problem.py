"""The page of one problem across runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.site.evidence.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import File, Part, SubjectPart
from evalsite.site.subjects.attempts import OlderSubject, ProblemSubject, older_subjects, problem_subjects
from evalsite.site.views.problem import older_page, problem_page


@dataclass(frozen=True)
class ProblemPart(SubjectPart[ProblemSubject]):
    """A problem that any run was asked."""

    what = "problem pages"
    subjects = staticmethod(problem_subjects)
    page = staticmethod(problem_page)


@dataclass(frozen=True)
class OlderPart(Part):
    """The problems of so many runs in time order, once they are very many; later runs do not change them."""

    what = "pages of older runs"
    subject: OlderSubject

    @classmethod
    def all_of(cls, judgement: Judgement) -> "Iterator[OlderPart]":
        """Every hundred of runs."""
        return map(cls, older_subjects(judgement))

    @property
    def name(self) -> str:
        """By what its pages are called."""
        return f"older:{self.subject.folder}"

    def files(self, options: SiteOptions) -> Iterator[File]:  # noqa: ARG002 - no option changes it
        """A page for each problem."""
        for task in self.subject.tasks:
            yield older_page(self.subject, task)
