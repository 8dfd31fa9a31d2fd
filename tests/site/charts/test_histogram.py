"""Small static histograms, drawn as SVG paths when the site is built."""

from evalsite.site.charts.histogram import BINS, histogram


def test_histograms_count_everything_once():
    """The bars of a histogram add up to the samples."""
    drawn = histogram("t", [float(x) for x in (1, 2, 2, 3, 50, 50)], lambda value: f"{value:.0f}")
    assert sum(int(row[2]) for row in drawn.rows) == 6
    assert histogram("t", [1.0, 1.0], str) is None


def test_whole_numbers_get_bins_of_whole_width():
    """So that each bin has as many of them; the tallest bar is as high as the drawing."""
    drawn = histogram("t", [float(x) for x in (0, 0, 1, 23)], lambda value: f"{value:.2f}")
    assert drawn.rows == (("0.00", "1.00", "2"), ("1.00", "2.00", "1"), ("23.00", "24.00", "1"))
    assert (drawn.low, drawn.high) == ("0.00", "24.00")
    assert drawn.summary == "half are below 0.50, 95 % below 19.70"
    assert drawn.path == "M0 48v-48h9V48zM10 48v-24h9V48zM230 48v-24h9V48z"
    wider = histogram("t", [0.0, 24.0], str)
    assert wider.rows == (("0.0", "2.0", "1"), ("24.0", "26.0", "1"))
    assert histogram("t", [1.0], str) is None


def test_a_rare_value_can_be_seen():
    """However many others there are; and what is no whole number is binned between the ends."""
    drawn = histogram("t", [*[0.5] * 1000, 24.5], str)
    assert drawn.path.endswith("v-1h9V48z")
    assert drawn.rows[0] == ("0.5", "1.5", "1,000")
    assert (drawn.rows[-1][1], 240 // BINS) == ("24.5", 10)
