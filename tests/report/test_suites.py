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
    assert [" ".join(line.split()) for line in table.splitlines()] == [
        "data set problems baseline candidate difference interval p",
        "python 60 100.0 % 100.0 % 0.0 -4.9 to +4.9 1.00",
        "rust 60 100.0 % 66.7 % -33.3 -44.8 to -19.7 < 0.001",
        "all together 120 100.0 % 83.3 % -16.7 -23.4 to -9.8 < 0.001",
    ]
    assert "- The loss is in rust; python lost nothing that shows." in notes


def test_markdown_escapes_names():
    """A model's name is somebody's text."""
    told = as_markdown(suite())
    assert told.startswith("### \\*ternary\\* against fp8\n\n**On all 120 problems")
    assert "\n| rust | 60 | 100.0 % | 66.7 % | -33.3 | -44.8 to -19.7 | &lt; 0.001 |\n" in told


def test_json_holds_the_pool_and_its_data_sets():
    """For scripts, in shares."""
    found = json.loads(as_json(suite()))
    assert (found["decision"], found["weights"], found["num_clusters"]) == ("inconclusive", "problem", 120)
    assert [one["dataset"] for one in found["datasets"]] == ["python", "rust"]
    assert round(found["difference"]["difference"], 6) == -0.166667
    assert found["heterogeneity"] < 0.001
    made = suite()
    excess, main = made.excess, made.numbers
    assert found["confidence_in_excess"] == [excess.least, excess.most]
    assert [found[name] for name in ("pending", "way", "limit", "margin")] == [None, "margin", 0.1, 0.1]
    assert [found[name] for name in ("num_problems", "total_problems")] == [120, 120]
    assert found["needed"] == {"problems": [main.needed.reach.half, main.needed.reach.most]}
    assert round(found["recovery"]["share"], 6) == 0.833333
    told = found["difference"]
    assert (round(told["base"], 6), round(told["candidate"], 6)) == (1.0, 0.833333)
    assert (told["low"], told["high"], told["p_value"]) == (
        main.interval.low,
        main.interval.high,
        main.p_value,
    )
    assert [one["num_problems"] for one in found["datasets"]] == [60, 60]
    assert [round(one["difference"]["candidate"], 6) for one in found["datasets"]] == [1.0, 0.666667]
    assert [one["base"].rpartition("--")[2] for one in found["datasets"]] == ["python", "rust"]
    assert ["ternary" in one["candidate"] for one in found["datasets"]] == [True, True]


def test_junit_is_one_case():
    """Skipped where it cannot be told."""
    told = as_junit(suite())
    assert 'tests="1" failures="0" skipped="1"' in told
    assert '<testcase classname="python + rust" name="*ternary* against fp8">' in told
    assert 'message="inconclusive: On all 120 problems of python and rust' in told
