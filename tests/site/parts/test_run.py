"""The pages of one run: its own, one for each of its problems, its picture, its table and its files."""

import csv


def test_a_run_takes_its_files_along(site, demo_runs):
    """The run directory's files are published as they are, with a table of its problems."""
    run = "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval"
    for name in ("run.json", "problems.jsonl", "completions.jsonl", "verdicts.jsonl", "summary.json"):
        source = demo_runs / run.removeprefix("runs/") / name
        assert (site / run / "files" / name).read_bytes() == source.read_bytes()
    rows = list(csv.DictReader((site / run / "problems.csv").open()))
    assert [(row["problem"], row["n"], row["c"]) for row in rows][2] == ("HumanEval/2", "10", "4")
