"""The page of a data set's levels of difficulty."""

from dataclasses import dataclass

from evalsite.site.parts.base import SubjectPart
from evalsite.site.subjects.runs import CliffSubject, cliff_subjects
from evalsite.site.views.cliffs import cliffs_page


@dataclass(frozen=True)
class CliffPart(SubjectPart[CliffSubject]):
    """A data set that was asked on several levels."""

    what = "levels of difficulty"
    subjects = staticmethod(cliff_subjects)
    page = staticmethod(cliffs_page)
    is_listed = True
