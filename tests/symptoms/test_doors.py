"""A symptom is added in one place: a toy is told, counted, listed and shown, as any other."""

import json

from tests.copied import with_lines
from tests.make import write_run

TOY = '    TOYS = "toys", "it speaks of toys"\n'
TOLD = '    if "toys" in answer.said:\n        yield Symptom.TOYS\n'


def test_a_symptom_is_added_in_one_place(tmp_path):
    """With what it means; pages, reports and lists of failures ask it for that."""
    toy = with_lines(
        tmp_path,
        ("rundir/symptoms.py", "    TEST_COPIED =", TOY),
        ("symptoms/__init__.py", "    if sayings.leaks_markup(answer.said):", TOLD),
    )
    run_dir = write_run(tmp_path / "runs", "m", [1, 0], n=2)
    path = run_dir.path / "completions.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows[1:]:
        row["text"] += "\nNow for the toys.\n"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    assert "4 answers looked at, 4 rows changed" in toy("tally", run_dir.path)
    (report,) = json.loads(toy("report", run_dir.path, "--format", "json"))["reports"]
    assert report["symptoms"]["toys"]["samples"] == 3
    assert "it speaks of toys" in toy("report", run_dir.path)
    assert "3 of 4 samples failed" in toy("failures", run_dir.path, "--symptom", "toys")
    toy("build", "--runs", "runs", "--output", "site")
    page = (tmp_path / "site" / "runs" / run_dir.path.name / "index.html").read_text("utf-8")
    assert "it speaks of toys" in page
