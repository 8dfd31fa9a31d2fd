"""A server is asked for edits in each format, with every fault: runs give back the shares of each class."""

import json
from collections import Counter

import pytest

from evalsite.datasets.reading import read_problems
from evalsite.edits.formats import FORMATS
from evalsite.rundir.store import RunDir
from tests.cli.helpers import failed, made, running
from tests.edits.server import EditingServer, assign

FAULTS = ("no_edit", "malformed_edit", "wrong_file", "edit_does_not_apply", "wrong_answer")
EACH = 2
pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("toolchains")]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Sixteen exercises that cost nothing, as a file of one's own."""
    path = tmp_path_factory.mktemp("data") / "small.jsonl"
    rows = [
        {
            "task_id": f"python/{name}", "language": "python", "instructions": f"Write `{name}`, number {n}.",
            "solution": {f"{name}.py": f"def {name}():\n    pass\n"},
            "tests": {
                f"{name}_test.py": f"import unittest\nfrom {name} import *\nclass A(unittest.TestCase):\n"
                f"    def test_it(self):\n        self.assertEqual({name}(), {n})\n"
            },
            "example": {f"{name}.py": f"def {name}():\n    return {n}\n"},
        }
        for n, name in enumerate(f"task{number}" for number in range(16))
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def asking(server, data, name, *options):
    return (
        "run", "--model-endpoint", server.url, "--model-name", "m", "--dataset", "small", "--data-path", data,
        "--edit-format", name, *options,
    )  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_gives_back_the_shares(data, evalsite, name):
    """Two of sixteen of each fault, exactly; what was well-formed and what applied is counted."""
    problems = list(read_problems(data))
    faults = assign(problems, {fault: EACH for fault in FAULTS if (fault, name) != (FAULTS[3], "whole")})
    with running(EditingServer(problems, name, faults)) as server:
        done = evalsite(*asking(server, data, name))
    assert done.returncode == 0, done.stderr
    run_dir: RunDir = made(done)
    verdicts = {row.problem: row for row in run_dir.verdicts()}
    assert {each: row.verdict for each, row in verdicts.items()} == {
        problem.task_id: faults.get(problem.task_id, "passed") for problem in problems
    }
    summary = run_dir.read_summary()
    assert summary.verdicts == {**Counter(faults.values()), "passed": 16 - len(faults)}
    unread = 2 * EACH
    lost = unread + (EACH if name == "whole" else 2 * EACH)
    assert (summary.edits.format, summary.edits.samples) == (name, 16)
    assert (summary.edits.well_formed, summary.edits.applied) == (16 - unread, 16 - lost)
    assert summary.edits.passed == (16 - len(faults),)
    nearest = [row.message for row in verdicts.values() if row.verdict == "edit_does_not_apply"]
    assert all("no line is 'no such line there'" in message for message in nearest)
    assert len(nearest) == (0 if name == "whole" else EACH)
    assert {row.rule for row in verdicts.values() if row.verdict == "passed"} == {f"edit-{name}"}


@pytest.mark.parametrize("name", FORMATS)
def test_faults_of_a_function_can_be_mended_by_edits(shared, evalsite, name):
    """HumanEvalPack's repair problems are files, too: the same tests judge them, and the code is asked for
    otherwise.
    """
    path = shared / "datasets/humanevalpack-python.jsonl.gz"
    from evalsite.datasets.source import load_dataset

    problems = load_dataset("humanevalpack-python-fix", path).problems[:6]
    faults = assign(problems, {"no_edit": 1, "wrong_file": 1})
    with running(EditingServer(problems, name, faults)) as server:
        done = evalsite(
            "run", "--model-endpoint", server.url, "--model-name", "m", "--dataset",
            "humanevalpack-python-fix", "--data-path", path, "--max-problems", 6, "--edit-format", name,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    verdicts = {row.problem: row.verdict for row in made(done).verdicts()}
    assert verdicts == {each.task_id: faults.get(each.task_id, "passed") for each in problems}


def test_what_is_no_edit_is_not_asked_so(shared, evalsite, data):
    """With the option to leave out, or the data set to take."""
    tiny = ("--dataset", "tiny", "--data-path", shared / "cases/tiny.jsonl")
    there = ("run", "--model-endpoint", "http://127.0.0.1:9/v1/chat/completions", "--model-name", "m")
    failed(evalsite(*there, *tiny, "--edit-format", "udiff"), 2, "--edit-format is for exercises")
    own = ("--dataset", "small", "--data-path", data)
    failed(evalsite(*there, *own, "--prompt", "chat-v1"), 2, "asks for edits of files")
    failed(evalsite(*there, *own, "--api", "completions"), 2)
    failed(evalsite(*there, *own, "--few-shot", "1"), 2)
