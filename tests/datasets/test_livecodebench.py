"""LiveCodeBench's records: contest problems, whose private tests are packed."""

import base64
import json
import pickle
import zlib

import pytest

from evalsite.datasets import load_dataset
from evalsite.datasets.livecodebench import unpacked
from evalsite.datasets.shapes import read_entry
from evalsite.errors import DatasetError
from tests.datasets.helpers import write


def case(entered, printed, kind="stdin"):
    return {"input": entered, "output": printed, "testtype": kind}


def packed(value, protocol=pickle.DEFAULT_PROTOCOL):
    return base64.b64encode(zlib.compress(pickle.dumps(value, protocol))).decode()


RECORD = {
    "question_title": "Add",
    "question_content": "Add two numbers.",
    "platform": "atcoder",
    "question_id": "abc001_a",
    "contest_date": "2024-01-13T00:00:00",
    "starter_code": "",
    "difficulty": "easy",
    "public_test_cases": json.dumps([case("1 2", "3")]),
    "private_test_cases": packed(json.dumps([case("4 5", "9")])),
    "metadata": "{}",
}
CALL = RECORD | {
    "question_id": "2832",
    "starter_code": "class Solution:\n    def add(self, a: int, b: int) -> int:\n        ",
    "public_test_cases": json.dumps([case("1\n2", "3", "functional")]),
    "private_test_cases": json.dumps([case("4\n5", "9", "functional")]),
    "metadata": json.dumps({"func_name": "add"}),
}


def test_public_and_private_tests_are_read(tmp_path):
    """Packed or plain; and the kind is told by them."""
    program, call = load_dataset("lcb", write(tmp_path / "lcb.jsonl", RECORD, CALL)).problems
    assert (program.task_id, program.kind, program.reference) == ("abc001_a", "stdin", "")
    assert json.loads(program.tests) == [{"input": "1 2", "output": "3"}, {"input": "4 5", "output": "9"}]
    assert (call.kind, call.entry_point) == ("call", "add")
    assert call.prompt.endswith("    def add(self, a: int, b: int) -> int:\n        \n```")


def test_a_problem_has_a_date():
    """By which a window of months leaves out what a model may have seen."""
    assert read_entry("there", json.dumps(RECORD).encode()).date == "2024-01-13T00:00:00"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("text", ["", "[]", "ä", "x" * 70_000])
def test_a_pickle_of_one_text_is_read(protocol, text):
    """Of every protocol."""
    assert unpacked(packed(text, protocol)) == text


class Evil:
    def __reduce__(self):
        return print, ("was run",)

    def __repr__(self):
        """The same in each process that collects the tests, where an address is not."""
        return "Evil()"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", [Evil(), [], ["[]"], 7, b"[]", ("[]",), {"a": "b"}, None, len], ids=repr)
def test_any_other_pickle_is_refused_and_never_run(capsys, protocol, value):
    """Whatever it would make."""
    with pytest.raises(ValueError, match="pickle"):
        unpacked(packed(value, protocol))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no base64!", "no base64 of zlib"),
        (base64.b64encode(b"plain").decode(), "no base64 of zlib"),
        (base64.b64encode(zlib.compress(b"nothing")).decode(), "pickle"),
        (base64.b64encode(zlib.compress(pickle.dumps("x" * 999))[:-9]).decode(), "cut off"),
        (packed("x")[:-8], "base64|cut off"),
        (base64.b64encode(zlib.compress(b"\x80\x04X\x05\x00\x00\x00ab")).decode(), "no pickle|pickle"),
    ],
)
def test_what_is_packed_otherwise_is_refused(text, why):
    """And so is what would be more than can be held."""
    with pytest.raises(ValueError, match=why):
        unpacked(text)


def test_what_unpacks_without_end_is_refused(monkeypatch):
    """Before all of it is there."""
    monkeypatch.setattr("evalsite.datasets.livecodebench.MOST_BYTES", 1 << 20)
    with pytest.raises(ValueError, match="more than 1 MiB"):
        unpacked(packed("x" * (2 << 20)))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"private_test_cases": packed([])},
            "`private_test_cases` of abc001_a: is a pickle of something else",
        ),
        ({"private_test_cases": packed("nothing")}, "`private_test_cases` of abc001_a: is no list of tests"),
        ({"public_test_cases": "[{}]"}, "`public_test_cases` of abc001_a: is no list of tests"),
        ({"public_test_cases": "[]", "private_test_cases": "[]"}, "`private_test_cases`.*: holds no test"),
        ({"private_test_cases": CALL["private_test_cases"]}, "`private_test_cases`.*: holds tests of func"),
        (CALL | {"metadata": "{}"}, "`metadata` of 2832: does not name the function"),
        (
            CALL | {"public_test_cases": json.dumps([case("1\nab", "3", "functional")])},
            "`public_test_cases` of 2832: holds 'ab' in a test of a function, which is no JSON",
        ),
        (
            CALL | {"private_test_cases": packed(json.dumps([case("1\n2", "(3)", "functional")]))},
            r"`private_test_cases` of 2832: holds '\(3\)' in a test of a function, which is no JSON",
        ),
    ],
)
def test_what_could_judge_nobody_is_refused(tmp_path, changes, told):
    """With file, line and field."""
    with pytest.raises(DatasetError, match=rf"lcb.jsonl:1: field {told}"):
        load_dataset("lcb", write(tmp_path / "lcb.jsonl", RECORD | changes))
