"""Runs, targets and comparisons as records, in JSON and CSV; a run's problems as a table."""

import csv
import io
import json


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
