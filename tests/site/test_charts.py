"""Charts: the right points, told in words and tables too, in the colours of the style sheet."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from evalsite.assets import asset_dir
from evalsite.site.charts import MEASURES, curve_figure, pareto, score_figure, time_figure, tradeoff_figure


def drawn(figure):
    return json.loads(str(figure.json))


def test_every_chart_says_the_same_in_its_table(runs):
    """A row for each run, with the value that is drawn."""
    entries, _ = runs
    figure = score_figure("f", list(entries.values()))
    assert {row[0]: row[1] for row in figure.rows} == {
        "Plain": "75.0", "Small": "95.0", "Smaller": "50.0", "<b>Greedy": "50.0",
    }  # fmt: skip
    assert drawn(figure)["data"][0]["x"] == [float(row[1]) for row in figure.rows]
    assert figure.summary == "From 50.0 % (Smaller) to 95.0 % (Small)."


def test_names_are_text_to_plotly_too(runs):
    """It reads a few tags in any label."""
    entries, _ = runs
    figure = score_figure("f", list(entries.values()))
    assert "&lt;b&gt;Greedy" in drawn(figure)["data"][0]["y"]
    assert "<" not in str(figure.json)


def test_curves_of_one_colour_differ_in_their_dashes(runs):
    """Two candidates can be told apart; a run with one sample has no curve."""
    entries, _ = runs
    figure = curve_figure("f", list(entries.values()))
    lines = [trace for trace in drawn(figure)["data"] if "name" in trace]
    looks = [(line["line"]["color"], line["line"]["dash"]) for line in lines]
    assert [line["name"] for line in lines] == ["Plain", "Small", "Smaller"]
    assert looks == [("@muted", "solid"), ("@candidate", "solid"), ("@candidate", "dot")]


def test_a_trade_off_needs_two_runs_that_know_the_cost(runs):
    """Runs without a model card are left out; the front is named in words."""
    entries, _ = runs
    bits = next(measure for measure in MEASURES if measure.id == "bits")
    figure = tradeoff_figure("f", bits, list(entries.values()))
    assert [(row[0], row[1], row[3]) for row in figure.rows] == [
        ("Small", "1.58 bits", "yes"),
        ("Smaller", "2 bits", "no"),
    ]
    assert figure.summary.endswith("cheaper: Small.")
    assert tradeoff_figure("f", bits, [entries["Small"], entries["Plain"]]) is None


def test_time_needs_three_days(runs):
    """Fewer dates make no line of development."""
    entries, _ = runs
    assert time_figure("f", [entries["Plain"], entries["Small"]]) is None
    assert len(time_figure("f", list(entries.values())).rows) == 4


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=12))
def test_the_front_holds_what_nothing_else_beats(points):
    """A point is on it exactly where no other point is at least as good and as cheap."""
    costs, scores = zip(*points, strict=True)
    front = {points[index] for index in pareto(costs, scores)}
    best = {
        (cost, score)
        for cost, score in points
        if not any(c <= cost and s >= score and (c, s) != (cost, score) for c, s in points)
    }
    assert front == best


def test_charts_name_colours_that_the_style_sheet_has(runs):
    """Figures hold names of design tokens, never colours."""
    entries, _ = runs
    tokens = set(re.findall(r"--([a-z-]+):", (asset_dir("static") / "css/tokens.css").read_text()))
    sided = list(entries.values())
    figures = [score_figure("f", sided), curve_figure("f", sided), time_figure("f", sided)]
    figures += [tradeoff_figure("f", measure, sided) for measure in MEASURES]
    named = {name for figure in figures for name in re.findall(r'"@([a-z-]+)', str(figure.json))}
    assert named
    assert named <= tokens
    assert not [figure for figure in figures if re.search(r'"(#|rgb)', str(figure.json))]
