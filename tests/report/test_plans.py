"""Plans as text, JSON and a chart."""

import json
from xml.etree import ElementTree

from evalsite.report.plans import as_json, as_markdown, as_svg, as_text
from evalsite.stats.plans import Plan, Question


def plan(name, samples, power, requests, **changes):
    fields = {"tokens": 9_000, "seconds": 7200.0, "reaches": power >= 0.8, "assumed": False, **changes}
    return Plan((name,), 164, samples, power, requests, **fields)


ASKED = Question(0.1, 0.05, 0.8)
FOUND = [
    plan("humaneval", 2, 0.84, 328),
    plan("<other>", 1, 0.4, 164, tokens=None, seconds=None, assumed=True),
]


def test_the_cheapest_is_told_first():
    """With its cost, and what is taken for granted."""
    text = as_text(FOUND, ASKED)
    assert text.startswith(
        "Cheapest: humaneval with 2 samples of each problem, 328 requests, 9,000 tokens, 2.00 hours one at a "
        "time. A candidate that really loses 5 points is met there with a chance of 84 %, at a margin of 10 "
        "points."
    )
    assert "a published score alone" in text
    assert "a published score alone" not in as_text(FOUND[:1], ASKED)
    assert as_markdown(FOUND, ASKED).startswith("**Cheapest: ")


def test_none_that_reaches_it_is_told_with_what_to_do():
    """And how near the best comes."""
    text = as_text(FOUND[1:], ASKED)
    assert text.startswith(
        "No plan here reaches a power of 80 % at a margin of 10 points; the best, <other> with 1 "
    )


def test_json_holds_all_of_it():
    """In shares and seconds."""
    found = json.loads(as_json(FOUND, ASKED))
    assert (found["loss"], found["plans"][0]["power"], found["plans"][1]["tokens"]) == (0.05, 0.84, None)


def test_the_chart_is_well_formed_and_names_are_text():
    """A line for each data set, a point for each plan."""
    tree = ElementTree.fromstring(as_svg([*FOUND, plan("humaneval", 1, 0.7, 164)], ASKED))
    names = [node.tag.rpartition("}")[2] for node in tree]
    assert (names.count("polyline"), names.count("circle")) == (2, 3)
    assert "<other>" in "".join(tree.itertext())
