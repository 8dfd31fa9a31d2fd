"""The forest plot: every data set's difference with its interval, the pooled one, and what differs."""

import xml.etree.ElementTree as ET

import pytest

from evalsite.report.forest import as_svg
from evalsite.stats.compare.suites import compare_suites
from tests.make import loaded_run

SVG = "{http://www.w3.org/2000/svg}"


def suite(weights="problem", names=(("python", 0, 90), ("rust", 20, 30))):
    """A baseline that solves everything, and a candidate that loses some of each data set."""
    pairs = [
        tuple(
            loaded_run(passes, 1, model=model, dataset=name, task_ids=[f"{name}/{i}" for i in range(size)])
            for model, passes in (("fp8", [1] * size), ("<ternary>", [0] * lost + [1] * (size - lost)))
        )
        for name, lost, size in names
    ]
    return compare_suites(pairs, weights=weights)


def drawn(found):
    """The picture, and all its words."""
    root = ET.fromstring(as_svg(found))
    return root, [text.text for text in root.iter(f"{SVG}text")]


def test_each_data_set_and_the_pool_stand_there_with_figures():
    """Figures agree with the table's; what differs between data sets is said below."""
    found = suite()
    root, words = drawn(found)
    assert words[0] == "<ternary> against fp8"
    assert {"python", "rust", f"all together: {found.decision}"} <= set(words)
    assert any(text.startswith("−66.7 (") for text in words)
    assert any(text.startswith("−16.7 (") for text in words)
    assert found.spread.startswith("The loss is in rust")
    assert found.spread in " ".join(words)
    assert root.find(f"{SVG}title").text == found.headline


@pytest.mark.parametrize(("weights", "times"), [("problem", 3**0.5), ("dataset", 1.0)])
def test_a_square_is_as_large_as_what_the_data_set_counts(weights, times):
    """Its area by the number of problems, or the same for each."""
    root, _ = drawn(suite(weights))
    python, rust = [float(rect.get("width")) for rect in root.iter(f"{SVG}rect")][1:]
    assert python / rust == pytest.approx(times, rel=0.02)


def test_nothing_lies_outside_of_the_picture():
    """Nor is what nobody lost drawn elsewhere than at zero; names that are too long are cut."""
    found = suite(names=(("x" * 60, 0, 40), ("y", 0, 40)))
    root, words = drawn(found)
    assert "x" * 25 + "…" in words
    left, right = 220, 860 - 200
    zero = next(float(text.get("x")) for text in root.iter(f"{SVG}text") if text.text == "0")
    squares = list(root.iter(f"{SVG}rect"))[1:]
    assert squares
    for rect in squares:
        middle = float(rect.get("x")) + float(rect.get("width")) / 2
        assert middle == pytest.approx(zero, abs=0.1)
        assert left <= middle <= right
