"""Agents in a run's files: how a transcript ended, and how transcripts are counted."""

import msgspec

from evalsite.rundir.rows import Count
from evalsite.rundir.taxonomy import VerdictClass

KIND = "agent"
"""The kind of problems that agents work on, as in ``problems.jsonl``."""


class AgentEnd(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one transcript went: a part of its completion, and of its verdict."""

    ending: VerdictClass
    """Why it ended: the verdict class that it has unless its tests pass."""
    turns: Count = 0
    """Answers of the model."""
    calls: Count = 0
    broken: Count = 0
    """Calls that could not be carried out by anybody."""
    tests: Count = 0
    """Times that it had the tests run."""


class AgentCounts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Transcripts of a run, counted: a part of its summary. Sums over all samples."""

    samples: Count = 0
    turns: Count = 0
    calls: Count = 0
    broken: Count = 0
    tests: Count = 0
    endings: dict[str, Count] = {}
    """Why transcripts ended -> samples, whether their tests passed or not."""
