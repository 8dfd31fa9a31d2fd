"""``evalsite import``: samples made elsewhere become a run, with what is known of how they were asked."""

import json
import os
import time
from pathlib import Path

import pytest

from tests.cli.helpers import failed
from tests.runner.test_trial import record, write

ALIKE = ("--api", "chat", "--prompt", "their-v1", "--temperature", "0.2", "--top-p", "1", "--max-tokens", 512)


@pytest.fixture
def imported(evalsite, tmp_path):
    """Import one sample under a model's name, with what is declared of it."""
    write(tmp_path / "demo.jsonl", [record(0)])
    write(tmp_path / "samples.jsonl", [{"task_id": "Demo/0", "completion": "    return 2 * x\n"}])
    data = ("--dataset", "demo", "--data-path", "demo.jsonl", "--no-grade")

    def run(name, *declared):
        done = evalsite("import", "samples.jsonl", *data, "--model-name", name, *declared)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


def test_what_is_declared_is_told(evalsite, imported):
    """In the report, in place of "not recorded"."""
    assert "temperature 0.2; top_p 1; max_tokens 512" in evalsite("report", imported("m", *ALIKE)).stdout
    assert "temperature and prompt are not recorded" in evalsite("report", imported("other")).stdout


@pytest.mark.sandbox
def test_import_grades_samples_and_prints_the_runs_path_last(evalsite, samples, tmp_path):
    """And report, validate and grade take it from there."""
    process = evalsite("import", samples, "--dataset", "humaneval", "--model-name", "m", "--runs-dir", "r")
    assert process.returncode == 0, process.stderr
    run = Path(process.stdout.splitlines()[-1])
    assert (tmp_path / run / "verdicts.jsonl").is_file()
    assert "samples for 1 of 164 problems" in " ".join(process.stderr.split())
    (entry,) = json.loads(evalsite("report", run, "--format", "json").stdout)["reports"]
    assert entry["pass_at_1"]["score"] == 0.5
    assert entry["per_problem_results"]["HumanEval/2"]["error_types"] == ["AssertionError"]
    assert "sound" in evalsite("validate", run).stdout
    again = evalsite("grade", run, "--again")
    assert "0 verdicts changed" in again.stdout


@pytest.mark.sandbox
def test_an_answer_to_an_unknown_problem_is_named(evalsite, samples, tmp_path):
    """Exit code 5, not a traceback."""
    run = tmp_path / evalsite("import", samples, "--model-name", "m").stdout.strip()
    path = run / "completions.jsonl"
    path.write_text(path.read_text().replace('"HumanEval/2"', '"HumanEval/3"'))
    failed(evalsite("grade", run, "--again"), 5, "'HumanEval/3'", "problems.jsonl")


@pytest.mark.parametrize(("name", "said"), [(b"a\xff", "UTF-8"), (b" ", "empty")])
def test_a_model_needs_a_name_that_can_be_written_down(evalsite, samples, name, said):
    """Exit code 2 at once, and nothing half-made in the runs folder."""
    failed(evalsite("import", samples, "--model-name", os.fsdecode(name)), 2, said)


def test_an_unknown_dataset_is_named(evalsite, samples):
    """Exit code 3, and the name that is meant."""
    process = evalsite("import", samples, "--dataset", "humanevil", "--model-name", "m")
    failed(process, 3, "error[dataset]", "'humanevil'", "humaneval is meant")


def test_a_dataset_cut_in_the_middle_is_named(evalsite, samples, tmp_path):
    """Exit code 3, with file and line; no run directory is left behind."""
    (tmp_path / "cut.jsonl").write_text('{"task_id": "A/0", "prompt": "def f')
    process = evalsite("import", samples, "--data-path", "cut.jsonl", "--model-name", "m")
    failed(process, 3, "cut.jsonl:1", "fetch it again")
    assert not (tmp_path / "runs").exists()


@pytest.mark.sandbox
def test_sandboxes_that_were_begun_end_with_a_file_that_is_none(evalsite, tmp_path, left_behind):
    """They start while the file is read; what is wrong with it is told as ever, and no run is left."""
    (tmp_path / "none.jsonl").write_text("no JSON\n")
    failed(evalsite("import", "none.jsonl", "--model-name", "m"), 3, "none.jsonl", "no JSON")
    late = time.monotonic() + 10
    while left_behind() and time.monotonic() < late:  # a namespace ends a moment after who made it
        time.sleep(0.01)
    assert left_behind() == []
    assert not (tmp_path / "runs").exists()
