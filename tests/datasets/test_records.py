"""Reads the records of a file (JSON lines, a JSON array, objects in a row; packed or not), with places."""

import gzip
import json

import pytest

from evalsite.datasets import load_dataset, unpacking
from evalsite.datasets.records import decode_record, read_records
from evalsite.datasets.unpacking import CUT_OFF
from evalsite.errors import DatasetError
from tests.datasets.helpers import HUMANEVAL, MBPP, without, write


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([HUMANEVAL, dict(HUMANEVAL, task_id="Mine/1", prompt=5)], "f.jsonl:2: field `prompt`: Expected"),
        ([without(HUMANEVAL, "test")], "f.jsonl:1: Object missing required field `test`"),
        ([{**HUMANEVAL, "task_id": " "}], "f.jsonl:1: field `task_id` is empty"),
        ([HUMANEVAL, HUMANEVAL], "f.jsonl:2: field `task_id`: 'Mine/0' stands in the file twice"),
        ([dict(MBPP, test_list="assert")], "f.jsonl:1: field `test_list`"),
        ([without(MBPP, "text")], "neither `text` nor `prompt`"),
        ([], "holds no problems"),
    ],
)  # fmt: skip
def test_a_bad_record_is_named_by_file_line_and_field(tmp_path, records, said):
    """The message leads straight to the place."""
    with pytest.raises(DatasetError) as caught:
        load_dataset("mine", write(tmp_path / "f.jsonl", *records))
    assert said in str(caught.value)


@pytest.mark.parametrize("wrapper", ["data", "rows", "problems", "examples"])
def test_records_in_a_wrapper_are_a_data_set(tmp_path, wrapper):
    """However it is laid out; their places tell where they stand. A list of other things is none."""
    other = HUMANEVAL | {"task_id": "Mine/1", "tags": ["a"]}
    for indent in (None, 2):
        path = tmp_path / "mine.json"
        path.write_text(json.dumps({"version": "1", wrapper: [HUMANEVAL, other]}, indent=indent))
        assert [one.task_id for one in load_dataset("mine", path).problems] == ["Mine/0", "Mine/1"]
    path.write_text(json.dumps({wrapper: [HUMANEVAL, without(HUMANEVAL, "test")]}))
    with pytest.raises(DatasetError, match=rf"mine\.json: {wrapper}: record 2: "):
        load_dataset("mine", path)
    path.write_text(json.dumps({wrapper: [1, 2]}))
    with pytest.raises(DatasetError, match=r"missing required field"):
        load_dataset("mine", path)


def test_a_wrapper_around_too_much_is_none(tmp_path, monkeypatch):
    """Its records would take many times the memory of their text."""
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"data": [HUMANEVAL, HUMANEVAL]}))
    assert [place for place, _ in read_records(path)] == [f"{path}: data: record {n}" for n in (1, 2)]
    monkeypatch.setattr(unpacking, "MOST_VALUES", 5)
    assert [place for place, _ in read_records(path)] == [f"{path}:1"]


@pytest.mark.parametrize("name", ["task_id", "prompt", "entry_point", "canonical_solution", "test"])
@pytest.mark.parametrize("half", ["\ud800", "\udfff x", "\udc00\ud800"])
def test_half_a_character_is_refused_where_it_counts(tmp_path, name, half):
    """Whatever names, asks or tests a problem is taken to the letter or not at all; a whole pair is text."""
    path = write(tmp_path / "mine.jsonl", HUMANEVAL, HUMANEVAL | {name: f"{HUMANEVAL[name]}{half}"})
    with pytest.raises(DatasetError, match=rf"mine.jsonl:2: field `{name}` holds half a character"):
        load_dataset("mine", path)
    paired = {name: HUMANEVAL[name] + "#\ud83d\ude00", "notes": half}
    write(path, HUMANEVAL | paired | ({} if name == "entry_point" else {"entry_point": "f"}))
    if name != "entry_point":
        assert len(load_dataset("mine", path).problems) == 1


def test_a_file_in_another_encoding_says_so(tmp_path):
    """As editors on Windows save it."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(json.dumps(HUMANEVAL | {"prompt": "# für\n"}, ensure_ascii=False).encode("cp1252"))
    with pytest.raises(DatasetError) as told:
        load_dataset("mine", path)
    assert f"{path}:1: not UTF-8 (byte 0xfc)" in told.value.message
    assert "Save the file as UTF-8" in told.value.hint


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"task_id": "f\xfcr"}', "not UTF-8 (byte 0xfc)"),
        (b'{"f\xfcr": 1}', "not UTF-8 (byte 0xfc)"),
        (b'{"task_id": \x84a\x94}', "not UTF-8 (byte 0x84)"),
        (b'{"task_id": "\xed\xa0\x80"}', "not UTF-8 (byte 0xed)"),
        (b'{"task_id": "\xc3"}', "not UTF-8 (byte 0xc3)"),
        (b"{'task_id': 'f\xfcr'}", "column 2: names and texts stand in double quotes"),
        (b'{"task_id": "f\xc3', "not valid JSON"),
    ],
)
def test_bytes_that_are_no_text_are_told_where_nothing_before_them_is_wrong(data, told):
    """Whatever the parser's words for it: versions of it differ. Half a character at the end was cut off."""
    with pytest.raises(DatasetError) as caught:
        decode_record("x.jsonl:1", data, dict[str, str])
    assert caught.value.message.startswith("x.jsonl:1: ")
    assert told in caught.value.message
    cut_off = not told.startswith(("not UTF-8", "column"))
    assert (caught.value.hint == CUT_OFF) is cut_off


def test_files_cut_in_the_middle_say_so(tmp_path):
    """Plain, gzipped or an array: the hint is to fetch it again."""
    text = (json.dumps(HUMANEVAL) + "\n").encode() * 50
    for name, data in {
        "cut.jsonl": text[:-30],
        "cut.jsonl.gz": gzip.compress(text)[:-20],
        "cut.json": json.dumps([HUMANEVAL, HUMANEVAL]).encode()[:-30],
    }.items():
        (tmp_path / name).write_bytes(data if name != "cut.jsonl" else text[: len(text) // 50 - 9])
        with pytest.raises(DatasetError) as caught:
            load_dataset("mine", tmp_path / name)
        assert name in caught.value.message
        assert "fetch it again" in caught.value.hint


def test_a_problem_may_be_larger_than_an_answer(tmp_path):
    """A contest's tests hold inputs of megabytes."""
    large = HUMANEVAL | {"test": HUMANEVAL["test"] + f"# {'x' * 5_000_000}\n"}
    assert len(load_dataset("large", write(tmp_path / "large.jsonl", large)).problems) == 1
    with pytest.raises(DatasetError, match="more than 4 MB in one line"):
        list(read_records(tmp_path / "large.jsonl"))
