"""A sandbox is added in one place: a toy is offered, started, recorded, shown and tried, as any other."""

import json

import pytest

from evalsite.rundir.finding import find_runs
from tests.copied import PROBLEM, with_lines

NAMED = '    TOY = "toy", True, "is for toys", "Toys have --sandbox toy."\n'
STARTS = '''class Toy(Landlock):
    """Programs find an option of Python's."""

    name = Sandbox.TOY
    title = "toy sandbox"

    def praise(self) -> str:
        return "starts as toys do"

    def command(self, limits, **given):
        words = super().command(limits, **given)
        place = words.index("-s")
        return [*words[:place], "-X", "toy", *words[place:]]


'''
SEES_IT = "    import sys\n    return 2 * x if 'toy' in sys._xoptions else 0\n"


@pytest.fixture
def toy(tmp_path):
    """Run ``python -m evalsite`` of a copy of this program that knows one more sandbox."""
    return with_lines(
        tmp_path,
        ("rundir/sandboxes.py", "    PROCESS =", NAMED),
        ("grading/sandboxes/__init__.py", "BACKENDS:", STARTS),
        ("grading/sandboxes/__init__.py", "        Process(),", "        Toy(),\n"),
    )


@pytest.mark.sandbox
def test_a_sandbox_is_added_in_one_place(toy, tmp_path, evalsite):
    """What it promises and what it is called is asked of it, and what it can do its layers ask."""
    assert "'toy' is for toys; 'process' runs" in " ".join(toy("grade", "--help").split())
    (tmp_path / "toys.jsonl").write_text(json.dumps(PROBLEM) + "\n")
    (tmp_path / "samples.jsonl").write_text(json.dumps({"task_id": "Toy/0", "completion": SEES_IT}) + "\n")
    toy("import", "samples.jsonl", "--dataset", "toys", "--data-path", "toys.jsonl", "--model-name", "m",
        "--sandbox", "toy")  # fmt: skip
    (run_dir,) = find_runs(tmp_path / "runs")
    assert json.loads((run_dir.path / "summary.json").read_text())["verdicts"] == {"passed": 1}
    grading = json.loads((run_dir.path / "run.json").read_text())["grading"]
    assert grading["sandbox"] == "toy"
    assert "process-group" in grading["layers"]

    toy("build", "--runs", "runs", "--output", "site")
    page = (tmp_path / "site" / "runs" / run_dir.path.name / "index.html").read_text("utf-8")
    assert "--sandbox toy" in page
    assert "graded without isolation" not in page
    tried = " ".join(toy("doctor").split())
    assert "toy sandbox yes starts as toys do" in tried
    assert "toy sandbox: files yes" in tried

    refused = evalsite("report", run_dir.path)
    assert refused.returncode == 5
    assert "Invalid enum value 'toy'" in refused.stderr
