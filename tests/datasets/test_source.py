"""Data sets by name and by file: the official ones load whole, own files too, and others are told apart."""

import re

import pytest

from evalsite.datasets import KNOWN, load_dataset
from evalsite.datasets.python_tests import _read
from evalsite.errors import DatasetError, UsageError
from tests.datasets.helpers import HUMANEVAL, MBPP, write


def test_a_known_name_on_other_problems_is_said_aloud(tmp_path, caplog):
    """A file that is not HumanEval may be called so, but not silently: both hashes are named."""
    with caplog.at_level("WARNING", logger="evalsite"):
        loaded = load_dataset("humaneval", write(tmp_path / "h.jsonl", HUMANEVAL))
    assert "not the official problems of humaneval" in caplog.text
    assert loaded.sha256 in caplog.text
    assert KNOWN["humaneval"].sha256 in caplog.text


def test_an_unknown_name_lists_the_known_ones():
    """By the command that does; names the one that may be meant, and says how to use a file of one's own."""
    with pytest.raises(DatasetError, match="no data set called 'humanevil'; humaneval is meant") as caught:
        load_dataset("humanevil")
    assert "evalsite datasets" in caught.value.hint
    assert "--data-path" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("HumanEval", "humaneval"),
        ("humaneval+", "humaneval-plus"),
        ("mbpp_plus", "mbpp-plus"),
        ("mbxp-javascript", "mbxp-js"),
        ("humanevalpack-golang-fix", "humanevalpack-go-fix"),
        ("cruxeval", "cruxeval-input or cruxeval-output"),
        ("mbxp-rust", "mbxp-js or mbxp-ts or .* or mbxp-perl"),
        ("livecodebench", "livecodebench-v1 or .* or livecodebench-v6"),
        ("livecodebench-v5-2024-10", "livecodebench-v5-2024-08..2025-01"),
    ],
)
def test_a_name_that_is_nearly_right_names_the_right_one(name, found):
    """Its family where there are several, and a window as it is written."""
    with pytest.raises(DatasetError, match=f"no data set called {re.escape(repr(name))}; {found} is meant"):
        load_dataset(name)


def test_a_download_stays_in_the_cache(publish):
    """The second load asks nobody."""
    asked = publish("mbpp", MBPP)
    assert load_dataset("mbpp").problems == load_dataset("mbpp").problems
    assert asked == ["/mbpp.jsonl"]


def test_other_problems_in_the_cache_are_refused(cache):
    """What lies there may have been put there by hand: nobody named it, so it must be what the name says."""
    path = write(cache / "HumanEval.jsonl.gz", HUMANEVAL)
    with pytest.raises(DatasetError, match="not the official problems of humaneval") as caught:
        load_dataset("humaneval")
    assert KNOWN["humaneval"].sha256 in caught.value.message
    assert f"Remove {path}" in caught.value.hint
    assert f"--dataset NAME --data-path {path}" in caught.value.hint


def test_exercises_of_ones_own_are_for_an_agent_by_their_name(tmp_path):
    """Another data set than the same ones as edits; what has a name, or is no exercise, is refused."""
    path = tmp_path / "mine.jsonl"
    solution, tests = {"add.py": "x = 1\n"}, {"add_test.py": "import unittest\n"}
    about = {"task_id": "python/add", "language": "python", "instructions": "Add."}
    write(path, {**about, "solution": solution, "tests": tests})
    plain, agents = load_dataset("mine", path), load_dataset("mine+agent", path)
    assert [each.problems[0].kind for each in (plain, agents)] == ["exercise", "agent"]
    assert (agents.name, agents.problems[0].task_id) == ("mine+agent", "python/add")
    assert agents.sha256 != plain.sha256
    with pytest.raises(UsageError, match="a second name") as told:
        load_dataset("polyglot-go+agent", path)
    assert "polyglot-agent-go" in told.value.hint
    with pytest.raises(UsageError, match="is no exercise"):
        load_dataset("code+agent", write(tmp_path / "code.jsonl", HUMANEVAL))


def test_what_is_wrong_with_one_record_is_told_before_the_hash_of_all(cache):
    """Records under a known name are looked through where they are not the official ones."""
    path = write(cache / "HumanEval.jsonl.gz", HUMANEVAL | {"test": "x = 1\n"})
    with pytest.raises(DatasetError, match="field `test` of Mine/0: defines no check"):
        load_dataset("humaneval")
    assert path.is_file()


def test_official_records_are_not_parsed_again():
    """Their hash says that they are sound: to parse all of them takes four fifths of what a command reads."""
    load_dataset("humaneval")
    _read.cache_clear()
    assert len(load_dataset("humaneval").problems) == 164
    assert _read.cache_info().misses == 0
