"""A verdict class is added in one place: a toy is given, counted, reported and shown, as any other."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from evalsite.rundir.finding import find_runs
from evalsite.site.urls import METHODS
from tests.conftest import ROOT

TOY = '    TOY_END = "toy_end", "the program ended as toys do", "ToyError"\n'
LEADS_TO_IT = "    if execution.status == 77:\n        return VerdictClass.TOY_END\n"
PROBLEM = {
    "task_id": "Toy/0",
    "prompt": "def double(x):\n",
    "entry_point": "double",
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}
ENDS = "    import os\n    os._exit(77)\n"


def put(path, before, text):
    """Put text before the first line that begins as given."""
    whole = path.read_text("utf-8")
    head, found, tail = whole.partition(f"\n{before}")
    assert found
    path.write_text(f"{head}\n{text}{before}{tail}", encoding="utf-8")


@pytest.fixture
def toy(tmp_path):
    """Run ``python -m evalsite`` of a copy of this program that knows one more class."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "evalsite", copy / "evalsite", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("templates", "static"):
        (copy / name).symlink_to(ROOT / name)
    put(copy / "evalsite/rundir/taxonomy.py", "    TRUNCATED =", TOY)
    put(copy / "evalsite/grading/verdicts.py", "    if _ran_out_of_time(execution):", LEADS_TO_IT)

    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(copy), "HOME": str(tmp_path)}

    def run(*args):
        done = subprocess.run(
            [sys.executable, "-m", "evalsite", *map(str, args)], cwd=tmp_path, env=environment, text=True,
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


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
