"""Logs of Inspect: read as it keeps them, and refused where they would take all memory."""

import json
import zipfile

import pytest

from evalsite.errors import DatasetError
from evalsite.formats import inspect_log
from evalsite.formats.reading import read_file
from tests.formats.helpers import DATA, SEVENTEEN, TWO, dataset, rows, runs


def test_inspects_own_log_is_read(tmp_path):
    """A log that Inspect 0.3.285 wrote for its HumanEval task: Zstandard, two epochs, one answer cut off."""
    found = read_file(DATA / "inspect-0.3.285_humaneval.eval", dataset(*TWO))
    assert found.form == "inspect"
    assert rows(found) == [
        ("Demo/0", 0, "response", True),
        ("Demo/1", 0, "response", False),
        ("Demo/0", 1, "response", True),
        ("Demo/1", 1, "response", False),
    ]
    assert [sample.completion.finish_reason for sample in found.samples] == ["stop"] * 3 + ["length"]
    assert {sample.completion.completion_tokens for sample in found.samples} == {20}
    problems = {problem.task_id: problem for problem in TWO}
    for sample in found.samples:
        assert runs(sample, problems[sample.completion.problem]) == sample.claimed


def test_inspects_mbpp_log_is_read():
    """Its task ids are bare numbers."""
    found = read_file(DATA / "inspect-0.3.285_mbpp.eval", dataset(SEVENTEEN))
    assert rows(found) == [("MBPP/17", 0, "response", True)]


def test_inspects_json_log_is_read_like_its_zip(tmp_path):
    """The same samples from one JSON document, and an answer that ended in an error is left out."""
    source = DATA / "inspect-0.3.285_humaneval.eval"
    with inspect_log._open(source) as archive:
        log = json.loads(archive.read("header.json"))
        names = [name for name in archive.namelist() if name.startswith("samples/")]
        log["samples"] = [json.loads(archive.read(name)) for name in names]
    log["samples"].reverse()
    log["samples"][-1]["output"] = {"model": "mockllm/model", "choices": []}
    path = tmp_path / "log.json"
    path.write_text(json.dumps(log))
    found = read_file(path, dataset(*TWO))
    assert found.form == "inspect"
    assert [each.completion.text[:20] for each in found.samples] == [
        "```python\ndef twofol",
        "```python\ndef twofol",
        "```python\ndef double",
    ]
    assert [(row[0], row[1], row[3]) for row in rows(found)] == [
        ("Demo/1", 0, False),
        ("Demo/1", 1, False),
        ("Demo/0", 0, True),
    ]
    assert list(found.samples)[1].completion.finish_reason == "length", "the second epoch comes second"


def test_long_texts_that_inspect_keeps_apart_are_put_back(tmp_path):
    """``attachment://HASH`` is a pointer."""
    sample = {
        "id": "Demo/0",
        "epoch": 1,
        "output": {"choices": [{"stop_reason": "stop"}], "completion": "attachment://abc"},
        "attachments": {"abc": "the text"},
    }
    path = tmp_path / "log.json"
    path.write_text(json.dumps({"version": 2, "eval": {"task": "humaneval"}, "samples": [sample]}))
    (found,) = read_file(path, dataset(*TWO)).samples
    assert found.completion.text == "the text"


def test_what_a_filter_took_away_is_no_answer_in_a_log_either(tmp_path):
    """It is left out, as an answer that ended in an error is."""
    samples = [
        {"id": "Demo/0", "epoch": n, "output": {"choices": [{"stop_reason": reason}], "completion": "x"}}
        for n, reason in enumerate(["stop", "content_filter"], start=1)
    ]
    path = tmp_path / "log.json"
    path.write_text(json.dumps({"version": 2, "eval": {"task": "humaneval"}, "samples": samples}))
    (found,) = read_file(path, dataset(*TWO)).samples
    assert found.completion.finish_reason == "stop"


def test_a_log_that_this_python_cannot_unpack_names_the_remedy(monkeypatch):
    """Without the optional package: what to install, and how to convert."""
    monkeypatch.setattr(inspect_log, "zipfile", zipfile)
    with pytest.raises(DatasetError, match=r"Zstandard(.|\n)*evalsite\[inspect\](.|\n)*inspect log convert"):
        read_file(DATA / "inspect-0.3.285_humaneval.eval", dataset(*TWO))


def archived(path, size, members=1):
    """A log whose samples hold so many spaces each."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", "{}")
        for number in range(members):
            archive.writestr(f"samples/{number}_epoch_1.json", b'{"id": "Demo/0", "epoch": 1}' + b" " * size)
    return path


def test_a_log_that_unpacks_to_gigabytes_is_refused(tmp_path):
    """With the name of the sample: one that is too large, or many that are together."""
    with pytest.raises(DatasetError, match=r"large.eval: samples/0_epoch_1.json unpacks to more than 16 MB"):
        read_file(archived(tmp_path / "large.eval", 17_000_000), dataset(*TWO))
    with pytest.raises(DatasetError, match=r"many.eval: samples/\d_epoch_1.json: unpacks to more than 16 MB"):
        read_file(archived(tmp_path / "many.eval", 9_000_000, members=8), dataset(*TWO))


def test_a_log_with_more_members_than_any_log_has_is_refused(tmp_path, monkeypatch):
    """Opening it would take memory for each."""
    monkeypatch.setattr(inspect_log, "MOST_MEMBERS", 5)
    assert read_file(archived(tmp_path / "few.eval", 1, members=4), dataset(*TWO)).form == "inspect"
    with pytest.raises(DatasetError, match=r"many.eval: more than 5 members"):
        read_file(archived(tmp_path / "many.eval", 1, members=6), dataset(*TWO))
