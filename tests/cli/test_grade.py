"""``evalsite grade``: again, later, and by nobody else's limits."""

import json

import pytest
from msgspec import structs

from evalsite.cli.grade import _show
from evalsite.grading.sandboxes import choose
from evalsite.rundir.schema import Verdict
from evalsite.rundir.store import RunDir
from evalsite.runner.grade import Change
from tests.cli.helpers import HUMANEVAL_2, failed, running
from tests.faulty_server import FaultyServer


@pytest.mark.sandbox
def test_grade_again_lists_what_changed_and_why(evalsite, samples, tmp_path):
    """A verdict that was tampered with is found."""
    run = tmp_path / evalsite("import", samples, "--model-name", "m").stdout.strip()
    path = run / "verdicts.jsonl"
    path.write_text(path.read_text().replace('"verdict": "wrong_answer"', '"verdict": "passed"'))
    assert "summary.json does not agree" in evalsite("validate", run).stdout
    process = evalsite("grade", run, "--again")
    assert "1 verdict changed" in process.stdout
    assert "HumanEval/2 sample 1: passed -> wrong_answer (the same program)" in process.stdout


def test_of_a_changed_verdict_is_told_whether_the_program_changed_and_what_failed(capsys):
    """In a line each, with the first line of what was raised, where anything was."""
    passed = Verdict(problem="Demo/0", sample=2, verdict="passed", program="f = 1")
    raised = structs.replace(passed, verdict="runtime_error", exception="NameError", message="no\ng")
    _show([Change(passed, raised), Change(raised, structs.replace(passed, program="f = 2"))])
    assert capsys.readouterr().out.splitlines() == [
        "2 verdicts changed",
        "  Demo/0 sample 2: passed -> runtime_error (the same program): NameError no",
        "  Demo/0 sample 2: runtime_error -> passed (another program was extracted)",
    ]


@pytest.mark.sandbox
def test_grading_goes_on_with_the_limits_it_began_with(evalsite, samples, tmp_path):
    """Other limits are refused, and nothing is changed: the run's record has to hold for all its verdicts."""
    run = tmp_path / evalsite("import", samples, "--model-name", "m", "--cpu-limit", 7).stdout.strip()
    verdicts, record = run / "verdicts.jsonl", run / "run.json"
    verdicts.write_text(verdicts.read_text().splitlines(keepends=True)[0])
    before = record.read_text()
    failed(evalsite("grade", run, "--cpu-limit", 9), 5, "limits.cpu_s 7.0 -> 9.0", "--again")
    assert record.read_text() == before
    assert evalsite("grade", run).returncode == 0
    assert len(verdicts.read_text().splitlines()) == 2
    assert json.loads(record.read_text())["grading"]["limits"]["cpu_s"] == 7
    assert evalsite("grade", run, "--again", "--cpu-limit", 9).returncode == 0
    assert json.loads(record.read_text())["grading"]["limits"]["cpu_s"] == 9


@pytest.mark.sandbox
def test_a_run_directory_does_not_switch_the_sandbox_off(evalsite, samples, tmp_path):
    """It may come from anybody; whoever wants its code to run with their own rights says so themselves."""
    run = tmp_path / evalsite("import", samples, "--model-name", "m", "--sandbox", "process").stdout.strip()
    here = choose(None)
    failed(evalsite("grade", run), 5, f"sandbox 'process' -> '{here}'")
    assert evalsite("grade", run, "--again").returncode == 0
    assert json.loads((run / "run.json").read_text())["grading"]["sandbox"] == here


def test_a_run_that_another_process_writes_is_left_alone(evalsite, tmp_path):
    """The second resume is refused before it has changed anything."""
    with running(FaultyServer(answer=lambda *_: HUMANEVAL_2)) as server:
        common = ("--no-grade", "--max-problems", 1)
        made = evalsite("run", "--model-endpoint", server.url, "--model-name", "m", *common)
        assert made.returncode == 0, made.stderr
        run = tmp_path / made.stdout.strip()
        before = (run / "run.json").read_text()
        assert json.loads(before)["grading"] is None, "nothing has been graded"
        with RunDir(run).lock():
            failed(evalsite("resume", run, "-n", 3, *common), 5, "another evalsite process")
        assert (run / "run.json").read_text() == before
