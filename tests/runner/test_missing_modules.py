"""Programs that stop at importing what is not installed: a class of their own, with the packages' names."""

import json

import pytest

from evalsite.counts.validate import find_faults
from evalsite.rundir.store import RunDir

RECORD = {
    "task_id": "Demo/0",
    "prompt": "def double(x):\n",
    "entry_point": "double",
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(candidate):\n    assert candidate(3) == 6\n",
}
BODIES = (
    "    return 2 * x\n",
    "    import sklearnlike\n    return sklearnlike.double(x)\n",
    "    from pandalike.frames import Frame\n    return Frame(x)\n",
    "    return __import__('pandalike').double(x)\n",
    "    import os.pandalike\n",
    "    try:\n        import pandalike\n    except ImportError:\n        return 2 * x\n",
)
TOLD = "3 samples stopped at importing what programs do not have here: pandalike (2) and sklearnlike (1)."


@pytest.fixture
def run_dir(evalsite, tmp_path):
    (tmp_path / "demo.jsonl").write_text(json.dumps(RECORD) + "\n")
    samples = [json.dumps({"task_id": "Demo/0", "completion": body}) + "\n" for body in BODIES]
    (tmp_path / "samples.jsonl").write_text("".join(samples))
    done = evalsite(
        "import", "samples.jsonl", "--dataset", "demo", "--data-path", "demo.jsonl", "--model-name", "m"
    )
    assert done.returncode == 0, done.stderr
    return RunDir(tmp_path / done.stdout.strip())


@pytest.mark.sandbox
def test_they_are_told_apart_wherever_failures_are_told(evalsite, run_dir, tmp_path):
    """In the run, the report, the gate and on the site; who does without the package passes."""
    verdicts = {verdict.sample: verdict for verdict in run_dir.verdicts()}
    assert [str(verdicts[n].verdict) for n in range(6)] == [
        "passed", *["missing_module"] * 3, "runtime_error", "passed",
    ]  # fmt: skip
    assert [verdicts[n].module for n in range(6)] == ["", "sklearnlike", "pandalike", "pandalike", "", ""]
    assert (verdicts[2].exception, verdicts[2].line) == ("ModuleNotFoundError", 2)
    summary = run_dir.read_summary()
    assert summary.missing_modules == {"pandalike": 2, "sklearnlike": 1}
    assert summary.exceptions == {"ModuleNotFoundError": 1}
    assert find_faults(run_dir) == []
    report = evalsite("report", run_dir.path).stdout
    assert "Not installed" in report
    assert TOLD in report
    assert "missing_module" in report
    (entry,) = json.loads(evalsite("report", run_dir.path, "--format", "json").stdout)["reports"]
    assert entry["missing_modules"] == {"pandalike": 2, "sklearnlike": 1}
    assert entry["per_problem_results"]["Demo/0"]["error_types"].count("ModuleNotFoundError") == 3
    (tmp_path / "targets.toml").write_text('[[target]]\nname = "T"\nmetric = "pass@1"\nabove = 1\n')
    assert TOLD in " ".join(evalsite("check").stdout.split())
    assert evalsite("build", "--output", "site").returncode == 0
    (page,) = (tmp_path / "site" / "runs").glob("*/index.html")
    shown = page.read_text()
    assert "Modules that programs do not have here" in shown
    assert "pandalike" in shown.partition("Modules that programs do not have here")[2]


@pytest.mark.sandbox
def test_a_run_from_before_the_class_was_there_says_what_it_said(evalsite, run_dir):
    """Its rows are read as they are, and sorted anew where everything is graded again."""
    rows = [json.loads(line) for line in (run_dir.path / "verdicts.jsonl").read_text().splitlines()]
    for row in rows:
        if row.pop("module"):
            row["verdict"] = "runtime_error"
    (run_dir.path / "verdicts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = evalsite("report", run_dir.path).stdout
    assert "runtime_error" in report
    assert "missing_module" not in report
    assert "Not installed" not in report
    again = evalsite("grade", run_dir.path, "--again")
    assert "3 verdicts changed" in again.stdout
    assert TOLD in evalsite("report", run_dir.path).stdout
