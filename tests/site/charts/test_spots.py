"""Charts of scores: the right points, told in words and tables too, as a picture and for plotly."""

import json
import re
import xml.etree.ElementTree as ET

from evalsite.assets import asset_dir
from evalsite.site.charts.series import Series
from evalsite.site.charts.spots import score_chart, time_chart


def series(runs, *names):
    entries, _ = runs
    return [Series(*entries[name], f"k{number}", name) for number, name in enumerate(names or entries)]


def live(drawn):
    return json.loads(str(drawn.live))


def texts(drawn):
    return [text.text or text[0].tail for text in ET.fromstring(drawn.svg).iter("text")]


def test_every_chart_says_the_same_in_its_table(runs):
    """A row for each run, with the value that is drawn, twice."""
    drawn = score_chart("f", series(runs))
    assert {row[0]: row[1] for row in drawn.rows} == {
        "Plain": "75.0", "Small": "95.0", "Smaller": "50.0", "<b>Greedy": "50.0",
    }  # fmt: skip
    assert [trace["x"][0] for trace in live(drawn)["data"]] == [float(row[1]) for row in drawn.rows]
    assert drawn.summary == "From 50.0 % (Smaller) to 95.0 % (Small)."
    for row in drawn.rows:
        assert f"{row[1]} ({row[2]}–{row[3]})" in texts(drawn)


def test_names_are_text_in_the_picture_and_to_plotly(runs):
    """It reads a few tags in any label."""
    drawn = score_chart("f", series(runs))
    assert "&lt;b&gt;Greedy" in [trace["y"][0] for trace in live(drawn)["data"]]
    assert "<" not in str(drawn.live)
    assert "<b>Greedy" in texts(drawn)


def test_a_long_name_leaves_room_for_its_figures(runs):
    """It is cut in the picture, which tells all of it to who points at it, and whole in the table."""
    entries, _ = runs
    name = "an-organisation/a-model-with-many-parameters-ternary-1.58-bits"
    drawn = score_chart(
        "f", [Series(*entries["Plain"], "k0", name), Series(*entries["Small"], "k1", "Small")]
    )
    (cut,) = (told for told in texts(drawn) if "…" in told)
    assert cut.endswith("ernary-1.58-bits")
    assert len(cut) < len(name) / 1.5
    assert f"<title>{name}</title>" in drawn.svg
    assert drawn.rows[0][0] == name


def test_each_run_s_part_bears_what_the_filter_knows_it_by(runs):
    """In the picture and in what plotly draws; lines between two runs bear both."""
    drawn = time_chart("f", series(runs))
    named = [part.get("data-run") for part in ET.fromstring(drawn.svg).iter() if part.get("data-run")]
    assert sorted(named) == ["k0", "k1", "k2", "k3"]
    assert sorted(trace["meta"][0] for trace in live(drawn)["data"]) == ["k0", "k1", "k2", "k3"]


def test_axes_say_what_is_measured_and_in_which_unit(runs):
    """In both forms."""
    score, time = score_chart("f", series(runs)), time_chart("f", series(runs))
    assert "pass@1, %" in texts(score)
    assert live(score)["layout"]["xaxis"]["title"]["text"] == "pass@1, %"
    assert {"pass@1, %", "day of the run"} <= set(texts(time))
    assert live(time)["layout"]["yaxis"]["title"]["text"] == "pass@1, %"


def test_hover_tells_the_interval_and_the_number_of_samples(runs):
    """A value alone says less than it seems to."""
    one, other = live(score_chart("f", series(runs, "Plain", "Small")))["data"]
    told = r"\d+\.\d % \([\d.]+ to [\d.]+\), n = 10"
    assert re.search(told, one["hovertemplate"])
    assert re.search(told, other["hovertemplate"])


def test_time_needs_three_days(runs):
    """Fewer dates make no line of development."""
    assert time_chart("f", series(runs, "Plain", "Small")) is None
    assert len(time_chart("f", series(runs)).rows) == 4


def test_colours_are_names_that_the_style_sheet_has(runs):
    """Charts hold names of design tokens, never colours."""
    tokens = set(re.findall(r"--([a-z-]+):", (asset_dir("static") / "css/tokens.css").read_text()))
    made = [score_chart("f", series(runs)), time_chart("f", series(runs))]
    named = {name for drawn in made for name in re.findall(r'"@([a-z-]+)', str(drawn.live))}
    assert named
    assert named <= tokens
    assert not [drawn for drawn in made if re.search(r'"(#[0-9a-f]{3}|rgb)', f"{drawn.live}{drawn.svg}")]
