"""Quality against cost: a line for each family, and no order where the data tell none."""

from dataclasses import replace

import pytest
from msgspec import structs

from evalsite.rundir.schema import ModelCard
from evalsite.site.charts.series import Series
from evalsite.site.charts.tradeoffs import MEASURES, tradeoff_chart
from tests.make import loaded_run, make_record
from tests.site.charts.test_spots import live, series

BITS = next(measure for measure in MEASURES if measure.id == "bits")


def made(name, family, bits, passes):
    record = make_record(name)
    model = structs.replace(record.model, name=name, card=ModelCard(family=family, bits_per_weight=bits))
    return Series(
        replace(loaded_run([passes] * 40, 10), run=structs.replace(record, model=model)), "", name, name
    )


FAMILIES = [
    made("a8", "A", 8.0, 9),
    made("a2", "A", 2.0, 7),
    made("b8", "B", 8.0, 4),
    made("b2", "B", 2.0, 3),
]


def test_a_trade_off_needs_two_runs_that_know_the_cost(runs):
    """Runs without a model card are left out."""
    drawn = tradeoff_chart("f", BITS, series(runs), set())
    assert [(row[0], row[2]) for row in drawn.rows] == [("Small", "1.58 bits"), ("Smaller", "2 bits")]
    assert tradeoff_chart("f", BITS, series(runs, "Small", "Plain"), set()) is None


def test_each_family_has_a_line_of_its_own():
    """A model of another size at fewer bits is not cheaper."""
    drawn = tradeoff_chart("f", BITS, FAMILIES, {("a8", "a2"), ("b8", "b2")})
    lines = [trace["meta"] for trace in live(drawn)["data"] if trace["mode"] == "lines"]
    assert lines == [["a8", "a2"], ["b8", "b2"]]
    assert drawn.svg.count('class="tie family"') == 2
    assert 'data-run="a8 a2"' in drawn.svg
    assert drawn.summary == "Each line joins a family, from the dearest on: A, B."


@pytest.mark.parametrize(("known", "dashed"), [({("a8", "a2")}, 1), (set(), 2)])
def test_what_the_data_cannot_tell_apart_is_dashed(known, dashed):
    drawn = tradeoff_chart("f", BITS, FAMILIES, known)
    assert drawn.svg.count('class="tie family d1"') == dashed
    assert "Dashed where the data cannot tell two neighbours apart." in drawn.summary
    assert sum(trace.get("line", {}).get("dash") == "dot" for trace in live(drawn)["data"]) == dashed


def test_worse_than_a_cheaper_one_is_said_only_where_it_is_certain():
    """And of the same family alone."""
    strange = [*FAMILIES, made("a1", "A", 1.0, 9)]
    certain = tradeoff_chart("f", BITS, strange, {("a1", "a2"), ("a8", "b8")})
    assert {row[0]: row[-1] for row in certain.rows} == {
        "a8": "–",
        "a2": "a1",
        "b8": "–",
        "b2": "–",
        "a1": "–",
    }
    unsure = tradeoff_chart("f", BITS, strange, set())
    assert {row[-1] for row in unsure.rows} == {"–"}


def test_every_point_has_its_interval():
    """From bottom to top, in both forms."""
    drawn = tradeoff_chart("f", BITS, FAMILIES, set())
    assert drawn.svg.count('class="range thin"') == 4
    assert sum("error_y" in trace for trace in live(drawn)["data"]) == 4


def test_a_vacuous_verdict_stands_on_no_line():
    drawn = tradeoff_chart("f", BITS, FAMILIES, set(), {"a2"})
    assert "Left out, since the baseline is too weak to show a loss: a2." in drawn.summary
    assert 'data-run="a8 a2"' not in drawn.svg
