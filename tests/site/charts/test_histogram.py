"""What the site offers to machines: indexes, tables, badges, the feed, files for crawlers."""

from evalsite.site.charts.histogram import histogram


def test_histograms_count_everything_once():
    """The bars of a histogram add up to the samples."""
    drawn = histogram("t", [float(x) for x in (1, 2, 2, 3, 50, 50)], lambda value: f"{value:.0f}")
    assert sum(int(row[2]) for row in drawn.rows) == 6
    assert histogram("t", [1.0, 1.0], str) is None
