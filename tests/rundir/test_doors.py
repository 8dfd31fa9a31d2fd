"""A verdict class is added in one place: a toy is given, counted, reported and shown, as any other."""

import json

import pytest

from evalsite.rundir.finding import find_runs
from evalsite.site.urls import METHODS
from tests.copied import PROBLEM, with_lines

TOY = '    TOY_END = "toy_end", "the program ended as toys do", "ToyError"\n'
LEADS_TO_IT = "    if execution.status == 77:\n        return VerdictClass.TOY_END\n"
ENDS = "    import os\n    os._exit(77)\n"


@pytest.fixture
def toy(tmp_path):
    """Run ``python -m evalsite`` of a copy of this program that knows one more class."""
    return with_lines(
        tmp_path,
        ("rundir/taxonomy.py", "    TRUNCATED =", TOY),
        ("grading/verdicts.py", "    if _ran_out_of_time(execution):", LEADS_TO_IT),
    )


@pytest.mark.sandbox
def test_a_verdict_class_is_added_in_one_place(toy, tmp_path, evalsite):
    """With what it means and what it is called; pages and reports ask it for that."""
    (tmp_path / "toys.jsonl").write_text(json.dumps(PROBLEM) + "\n")
    rows = [{"task_id": "Toy/0", "completion": text} for text in ("    return 2 * x\n", ENDS, ENDS)]
    (tmp_path / "samples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    toy("import", "samples.jsonl", "--dataset", "toys", "--data-path", "toys.jsonl", "--model-name", "m")
    (run_dir,) = find_runs(tmp_path / "runs")

    assert json.loads((run_dir.path / "summary.json").read_text())["verdicts"] == {"passed": 1, "toy_end": 2}
    (report,) = json.loads(toy("report", run_dir.path, "--format", "json"))["reports"]
    assert report["per_problem_results"]["Toy/0"]["error_types"] == ["ToyError"] * 2
    assert "toy end: 2" in toy("failures", run_dir.path)
    toy("build", "--runs", "runs", "--output", "site")
    page = tmp_path / "site" / "runs" / run_dir.path.name
    for shown in (page / "index.html", tmp_path / "site" / METHODS):
        assert "Toy end" in shown.read_text("utf-8")
        assert "the program ended as toys do" in shown.read_text("utf-8")
    assert "Toy end" in (page / "Toy-0" / "index.html").read_text("utf-8")

    refused = evalsite("failures", run_dir.path)
    assert refused.returncode == 5
    assert "verdicts.jsonl" in refused.stderr
