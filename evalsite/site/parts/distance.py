"""The page of a distance: two models apart by their tokens."""

from dataclasses import dataclass

from evalsite.site.parts.base import SubjectPart
from evalsite.site.subjects.runs import DistanceSubject, distance_subjects
from evalsite.site.views.distance import distance_page


@dataclass(frozen=True)
class DistancePart(SubjectPart[DistanceSubject]):
    """A distance that can be read."""

    what = "distances"
    subjects = staticmethod(distance_subjects)
    page = staticmethod(distance_page)
