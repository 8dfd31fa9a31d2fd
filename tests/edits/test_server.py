"""A server is asked for edits in each format, with every fault: runs give back the shares of each class."""

import json
import os
import signal
import sys
import time
from collections import Counter

import pytest

from evalsite.counts.validate import find_faults
from evalsite.datasets.reading import read_problems
from evalsite.datasets.source import load_dataset
from evalsite.edits.formats import FORMATS
from evalsite.rundir.store import RunDir
from tests import preloaded
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
    problems = load_dataset("humanevalpack-python-fix", path).problems[:6]
    faults = assign(problems, {"no_edit": 1, "wrong_file": 1})
    with running(EditingServer(problems, name, faults)) as server:
        done = evalsite(
            "run", "--model-endpoint", server.url, "--model-name", "m", "--dataset",
            "humanevalpack-python-fix", "--data-path", path, "--edit-format", name,
            "--problems", ",".join(problem.task_id for problem in problems),
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    verdicts = {row.problem: row.verdict for row in made(done).verdicts()}
    assert verdicts == {each.task_id: faults.get(each.task_id, "passed") for each in problems}


@pytest.mark.parametrize("name", FORMATS)
def test_what_came_of_a_failure_goes_back_once(data, evalsite, name):
    """Sixteen are asked, of which four fail and are asked again: two are mended, two are not."""
    problems = list(read_problems(data))
    faults = assign(problems, {"no_edit": 2, "wrong_answer": 2})
    again = dict.fromkeys(list(faults)[::2], "malformed_edit")
    with running(EditingServer(problems, name, faults, again)) as server:
        done = evalsite(*asking(server, data, name, "--turns", 2))
    assert done.returncode == 0, done.stderr
    run_dir: RunDir = made(done)
    verdicts = {row.problem: row for row in run_dir.verdicts()}
    assert {task: row.edit.turns for task, row in verdicts.items() if task in faults} == {
        task: (fault, again.get(task, "passed")) for task, fault in faults.items()
    }
    assert {row.edit.turns for task, row in verdicts.items() if task not in faults} == {()}
    summary = run_dir.read_summary()
    assert (summary.edits.passed, summary.edits.well_formed) == ((12, 14), 14)
    assert summary.verdicts == {"malformed_edit": 2, "passed": 14}
    assert [len(body["messages"]) for body in server.asked] == [1] * 16 + [3] * 4
    said = {body["messages"][0]["content"]: body["messages"][2]["content"] for body in server.asked[16:]}
    asked = {problem.task_id: problem.asked for problem in run_dir.problems()}
    for task, fault in faults.items():
        words = "That changed nothing" if fault == "no_edit" else "the tests fail (wrong answer)"
        assert words in said[asked[task]]
        assert ("!= " in said[asked[task]]) == (fault == "wrong_answer")
    assert find_faults(run_dir) == []
    again_graded = evalsite("grade", run_dir.path, "--again")
    assert "0 verdicts changed" in again_graded.stdout + again_graded.stderr


def test_a_run_that_was_killed_asks_each_turn_once(data, evalsite, environment, tmp_path):
    """What is on disk is not asked again, and what is not has no verdict: grading alone cannot end it."""
    problems = list(read_problems(data))
    faults = assign(problems, {"wrong_answer": 8})
    with running(EditingServer(problems, "whole", faults, slow_s=0.2)) as server:
        words = asking(server, data, "whole", "--turns", 2, "--concurrency", 1)
        process = preloaded.Popen(
            [sys.executable, "-m", "evalsite", *map(str, words)],
            cwd=tmp_path, env=environment, start_new_session=True,
        )  # fmt: skip
        while sum(len(path.read_bytes().splitlines()) for path in tmp_path.rglob("turns.jsonl")) < 3:
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        (path,) = tmp_path.rglob("turns.jsonl")
        run_dir = RunDir(path.parent)
        had = {row.problem for row in run_dir.completions() if row.again}
        asked = len(server.asked)
        assert had
        assert len(had) < len(faults)
        graded = evalsite("grade", run_dir.path)
        assert "the second turn of samples that failed" in graded.stderr
        assert {row.problem for row in run_dir.verdicts()} == {
            problem.task_id for problem in problems if problem.task_id not in faults
        } | had
        waiting = [fault for fault in find_faults(run_dir) if "waits for its second turn" in fault]
        assert len(waiting) == len(faults) - len(had)
        assert len(server.asked) == asked
        done = evalsite("resume", run_dir.path, "--model-endpoint", server.url)
    assert done.returncode == 0, done.stderr
    assert len(server.asked) - asked == len(faults) - len(had)
    assert {len(body["messages"]) for body in server.asked[asked:]} == {3}
    assert run_dir.read_summary().verdicts == {"passed": 16}
    assert run_dir.read_run().status == "complete"
    assert find_faults(run_dir) == []


def test_a_run_that_was_divided_keeps_second_turns(data, evalsite, tmp_path):
    """Merged, it is judged as it was: the second answers stand with the first."""
    problems = list(read_problems(data))
    faults = assign(problems, {"wrong_answer": 4, "no_edit": 4})
    again = dict.fromkeys(list(faults)[::2], "wrong_file")
    with running(EditingServer(problems, "udiff", faults, again)) as server:
        words = asking(server, data, "udiff", "--turns", 2, "--no-preflight")
        parts = [made(evalsite(*words, "--shard", f"{part}/2")).path for part in (1, 2)]
    run_dir = made(evalsite("merge", *parts, "--runs-dir", tmp_path / "merged"))
    assert run_dir.read_run().status == "complete"
    assert run_dir.read_summary().verdicts == {"wrong_file": 4, "passed": 12}
    assert run_dir.read_summary().edits.passed == (8, 12)
    assert sum(bool(row.again) for row in run_dir.completions()) == 8
    assert find_faults(run_dir) == []
    evalsite("pack", run_dir.path)
    assert sum(bool(row.again) for row in run_dir.completions()) == 8
    assert find_faults(run_dir) == []


def test_what_is_no_edit_is_not_asked_so(shared, evalsite, data):
    """With the option to leave out, or the data set to take."""
    tiny = ("--dataset", "tiny", "--data-path", shared / "cases/tiny.jsonl")
    there = ("run", "--model-endpoint", "http://127.0.0.1:9/v1/chat/completions", "--model-name", "m")
    failed(evalsite(*there, *tiny, "--edit-format", "udiff"), 2, "--edit-format is for exercises")
    own = ("--dataset", "small", "--data-path", data)
    failed(evalsite(*there, *own, "--prompt", "chat-v1"), 2, "asks for edits of files")
    failed(evalsite(*there, *own, "--api", "completions"), 2)
    failed(evalsite(*there, *own, "--few-shot", "1"), 2)
    pack = shared / "datasets/humanevalpack-python.jsonl.gz"
    fix = ("--dataset", "humanevalpack-python-fix", "--data-path", pack)
    failed(evalsite(*there, *fix, "--edit-format", "whole", "--prefill", "x"), 2, "wants edits of files")
    failed(evalsite(*there, *tiny, "--turns", "2"), 2, "--turns is for edits")
    failed(evalsite(*there, *own, "--turns", "2", "--no-grade"), 2, "nothing comes of it")
