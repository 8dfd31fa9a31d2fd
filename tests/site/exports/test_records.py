"""Runs, targets and comparisons as records, in JSON and CSV; a run's problems as a table."""

import csv
import io
import json

import pytest

from evalsite.site.exports.records import problems_table, records
from evalsite.site.urls import PATHS
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.intervals import estimate_pass_at_k
from tests.site.conftest import OPTIONS
from tests.site.helpers import judged


@pytest.fixture(scope="module")
def judgement(demo_runs):
    return judged(demo_runs, OPTIONS)


def read(judgement, name):
    """The records of a file, and what stands above them."""
    head = json.loads(dict(records(judgement, OPTIONS))[PATHS[f"{name}_json"]])
    return head.pop(name), head


def test_a_run_s_record_has_the_figures_of_its_page(judgement):
    """In time's order; a table has a column for each customary k, empty where there are too few samples."""
    found, head = read(judgement, "runs")
    assert head == {"format": 1, "title": "Toy results", "site": "https://example.org/results/"}
    assert [(run["model"], run["role"]) for run in found] == [
        ("Other", ""), ("Toy-FP8", "baseline"), ("Toy-Ternary", "candidate"), ("Toy-Ternary", "candidate"),
    ]  # fmt: skip
    entries = {entry.id: entry for entry in judgement.evidence.entries}
    for run in found:
        entry = entries[run["id"]]
        interval = estimate_pass_at_k(entry.n, entry.c, 1).interval
        assert (run["pass_at_1_low"], run["pass_at_1_high"]) == (interval.low, interval.high)
        assert run["latency_s"] == entry.summary.latency_s.mean
        assert (run["pass_at"], run["verdicts"]) == (entry.summary.pass_at, entry.summary.verdicts)
        assert (run["temperature"], run["language"], run["kind"]) == (0.2, "Python", "function")
    rows = list(csv.DictReader(io.StringIO(dict(records(judgement, OPTIONS))[PATHS["runs_csv"]].decode())))
    assert [(row["pass_at_1"], row["pass_at_10"], row["pass_at_100"]) for row in rows[:2]] == [
        ("0.75", "", ""), ("0.775", "0.875", ""),
    ]  # fmt: skip
    assert "pass_at" not in rows[0]
    assert "verdicts" not in rows[0]


def test_a_comparison_s_record_has_its_figures(judgement):
    """Each in the field of its name, and every flip counted on its side."""
    found = {(one["base"], one["candidate"]): one for one in read(judgement, "comparisons")[0]}
    assert found.keys() == judgement.comparisons.keys()
    base, candidate = (
        f"2026-11-{day}--humaneval" for day in ("18T10-00-00Z--toy-fp8", "20T10-00-00Z--toy-ternary")
    )
    one, entries = found[base, candidate], {entry.id: entry for entry in judgement.evidence.entries}
    alone = compare_runs(entries[base], entries[candidate])
    main = alone.numbers.main
    assert (one["difference"], one["low"], one["high"]) == (main.value, main.interval.low, main.interval.high)
    assert one["p_value"] == main.p_value < one["p_adjusted"], "two candidates are held against it"
    assert (one["broken"], one["fixed"], one["unchanged"]) == (3, 0, 3)
    assert (one["num_problems"], one["total_problems"], one["margin"]) == (8, 8, 0.1)
    assert (one["excess_low"], one["excess_high"]) == (alone.excess.least, alone.excess.most)
    assert (one["decision"], one["sequential"], one["pending"]) == ("inconclusive", False, "")
    assert (one["reservations"], one["mismatches"]) == (0, 0)


def test_a_target_s_record_has_its_figures(judgement):
    """What is not known is null: the interval of one that is pending, the run of one that nobody made."""
    found, head = read(judgement, "targets")
    assert head["source"] == "qwen3-coder-80b-ternary"
    assert len(found) == len(judgement.results)
    for one, result in zip(found, judgement.results, strict=True):
        interval = result.interval
        assert (one["low"], one["high"], one["confidence"]) == (
            (interval.low, interval.high, interval.confidence) if interval else (None, None, None)
        )
        assert one["run"] == (result.run.id if result.run else None)
        assert bool(one["path"]) == bool(result.run)
        assert one["decision"] == one["verdict"] == result.decision
        assert (one["actual"], one["delta"], one["baseline"]) == (
            result.actual,
            result.delta,
            result.baseline,
        )
    assert {one["low"] is None for one in found} == {one["run"] is None for one in found} == {True, False}


def test_a_run_s_problems_are_a_table_of_counts(judgement):
    """Everything but passes stands in a column of its own."""
    (entry,) = [entry for entry in judgement.evidence.entries if entry.model == "Toy-FP8"]
    rows = list(csv.DictReader(io.StringIO(problems_table(entry).decode())))
    assert {key: value for key, value in rows[3].items() if value != "0"} == {
        "problem": "HumanEval/3", "n": "10", "c": "8", "execution_s": "0.011", "wrong_answer": "1",
        "runtime_error": "1",
    }  # fmt: skip
    assert "passed" not in rows[3]


def test_the_run_index_is_versioned_and_complete(site, demo_runs):
    """Machines find every run with its path, which is a page."""
    index = json.loads((site / "data/runs.json").read_text())
    assert index["format"] == 1
    assert {run["id"] for run in index["runs"]} == {path.name for path in demo_runs.iterdir()}
    assert all((site / run["path"] / "index.html").is_file() for run in index["runs"])


def test_tables_come_as_csv_too(site):
    """CSV and JSON hold the same rows."""
    for name, key in (("runs", "runs"), ("targets", "targets"), ("comparisons", "comparisons")):
        rows = list(csv.DictReader(io.StringIO((site / f"data/{name}.csv").read_text())))
        assert len(rows) == len(json.loads((site / f"data/{name}.json").read_text())[key])
        assert rows
