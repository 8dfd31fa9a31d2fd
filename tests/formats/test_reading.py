"""Other tools' files: each told apart by its content, read, and refused with a clear word."""

import gzip
import json
import os
import zipfile
from functools import partial
from pathlib import Path

import pytest

from evalsite.datasets import load_dataset
from evalsite.datasets.unpacking import Room, read_head
from evalsite.errors import DatasetError
from evalsite.formats.reading import READERS, detect, read_file
from tests.formats.helpers import TWO, dataset, rows


def packed(path, line, times):
    """A gzipped file of one line again and again."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(times):
            file.write(line)
    return path


LINE = b'{"task_id": "Demo/0", "solution": "' + b" " * 1000 + b'"}\n'


def test_a_file_that_unpacks_to_a_hundred_times_its_size_is_refused(tmp_path):
    """By its name, whatever form it has; a small one may, and so may one that somebody asks for."""
    bomb = packed(tmp_path / "bomb.jsonl.gz", LINE, 20_000)
    for form in (None, "plain", "evalplus"):
        with pytest.raises(
            DatasetError, match=r"bomb.jsonl.gz: unpacks to more than 16 MB, .*100 times"
        ) as told:
            read_file(bomb, dataset(*TWO), form)
        assert "--max-unpacked" in told.value.hint
    assert read_file(bomb, dataset(*TWO), room=Room(10**8, asked_for=True)).num_samples == 20_000
    with pytest.raises(DatasetError, match="unpacks to more than 10 MB"):
        read_file(bomb, dataset(*TWO), room=Room(10**7, asked_for=True))
    assert read_file(packed(tmp_path / "small.jsonl.gz", LINE, 2_000), dataset(*TWO)).num_samples == 2_000


def test_what_the_operating_system_says_is_told_in_its_words(tmp_path):
    """Or in those of what unpacks, where that alone speaks."""
    with pytest.raises(DatasetError) as told:
        read_head(tmp_path, 9)
    assert told.value.message == f"{tmp_path}: cannot be read (Is a directory)"
    (tmp_path / "x").write_bytes(b"BZh9nothing of the kind")
    with pytest.raises(DatasetError, match=r"x: cannot be read \(Invalid data stream\)"):
        read_head(tmp_path / "x", 9)


def test_what_has_to_be_read_whole_may_not_take_all_memory(tmp_path):
    """Nor may a single record, by its length or by how many values it holds."""
    whole = tmp_path / "whole.json"
    whole.write_bytes(b'{"eval": {}, "x": "' + b" " * 2_000_000 + b'"}')
    with pytest.raises(DatasetError, match=r"holds more than 1 MB, and has to be read whole"):
        read_file(whole, dataset(*TWO), room=Room(1_000_000))
    for name, body in {
        "values": b"[" + b"[]," * 1_000_001 + b"[]]",
        "long": b'"' + b"a" * 4_000_000 + b'"',
    }.items():
        path = tmp_path / f"{name}.jsonl"
        path.write_bytes(b'{"task_id": "Demo/0", "solution": "", "passed": ' + body + b"}\n")
        with pytest.raises(DatasetError, match=r":1: more than (4 MB|1,000,000 values)"):
            read_file(path, dataset(*TWO))
    array = tmp_path / "array.json"
    array.write_bytes(b"[" + b"[]," * 1_000_001 + b"[]]")
    with pytest.raises(DatasetError, match="more than 1,000,000 values"):
        read_file(array, dataset(*TWO))


@pytest.mark.parametrize("packed", [False, True])
def test_a_byte_order_mark_is_no_part_of_the_first_record(tmp_path, packed):
    """Windows' editors put one there."""
    path = tmp_path / "samples.jsonl"
    data = b"\xef\xbb\xbf" + b'{"task_id": "Demo/0", "solution": "x = 1"}\n'
    path.write_bytes(gzip.compress(data) if packed else data)
    assert rows(read_file(path, dataset(*TWO))) == [("Demo/0", 0, "solution", None)]
    path.write_text('{"task_id": "Demo/0", "solution": "x = 1"}\n', "utf-16")
    assert rows(read_file(path, dataset(*TWO))) == [("Demo/0", 0, "solution", None)]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b'{"task_id": "Demo/0", "completion": ""}\n', "plain"),
        (b'[{"task_id": 1, "solution": ""}]', "plain"),
        (b'[["a"], ["b"]]', "bigcode"),
        (b"[]", "bigcode"),
        (b'{"hash": "", "eval": {"Demo/0": []}}', "evalplus"),
        (b'{\n "date": "",\n "eval": {}\n}', "evalplus"),
        (b'{\n "version": 2,\n "eval": {"task": "humaneval"}\n}', "inspect"),
        (b'{"doc": {}, "resps": []}\n{"doc"', "lm-eval"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_forms_are_told_apart_by_content(tmp_path, content, form, pack):
    """Never by the name."""
    path = tmp_path / "file"
    path.write_bytes(pack(content))
    assert detect(path) == form
    assert form in READERS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no samples"),
        (b"task_id,completion\n1,2\n", "none of the forms that can be imported (no JSON)"),
        (b'{"prompt": 1, "text": 2}\n', "its first record has the fields `prompt`, `text`"),
        (b'"text"', "its first record is 'text'"),
        (b"[" * 100_000, "file: not valid JSON"),
        (b'{"task_id": "Demo/0", "compl', "file:1: not valid JSON"),
        (b"\x1f\x8b\x08", "gzip data end early"),
        (b"PK\x03\x04nonsense", "zip data end early"),
    ],
)
def test_a_file_that_is_none_of_them_is_told(tmp_path, content, said):
    """With the fields that were found, and the forms that are read."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DatasetError) as caught:
        detect(path)
    assert said in str(caught.value)
    if "none of" in said:
        assert "--format" in caught.value.hint


def test_another_zip_is_told(tmp_path):
    """A zip alone is no log."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(DatasetError, match=r"none of the forms(.|\n)*see docs/formats.md"):
        detect(tmp_path / "x.zip")


def test_a_missing_file_is_told(tmp_path):
    """Not as a data set."""
    with pytest.raises(DatasetError, match="no such file\nCheck the path of the samples"):
        detect(tmp_path / "nothing")


@pytest.mark.linux
def test_what_can_be_read_only_once_is_refused(tmp_path):
    """A pipe: what its form is known by would be gone when it is read, and perhaps nobody writes there."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        for read in (detect, partial(load_dataset, "demo")):
            with pytest.raises(DatasetError, match=r"is no file but a pipe or a device(.|\n)*into a file"):
                read(path)


def test_results_of_human_eval_carry_their_claim(tmp_path):
    """``passed`` where it is a truth value; anything else in that place is left alone."""
    path = tmp_path / "s.jsonl"
    lines = [{"task_id": "Demo/0", "completion": "", "passed": value} for value in (True, False, "yes")]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert [sample.claimed for sample in read_file(path, dataset(*TWO)).samples] == [True, False, None]


@pytest.mark.sandbox
def test_import_tells_where_the_file_disagrees(evalsite, tmp_path):
    """The verdict counts, and the difference is told; the form can be forced."""
    path = tmp_path / "s.jsonl"
    good = {"task_id": "HumanEval/2", "completion": "    return number % 1.0\n"}
    path.write_text("".join(json.dumps({**good, "passed": value}) + "\n" for value in (True, False)))
    process = evalsite("import", path, "--model-name", "m")
    assert process.returncode == 0, process.stderr
    said = " ".join(process.stderr.split())
    assert "2 samples (plain)" in said
    assert "1 of 2 agree" in said
    assert "HumanEval/2 sample 1: failed there, passed here" in said
    forced = evalsite("import", path, "--model-name", "m", "--format", "bigcode")
    assert forced.returncode == 3
    assert "s.jsonl" in forced.stderr
