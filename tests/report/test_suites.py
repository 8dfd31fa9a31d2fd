"""Two models over several data sets, as text, Markdown, JSON and JUnit."""

import json

from evalsite.report.suites import as_json, as_junit, as_markdown, as_text
from evalsite.stats.compare.suites import compare_suites
from tests.make import loaded_run


def suite():
    pairs = [
        tuple(
            loaded_run(passes, 1, model=model, dataset=name, task_ids=[f"{name}/{i}" for i in range(60)])
            for model, passes in (("fp8", [1] * 60), ("*ternary*", [0] * lost + [1] * (60 - lost)))
        )
        for name, lost in (("python", 0), ("rust", 20))
    ]
    return compare_suites(pairs)


def test_text_has_the_verdict_a_row_for_each_data_set_and_one_for_all():
    """In this order."""
    first, table, notes = as_text(suite()).split("\n\n")
    assert first.startswith(
        "INCONCLUSIVE. On all 120 problems of python and rust (each problem counts the same)"
    )
    rows = [line.split() for line in table.splitlines()]
    assert [row[0] for row in rows[-3:]] == ["python", "rust", "all"]
    assert rows[-2][1:5] == ["60", "100.0", "%", "66.7"]
    assert "- The loss is in rust; python lost nothing that shows." in notes


def test_markdown_escapes_names():
    """A model's name is somebody's text."""
    assert as_markdown(suite()).startswith("### \\*ternary\\* against fp8\n")


def test_json_holds_the_pool_and_its_data_sets():
    """For scripts, in shares."""
    found = json.loads(as_json(suite()))
    assert (found["decision"], found["weights"], found["num_clusters"]) == ("inconclusive", "problem", 120)
    assert [one["dataset"] for one in found["datasets"]] == ["python", "rust"]
    assert round(found["difference"]["difference"], 6) == -0.166667
    assert found["heterogeneity"] < 0.001


def test_junit_is_one_case():
    """Skipped where it cannot be told."""
    assert 'skipped="1"' in as_junit(suite())
