"""Edits in a run's files: what is known of one besides its verdict, and how they are counted."""

import msgspec

from evalsite.rundir.rows import Count
from evalsite.rundir.taxonomy import VerdictClass


class EditVerdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What else is known of the edit that a sample's first answer is: a part of its verdict."""

    format: str
    """Name of the format that was asked for."""
    well_formed: bool = False
    """Whether it could be read as an edit of that format."""
    applied: bool = False
    """Whether it applied to the files that were to be changed."""
    turns: tuple[VerdictClass, ...] = ()
    """The verdict after each turn, where more than one was allowed; fewer where one passed."""


class EditCounts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Edits of a run, counted: a part of its summary."""

    format: str = ""
    samples: Count = 0
    well_formed: Count = 0
    applied: Count = 0
    passed: tuple[Count, ...] = ()
    """Samples that had passed after each turn."""


class EditTally(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Edits of one problem's samples, counted: a part of its tally."""

    well_formed: Count = 0
    applied: Count = 0
    first: Count = 0
    """Samples that passed at the first turn."""
