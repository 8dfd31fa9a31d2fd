"""Calls of tools in a run's files: as a server sent them, and what they were worth."""

import msgspec

from evalsite.rundir.rows import Count
from evalsite.rundir.taxonomy import VerdictClass


class CallPiece(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of a call as it came; pieces that only go on with the one before stand in one.

    Which pieces are one call is judged later (:mod:`evalsite.calls.pieces`), so that nothing is lost.
    """

    index: int | None = None
    """The server's word for which call it belongs to; None where it told none."""
    id: str = ""
    name: str = ""
    """As it went over the wire."""
    arguments: str = ""
    """JSON, or a part of it."""
    as_object: bool = False
    """Whether the arguments came as an object, and not as text."""


class CallsVerdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What else is known of the calls of one answer: a part of its verdict."""

    made: Count = 0
    """Calls that the server reported; where the model was asked to write them, calls that were found."""
    fitting: Count = 0
    """Those of them that name a tool that was offered, with arguments that fit its schema."""
    symptoms: tuple[str, ...] = ()
    """Names of :data:`evalsite.calls.reading.SYMPTOMS`."""
    family: str = ""
    """Whose syntax calls in the text have; empty where there are none."""
    parsed: VerdictClass | None = None
    """The verdict that a leaked call would have with a working parser; None where none leaked."""


class CallGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Samples of one group of problems, counted."""

    samples: Count
    passed: Count
    parsed: Count
    """Those that would pass with a working parser, which all are that pass."""


class CallCounts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Calls of a run, counted: a part of its summary."""

    made: Count = 0
    fitting: Count = 0
    called: Count = 0
    """Samples whose server reported a call."""
    leaked: Count = 0
    """Samples with a call in the text, and none reported."""
    families: dict[str, Count] = {}
    """Family of leaked calls -> samples."""
    symptoms: dict[str, Count] = {}
    """Symptom -> samples."""
    groups: dict[str, CallGroup] = {}
    """Group of problems, such as a category -> its samples."""


class CallTally(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Calls of one problem's samples, counted: a part of its tally."""

    made: Count = 0
    fitting: Count = 0
    called: Count = 0
    parsed: Count = 0
