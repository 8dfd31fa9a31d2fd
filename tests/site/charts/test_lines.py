"""Lines with their bands: named where they end, told apart by more than colour."""

import json
import xml.etree.ElementTree as ET

from evalsite.site.charts.lines import curve_chart, thin
from tests.site.charts.test_spots import live, series, texts


def test_each_line_is_named_at_its_end(runs):
    """No legend has to be searched; a run with one sample has no curve."""
    drawn = curve_chart("f", series(runs))
    assert [text.split()[0] for text in texts(drawn) if text.endswith(".0")] == ["Plain", "Small", "Smaller"]
    assert live(drawn)["layout"]["showlegend"] is False
    ends = [
        float(text.get("y"))
        for text in ET.fromstring(drawn.svg).iter("text")
        if (text.text or text[0].tail).endswith(".0")
    ]
    first, second, third = sorted(ends)
    assert second - first >= 14
    assert third - second >= 14


def test_lines_of_one_colour_differ_in_their_dashes(runs):
    """Two candidates can be told apart, in the picture and by plotly."""
    drawn = curve_chart("f", series(runs))
    lines = [trace for trace in live(drawn)["data"] if "name" in trace]
    looks = [(line["line"]["color"], line["line"]["dash"]) for line in lines]
    assert looks == [("@muted", "solid"), ("@candidate", "solid"), ("@candidate", "dot")]
    classes = [path.get("class") for path in ET.fromstring(drawn.svg).iter("path")]
    assert {"curve", "curve candidate", "curve candidate d1"} <= set(classes)


def test_hover_tells_of_all_lines_at_a_k(runs):
    """With the interval of each and its number of samples."""
    figure = live(curve_chart("f", series(runs)))
    assert figure["layout"]["hovermode"] == "x unified"
    (line, *_) = (trace for trace in figure["data"] if "name" in trace)
    assert "%{customdata[0]} to %{customdata[1]}" in line["hovertemplate"]
    assert "n = 10" in line["hovertemplate"]
    assert len(line["customdata"]) == len(line["x"])


def test_axes_are_titled(runs):
    """With what is measured, and its unit."""
    drawn = curve_chart("f", series(runs, "Plain"))
    assert {"pass@k, %", "k, samples that may be tried"} <= set(texts(drawn))
    layout = json.loads(str(drawn.live))["layout"]
    assert [layout[axis]["title"]["text"] for axis in ("xaxis", "yaxis")] == [
        "k, samples that may be tried", "pass@k, %",
    ]  # fmt: skip


def test_a_run_of_single_samples_has_no_curve(runs):
    assert curve_chart("f", series(runs, "<b>Greedy")) is None


def test_a_long_curve_is_thinned_evenly_in_ratios():
    """Its ends stay."""
    kept = thin(200)
    assert len(kept) <= 24
    assert (kept[0], kept[-1]) == (0, 199)
    assert thin(5) == [0, 1, 2, 3, 4]
