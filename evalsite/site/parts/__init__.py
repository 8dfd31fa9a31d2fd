"""The parts that a site is made in: one class a kind, what it is made from and its files side by side."""

from evalsite.site.parts.base import Kind
from evalsite.site.parts.cliff import CliffPart
from evalsite.site.parts.distance import DistancePart
from evalsite.site.parts.models import ModelsPart
from evalsite.site.parts.pair import PairPart
from evalsite.site.parts.problem import OlderPart, ProblemPart
from evalsite.site.parts.run import RunPart

PARTS: tuple[Kind, ...] = (RunPart, PairPart, ProblemPart, OlderPart, CliffPart, ModelsPart, DistancePart)
"""The kinds of parts, in the order in which they are made. A new kind of page is one more class here.

What looks at everything is not among them: it is made last, by :mod:`evalsite.site.parts.index`.
"""
