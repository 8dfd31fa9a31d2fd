"""How a command that made or changed a run ends: what it came to, and the command that comes next."""

import json
import re
import shlex

import pytest

from evalsite.rundir.store import RunDir
from tests.cli.helpers import running
from tests.faulty_server import FaultyServer

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
