"""Two runs as pictures: the difference with its interval against the margin, and pass@k of both."""

import xml.etree.ElementTree as ET

import pytest

from evalsite.site.views.difference import curves_chart, difference_chart
from evalsite.stats.compare.runs import compare_runs
from tests.make import loaded_run

HALF, MOST = [1, 0] * 60, [1] * 96 + [0] * 24
CASES = {
    "met": ([10] * 100 + [0] * 20, [10] * 100 + [0] * 20, 10),
    "missed": ([10] * 100 + [0] * 20, [10] * 50 + [0] * 70, 10),
    "inconclusive": (MOST, [1] * 84 + [0] * 30 + [1] * 6, 1),
    "vacuous": ([1] * 2 + [0] * 118, [1] * 2 + [0] * 118, 1),
}


def compared(name, **changes):
    base, candidate, samples = CASES[name]
    return compare_runs(
        loaded_run(base, samples, model="base"), loaded_run(candidate, samples, model="cand", **changes)
    )


def regions(svg):
    """Word -> (start, end) in percent."""
    shaded = [rect for rect in svg.iter("rect") if rect.get("class").startswith("region")]
    names = {"bad": "missed", "unsure": "inconclusive", "good": "met"}
    found = {}
    for rect in shaded:
        start, width = (float(rect.get(key).rstrip("%")) for key in ("x", "width"))
        found[names[rect.get("class").split()[1]]] = (start, start + width)
    return found


def middle(svg):
    (point,) = (each for each in svg.iter("svg") if each.get("class") == "point")
    return float(point.get("x").rstrip("%"))


@pytest.mark.parametrize("decision", ["met", "missed", "inconclusive"])
def test_the_difference_lies_in_the_region_of_its_decision(decision):
    """What the picture shows is what is decided, and the margin is drawn into it."""
    found = compared(decision)
    assert found.decision == decision
    drawn = difference_chart(found)
    svg = ET.fromstring(drawn.svg)
    assert [word for word, (start, end) in regions(svg).items() if start < middle(svg) < end] == [decision]
    texts = [text.text for text in svg.iter("text")]
    assert "margin −10" in texts
    assert "difference of pass@1, points" in texts
    assert found.headline in svg.get("aria-label")


@pytest.mark.parametrize("changes", [{"status": "running"}, {}])
def test_what_decides_nothing_has_no_regions(changes):
    """A vacuous "met" or a run that goes on is drawn without green and red."""
    found = compared("met" if changes else "vacuous", **changes)
    assert found.decision == ("pending" if changes else "vacuous")
    drawn = difference_chart(found)
    svg = ET.fromstring(drawn.svg)
    assert regions(svg) == {}
    assert middle(svg) > 0
    assert "candidate" not in drawn.svg
    assert ("ready" if changes else "proves nothing") in drawn.summary


def test_missing_samples_are_drawn_as_a_thin_line():
    base, candidate, samples = CASES["met"]
    found = compare_runs(loaded_run(base, samples), loaded_run(candidate, samples, missing=30))
    drawn = difference_chart(found)
    assert 'class="range possible"' in drawn.svg
    assert "missing samples" in drawn.summary


def test_both_curves_stand_in_one_chart_with_their_bands():
    """Each labelled where it ends, by word and shape, and in a table."""
    drawn = curves_chart(compared("missed"), ("A", "B"))
    svg = ET.fromstring(drawn.svg)
    classes = [path.get("class") for path in svg.iter("path")]
    for side in ("baseline", "candidate"):
        assert {f"band {side}", f"curve {side}", side} <= set(classes)
    texts = [text.text or text[0].tail for text in svg.iter("text")]
    assert {"pass@k, %", "k, samples that may be tried", "baseline 83.3", "candidate 41.7"} <= set(texts)
    assert {row[1] for row in drawn.rows} == {str(k) for k in range(1, 11)}
    assert {row[0] for row in drawn.rows} == {"A", "B"}
    assert curves_chart(compared("inconclusive"), ("A", "B")) is None


def test_nothing_in_common_is_not_drawn():
    other = loaded_run([1], 2, task_ids=["Other/0"])
    found = compare_runs(loaded_run([1], 2), other)
    assert difference_chart(found) is None
    assert curves_chart(found, ("A", "B")) is None
