"""What charts are drawn from: axes, regions, intervals, curves and words."""

import re
import xml.etree.ElementTree as ET

import pytest

from evalsite.site.charts.drawing import (
    SHAPES,
    Axis,
    Range,
    apart,
    band,
    chart,
    curve,
    diamond,
    interval,
    levels,
    point,
    region,
    rule,
    scale,
    words,
)

AXIS = Axis(-20, 20)


def element(svg):
    return ET.fromstring(f"<svg>{svg}</svg>")


@pytest.mark.parametrize(
    ("values", "signed", "marks"),
    [
        ([-15.6, 0.4], True, ["−20", "−15", "−10", "−5", "0", "+5"]),
        ([0.2, 0.9], False, ["0.2", "0.4", "0.6", "0.8", "1.0"]),
        ([0, 1], False, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ([3, 3], False, ["2.0", "2.5", "3.0", "3.5", "4.0"]),
        ([0, 1234], False, ["0", "250", "500", "750", "1000", "1250"]),
        ([0, 0.0003], False, ["0.0000", "0.0001", "0.0002", "0.0003"]),
    ],
)
def test_an_axis_has_round_marks_around_all_figures(values, signed, marks):
    """All lie between the first and the last mark, and no mark says less than it is."""
    axis = Axis.around(values, signed=signed)
    assert [text for _, text in axis.ticks] == marks
    assert axis.low <= min(values) <= max(values) <= axis.high


def test_figures_are_placed_in_percent_of_the_axis_and_stay_on_it():
    assert [AXIS.at(value) for value in (-20, 0, 20, 99, -99)] == [0, 50, 100, 100, 0]
    log = Axis(1, 100, log=True)
    assert [round(log.at(value)) for value in (1, 10, 100)] == [0, 50, 100]
    assert Axis(0, 100).down(25, (10, 90)) == 70
    assert Axis(5, 5).at(5) == 50


def test_a_chart_is_one_picture_that_is_read_out():
    """Its words are said once, whatever they hold, and nothing of them becomes markup."""
    svg = ET.fromstring(chart([words(10, 20, "<b>&\u202e")], height=40, said='a "<quoted>" figure'))
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == 'a "<quoted>" figure'
    assert [text.text for text in svg.iter("text")] == ["<b>&⟨U+202E⟩"]


def test_an_interval_has_no_end_where_its_limit_is_off_the_axis():
    """Who sees an end believes that it is one."""
    whole, cut = (element(interval(AXIS, Range(low, 0, 10), 50, "candidate")) for low in (-10, -30))
    assert len(whole.findall("g/line")) == 3
    assert len(cut.findall("g/line")) == 2
    assert cut.find("g/line").get("x1") == "0%"


def test_sides_are_told_apart_by_shape():
    outlines = {element(point(50, 10, tone)).find("svg/path").get("d") for tone in SHAPES}
    assert len(outlines) == 3
    assert element(point(50, 10, "good", shape="baseline")).find("svg/path").get("d") == SHAPES["baseline"]


def test_a_label_that_has_no_room_is_left_out():
    """It would lie over its neighbour's."""
    assert "missed" in region(AXIS, -20, -5, (0, 40), "bad", "missed")
    assert "missed" not in region(AXIS, -20, -19, (0, 40), "bad", "missed")


def test_curves_and_bands_go_through_their_points():
    up, box = Axis(0, 100), (10, 110)
    line = element(curve(Axis(0, 10), up, box, [(0, 0), (10, 100)], "baseline")).find("svg/path")
    assert line.get("d") == "M0 100L100 0"
    shade = element(band(Axis(0, 10), up, box, [(0, 0, 50), (10, 50, 100)], "baseline")).find("svg/path")
    assert shade.get("d") == "M0 50L100 0L100 50L0 100z"


def test_axes_and_rules_say_their_figures():
    axis = Axis.around([-15, 5], title="points", signed=True)
    drawn = "".join([scale(axis, 40), levels(axis, (0, 40)), rule(axis, -10, (0, 40), label="margin")])
    texts = [text.text for text in element(drawn).iter("text")]
    assert texts == [*(each := ["−15", "−10", "−5", "0", "+5"]), "points", "points", *each, "margin"]


@pytest.mark.parametrize(
    ("places", "moved"),
    [([10, 50], [10, 50]), ([10, 12], [10, 24]), ([12, 10, 96], [24, 10, 96]), ([99, 98, 97], [100, 86, 72])],
)
def test_labels_are_moved_apart_and_keep_their_order(places, moved):
    assert apart(places, 14, (0, 100)) == moved


def test_places_are_written_without_idle_digits():
    """The same figure is the same bytes, and none is ``-0`` or ``1e-05``."""
    for x, text in ((0.00001, "0"), (-0.0001, "0"), (50.126, "50.13"), (10.0, "10")):
        assert re.search(r'x="([^"]*)%"', words(x, 0, "a"))[1] == text


def test_a_diamond_is_as_wide_as_its_limits_are_apart():
    """Its upper and lower corners stand at the figure; a square's size is that of its width."""
    (path,) = re.findall(
        r'class="diamond good" d="M([^"]+)z"', diamond(AXIS, Range(-20, 0, 10), (4, 22), "good")
    )
    assert path == "0 50L50 0L75 50L50 100"
    assert 'transform="scale(1.5)"' in interval(AXIS, Range(-20, 0, 10), 9, shape="baseline", size=1.5)
    assert "transform" not in interval(AXIS, Range(-20, 0, 10), 9)
