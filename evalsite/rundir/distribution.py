"""A measured quantity over the samples of a run, as its summary keeps it."""

from evalsite.rundir.rows import Amount, Count, Row


class Distribution(Row, frozen=True, kw_only=True):
    """A measured quantity over samples; seconds unless its field says otherwise."""

    count: Count
    mean: Amount
    p50: Amount
    p95: Amount
    sd: Amount | None = None
    """Standard deviation between samples; None for a single sample, and in files that did not record it."""
    problems: Count | None = None
    """Problems that the samples belong to; None in files that did not record it."""
    error: Amount | None = None
    """Standard error of the mean, with problems as the unit; None for a single problem, and in files that
    did not record it."""
