"""What kept requests waiting, and what was lost: lines of a run's ``incidents.jsonl``."""

from evalsite.rundir.rows import Count, Number, Row, Seconds


class Incident(Row, frozen=True, kw_only=True):
    """A line of ``incidents.jsonl``: what kept requests waiting, what a server refused, what was lost."""

    at: str
    kind: str
    """``waiting``, ``answering`` (again), ``feature`` (that a server does without), ``missing``."""
    message: str
    endpoint: str = ""
    waiting: Count = 0
    """Requests that waited."""
    wait_s: Seconds = 0.0
    """Until the next try."""
    problem: str = ""
    sample: Number | None = None
