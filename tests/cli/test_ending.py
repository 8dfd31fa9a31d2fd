"""How a command that made or changed a run ends: what it came to, and the command that comes next."""

import json
import re
import shlex

import pytest
from msgspec import structs

from evalsite.cli import ending
from evalsite.datasets.catalogue import find
from evalsite.errors import IncompleteError
from evalsite.rundir import files
from evalsite.rundir.beside import REPEAT
from evalsite.rundir.looks import LookPlan
from evalsite.rundir.schema import Dataset
from evalsite.rundir.store import RunDir
from tests.cli.helpers import running
from tests.faulty_server import FaultyServer
from tests.make import BASELINE, CANDIDATE, write_run

OWN = {
    "prompt": "def f():\n", "entry_point": "f", "canonical_solution": "    return 1\n",
    "test": "def check(f):\n    assert f() == 1\n",
}  # fmt: skip


def advised(text):
    """The words behind evalsite of the command that a message advises."""
    return shlex.split(re.findall("evalsite (.*)", text)[-1])


@pytest.mark.sandbox
def test_the_next_step_names_the_file_of_an_own_data_set(evalsite, tmp_path):
    """And works as it is printed; where the file is not at hand, a report comes next."""
    (tmp_path / "away").mkdir()
    for place in (tmp_path, tmp_path / "away"):
        rows = [{"task_id": f"Own/{number}", **OWN} for number in range(2)]
        (place / "my own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with running(FaultyServer(answer=lambda *_: "    return 1\n")) as server:
        common = ("run", "--model-endpoint", server.url, "--model-name", "m", "--dataset", "own")
        trial = ("--max-problems", 1, "--data-path")
        made = evalsite(*common, *trial, "my own.jsonl")
        run = made.stdout.strip()
        assert advised(made.stderr) == ["resume", run, "--data-path", "my own.jsonl", "--all-problems"]
        assert evalsite(*advised(made.stderr)).returncode == 0
        assert RunDir(tmp_path / run).read_run().num_problems == 2
        (tmp_path / "my own.jsonl").unlink()
        far = evalsite(*common, "--runs-dir", "others", *trial, "away/my own.jsonl")
        assert advised(far.stderr) == ["report", far.stdout.strip()]


def test_what_is_missing_is_asked_for_with_the_file_of_an_own_data_set(evalsite, tmp_path):
    """The command in the message of samples that could not be had."""
    rows = [{"task_id": f"Own/{number}", **OWN} for number in range(2)]
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    server = FaultyServer()
    server.commit("none", *["http-402"] * 20)
    with running(server):
        made = evalsite(
            "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m",
            "--dataset", "own", "--data-path", "own.jsonl", "--no-grade", "--concurrency", 1,
        )  # fmt: skip
    assert made.returncode == 4, made.stderr
    advice = shlex.split(re.search("evalsite (resume [^(]*)", " ".join(made.stderr.split()))[1])
    assert advice == ["resume", made.stdout.strip(), "--data-path", "own.jsonl"]


def test_the_command_after_an_interrupt_works_as_printed_wherever_the_file_is(evalsite, tmp_path):
    """The run remembers where its data set's file was; a placeholder would have to be filled in first."""
    (tmp_path / "away").mkdir()
    rows = [{"task_id": f"Own/{number}", **OWN} for number in range(2)]
    (tmp_path / "away/own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    server = FaultyServer()
    server.commit("none", *["http-402"] * 2)
    with running(server):
        made = evalsite(
            "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m",
            "--data-path", "away/own.jsonl", "--no-grade", "--concurrency", 1,
        )  # fmt: skip
        assert made.returncode == 4, made.stderr
        advice = shlex.split(re.search("evalsite (resume [^(]*)", " ".join(made.stderr.split()))[1])
        assert advice == ["resume", made.stdout.strip()]
        server.commanded.clear()
        again = evalsite(*advice, "--no-grade")
    assert again.returncode == 0, again.stderr


def ended(run_dir, capsys, **changes):
    """What a command that ended with this run printed, what it said, and the words that it advised."""
    run_dir.write_run(structs.replace(run_dir.read_run(), **changes))
    ending.end_with(run_dir.path)
    printed = capsys.readouterr()
    return printed.out, printed.err, advised(printed.err)


@pytest.mark.parametrize("kind", ["generated", "imported"])
def test_a_run_without_verdicts_is_graded_next(tmp_path, capsys, monkeypatch, kind):
    """Its answers are counted, and those that it lacks of all that were asked for."""
    run_dir = write_run(tmp_path, "m", [1, 1, 0], n=2)
    answers = run_dir.path / "completions.jsonl"
    answers.write_text("".join(answers.read_text().splitlines(keepends=True)[:4]))
    monkeypatch.setattr(ending, "runs_programs", lambda: True)
    out, said, advice = ended(run_dir, capsys, grading=None, kind=kind, status="incomplete")
    assert out == f"{run_dir.path}\n"
    first, second, third = said.splitlines()
    assert first == "4 answers, not graded yet"
    assert second == "2 samples missing, which count neither for nor against the model"
    assert third.startswith("next: ")
    assert advice == ["grade", str(run_dir.path)]
    monkeypatch.setattr(ending, "runs_programs", lambda: False)
    assert ended(run_dir, capsys)[2] == ["grade", str(run_dir.path), "--in-container"]
    ending.end_with(run_dir.path, next_step=False)
    assert capsys.readouterr().err.splitlines() == [first, second]


def test_what_a_run_lacks_comes_before_a_comparison(tmp_path, capsys):
    """Samples, then problems, with the data set's file where its name does not lead to it."""
    path = tmp_path / "its own.jsonl"
    path.touch()
    run_dir = write_run(tmp_path, "m", [1, 0], n=1)
    away = Dataset(name="own", sha256="ab" * 32, num_problems=3, source="gone.jsonl")
    here = structs.replace(away, source=str(path))
    known = Dataset(name="humaneval", sha256=find("humaneval").sha256, num_problems=3)
    for dataset, file in ((away, ["--data-path", "FILE"]), (here, ["--data-path", str(path)]), (known, [])):
        resume = ["resume", str(run_dir.path), *file]
        assert ended(run_dir, capsys, dataset=dataset, status="incomplete")[2] == resume
        more = ["report", str(run_dir.path)] if dataset is away else [*resume, "--all-problems"]
        assert ended(run_dir, capsys, dataset=dataset, status="complete")[2] == more
        assert ended(run_dir, capsys, kind="imported")[2] == ["report", str(run_dir.path)]
        run_dir.write_run(structs.replace(run_dir.read_run(), kind="generated"))
    (run_dir.path / REPEAT).write_text(json.dumps({"data_path": str(path)}))
    resume = ["resume", str(run_dir.path)]
    assert ended(run_dir, capsys, dataset=away, status="incomplete")[2] == resume
    with_it = [*resume, "--data-path", str(path)]
    assert ended(run_dir, capsys, dataset=here)[2] == with_it


def test_a_whole_run_is_held_against_its_baseline(tmp_path, capsys):
    """That of its looks, with their margin where ``compare`` takes another; else that of the cards."""
    base = write_run(tmp_path, "base", [1, 1], n=1, card=BASELINE)
    older = write_run(tmp_path, "older", [1, 1], n=1, day="2026-11-01")
    run_dir = write_run(tmp_path, "m", [1, 0], n=1, card=CANDIDATE)
    compare = ["compare", str(base.path), str(run_dir.path)]
    assert ended(run_dir, capsys)[2] == compare
    assert ended(base, capsys)[2] == compare
    for margin, words in ((0.10, []), (0.025, ["--margin", "2.5"])):
        plan = LookPlan(base=older.read_run().id, margin=margin, stops=(1, 2), num_samples=1)
        advice = ended(run_dir, capsys, looks=plan)[2]
        assert advice == ["compare", str(older.path), str(run_dir.path), *words]
    assert ended(run_dir, capsys, looks=structs.replace(plan, base="gone"))[2] == compare


def test_a_file_too_large_to_publish_is_told(tmp_path, capsys, monkeypatch):
    """With the command that makes it smaller."""
    run_dir = write_run(tmp_path, "m", [1, 0], n=1)
    monkeypatch.setattr(files, "LARGE", (run_dir.path / "problems.jsonl").stat().st_size - 1)
    said = ended(run_dir, capsys)[1]
    assert f"note: {run_dir.path / 'problems.jsonl'}: has 0 MB, and from 100 MB on GitHub refuses" in said


def test_samples_that_no_sandbox_here_has_room_for_are_told_with_the_command(tmp_path):
    """That grades them where there is more; where each has a verdict nothing is said."""
    run_dir = write_run(tmp_path, "m", [1, 0], n=2)
    ending.refuse_ungraded(run_dir.path)
    run_dir.write_verdicts(list(run_dir.verdicts())[1:])
    with pytest.raises(IncompleteError, match=r"^1 sample could not be graded here") as refused:
        ending.refuse_ungraded(run_dir.path)
    assert refused.value.hint.endswith(f"Where there is more room: evalsite grade {run_dir.path}")
