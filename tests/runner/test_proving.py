"""A data set of one's own, tried by ``evalsite check-dataset``: all that is wrong, and what it asks."""

import json
import re

import pytest

from evalsite.datasets import load_dataset
from tests.conftest import ROOT
from tests.runner.test_trial import record, write

PROSE = {
    "task_id": 7,
    "text": "Write a function add.",
    "code": "def add(a, b):\n    return a + b\n",
    "test_list": ["assert add(1, 2) == 3", "assert add(0, 0) == 0"],
}


@pytest.mark.sandbox
def test_a_good_file_is_shown_as_it_is_asked_and_judged(evalsite, tmp_path):
    """Prompt to the letter, tests as they are run, and the command that comes next; exit code 0."""
    write(tmp_path / "mine.jsonl", [record(0), PROSE])
    done = evalsite("check-dataset", "mine.jsonl")
    assert done.returncode == 0, done.stderr
    for shown in (
        "mine.jsonl:1: Demo/0",
        "    | Complete the following Python function.",
        '    |     """Return twice x."""',
        "tests, run behind the program, with f0:",
        "    | check(f0)",
        "mine.jsonl:2: MBPP/7",
        "with add; the model sees 2 assertions of them:",
        "mine.jsonl: 2 records, 2 whose reference solution passes",
    ):
        assert shown in done.stdout
    (words,) = re.findall(r"next: \S*evalsite (run .*)", done.stderr)
    asked = evalsite(*words.split())
    assert asked.returncode == 0, asked.stderr
    assert "2 samples of 2 problems" in asked.stdout


@pytest.mark.sandbox
def test_everything_that_is_wrong_is_told_at_once_with_line_and_field(evalsite, tmp_path):
    """Records that are none, references that fail, tests that cannot tell; exit code 3."""
    idle, empty, misnamed = record(4), record(5), record(6) | {"entry_point": "other"}
    idle["test"] = "def check(candidate):\n    candidate(3)\n"
    empty["test"] = "def check(candidate):\n    pass\n"
    broken = PROSE | {"test_list": ["assert add(1, 2) == 3", "assert add(1, == 3"]}
    path = write(
        tmp_path / "mine.jsonl", [record(0), record(1, "3 * x"), record(0), broken, idle, empty, misnamed]
    )
    with path.open("a") as file:
        file.write("{'task_id': 'Demo/9'}\n")
    done = evalsite("check-dataset", "mine.jsonl")
    assert done.returncode == 3
    errors = [line for line in done.stdout.splitlines() if line.startswith("error: ")]
    assert [error.partition(" field ")[2].partition(": ")[0] or error for error in errors] == [
        "`task_id`",
        "`test_list` of MBPP/7",
        "`entry_point` of Demo/6",
        errors[3],
        "`canonical_solution` of Demo/1",
        "`test` of Demo/5",
    ]
    assert [error.split(":")[2] for error in errors] == ["3", "4", "7", "8", "2", "6"]
    assert "is no Python (" in errors[1]
    assert "not valid JSON" in errors[3]
    assert "(wrong answer, AssertionError" in errors[4]
    assert "note: mine.jsonl:5: Demo/4: its tests pass whatever is returned" in done.stdout
    assert "6 of 8 records cannot be used" in done.stderr


@pytest.mark.sandbox
def test_the_same_for_scripts(evalsite, tmp_path):
    """One JSON document, whatever is wrong."""
    write(tmp_path / "mine.jsonl", [record(0), record(1, "3 * x")])
    done = evalsite("check-dataset", "mine.jsonl", "--json")
    assert done.returncode == 3
    document = json.loads(done.stdout)
    assert not document["sound"]
    good, wrong = document["problems"]
    assert good["asked"].startswith("Complete the following Python function.")
    assert (good["place"], good["entry_point"], good["errors"]) == ("mine.jsonl:1", "f0", [])
    assert document["errors"] == wrong["errors"] != []
    assert document["sha256"] == load_dataset("mine", tmp_path / "mine.jsonl").sha256


def test_a_known_data_set_goes_by_its_name(evalsite, shared):
    """It is read as the name says: CRUXEval's records are problems of two kinds."""
    done = evalsite(
        "check-dataset", "cruxeval-input", "sample_0", "--no-preflight",
        env={"EVALSITE_DATA": str(shared / "datasets")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "assert f(??) == " in done.stdout
    assert "cruxeval-input: 800 records" in done.stdout
    assert "--dataset cruxeval-input" in done.stderr
    assert "--data-path" not in done.stderr


def test_a_file_can_be_looked_at_without_running_anything(evalsite, tmp_path):
    """Also where no sandbox is; of many problems the first are shown, or those that are named."""
    write(tmp_path / "mine.jsonl", map(record, range(8)))
    done = evalsite("check-dataset", "mine.jsonl", "--no-preflight")
    assert (done.returncode, "tried:" in done.stdout) == (0, False)
    assert "3 more problems not shown" in done.stdout
    assert done.stdout.count("\n  tests, ") == 5
    named = evalsite("check-dataset", "mine.jsonl", "Demo/7", "--no-preflight", "--prompt", "completion-v1")
    assert named.stdout.startswith("mine.jsonl:8: Demo/7\n  asked, completion-v1:\n    | def f7(x):")
    assert (
        evalsite("check-dataset", "mine.jsonl", "--full", "--no-preflight").stdout.count("\n  tests, ") == 8
    )
    assert (
        "has no problem 'Demo/9'"
        in evalsite("check-dataset", "mine.jsonl", "Demo/9", "--no-preflight").stderr
    )


@pytest.mark.parametrize("content", ["", "\n\n", "[]"])
def test_a_file_without_problems_is_said_to_be_one(evalsite, tmp_path, content):
    """As everywhere."""
    (tmp_path / "mine.jsonl").write_text(content)
    done = evalsite("check-dataset", "mine.jsonl")
    assert done.returncode == 3
    assert "mine.jsonl: holds no problems" in done.stderr


@pytest.mark.sandbox
def test_the_record_to_copy_in_the_docs_is_sound(evalsite, tmp_path):
    """docs/datasets.md begins with it."""
    block = (ROOT / "docs" / "datasets.md").read_text("utf-8").partition("```json\n")[2].partition("```")[0]
    (tmp_path / "mine.jsonl").write_text(block)
    done = evalsite("check-dataset", "mine.jsonl")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 records, 2 whose reference solution passes" in done.stdout


@pytest.mark.sandbox
@pytest.mark.parametrize("test", ["assert True", "assert callable(add)", "assert add"])
def test_tests_that_call_nothing_are_told(evalsite, tmp_path, test):
    """There is no entry point then; what defines the names of the reference, and only raises, passes."""
    write(tmp_path / "mine.jsonl", [record(0), PROSE | {"test_list": [test]}])
    done = evalsite("check-dataset", "mine.jsonl")
    assert done.returncode == 3
    assert (
        "error: mine.jsonl:2: field `test_list` of MBPP/7: its tests pass a program that only" in done.stdout
    )
    assert "mine.jsonl: 2 records, 1 whose reference solution passes" in done.stdout
    write(
        tmp_path / "raw.jsonl", [{"task_id": 7, "response": "x = 1"}, {"task_id": "Demo/0", "response": "x"}]
    )
    words = ("--dataset", "mine", "--data-path", "mine.jsonl", "--model-name", "m")
    said = evalsite("import", "raw.jsonl", *words).stderr
    assert "excluded from all scores: MBPP/7: its tests pass a program that only raises" in " ".join(
        said.split()
    )


@pytest.mark.sandbox
def test_the_last_line_counts_what_was_shown(evalsite, tmp_path):
    """Not problems that a note tells of; ids are shown on one line, whatever is in them."""
    idle = record(1) | {"test": "def check(candidate):\n    r = candidate(1)\n    assert r is r\n"}
    write(tmp_path / "mine.jsonl", [record(0), idle | {"task_id": "a\nb\u202e\u001b[31m"}])
    done = evalsite("check-dataset", "mine.jsonl")
    assert done.returncode == 0, done.stderr
    shown = "a␊b⟨U+202E⟩␛[31m"
    assert f"mine.jsonl:2: {shown}\n" in done.stdout
    assert f"note: mine.jsonl:2: {shown}: its tests pass whatever is returned" in done.stdout
    assert "tried: its tests pass whatever is returned" in done.stdout
    assert "mine.jsonl: 2 records, 1 whose reference solution passes" in done.stdout


@pytest.mark.sandbox
def test_a_reference_without_end_is_an_error_in_the_end(evalsite, tmp_path):
    """The limit is told before, and follows --cpu-limit."""
    endless = record(1, "sum(iter(int, 1))")
    write(tmp_path / "mine.jsonl", [record(0), endless])
    done = evalsite("check-dataset", "mine.jsonl", "--cpu-limit", "0.1")
    assert done.returncode == 3
    assert "a reference solution may use 3 s of CPU time" in " ".join(done.stderr.split())
    assert "of Demo/1: its reference solution does not pass here (timeout" in done.stdout
