"""The catalogue is true: what lies here is what each record says of it."""

import pytest

from evalsite.datasets import KNOWN, load_dataset, needs_file
from evalsite.datasets.catalogue import find
from evalsite.datasets.keeping import find_kept
from evalsite.kinds import KINDS
from evalsite.languages import LANGUAGES
from evalsite.rundir.schema import Dataset

SCHEMA_ONLY = ("multipl-e-", "livecodebench-", "bigcodebench")
"""Families that are published and not at hand here: their readers are tried with files of our own."""
AT_HAND = [name for name in KNOWN if not name.startswith(SCHEMA_ONLY)]


@pytest.mark.parametrize("name", AT_HAND)
def test_what_a_record_says_is_so(name, shared, monkeypatch):
    """Number, kind, language and hash; the hash over the problems is found by the name alone."""
    monkeypatch.setenv("EVALSITE_DATA", str(shared / "datasets"))
    known, loaded = KNOWN[name], load_dataset(name)
    assert (len(loaded.problems), loaded.sha256) == (known.problems, known.sha256)
    assert {problem.kind for problem in loaded.problems} == set(known.kinds)
    assert {problem.language for problem in loaded.problems} == {known.language}
    as_published = {file.name: file.size for file in known.files}  # others are packed anew
    sizes = {path.name: path.stat().st_size for path in find_kept(known).paths}
    assert {name: sizes.get(name, size) for name, size in as_published.items()} == as_published


def test_another_form_of_the_same_is_no_other_data_set(shared, caplog):
    """EvalPlus' own of HumanEval+; a run on it needs its file all the same, as the name leads elsewhere."""
    with caplog.at_level("WARNING", logger="evalsite"):
        loaded = load_dataset("humaneval-plus", shared / "datasets" / "HumanEvalPlus.jsonl.gz")
    assert caplog.text == ""
    assert loaded.sha256 in KNOWN["humaneval-plus"].also
    assert needs_file(Dataset(name=loaded.name, sha256=loaded.sha256, num_problems=164))


@pytest.mark.parametrize("name", KNOWN)
def test_a_record_is_whole(name):
    """Every name says where it comes from, by which licence, which prompt it follows and how it compares."""
    known = find(name)
    assert KINDS.keys() >= set(known.kinds)
    assert known.language in LANGUAGES
    assert known.origin.startswith("https://")
    assert [file.url for file in known.files if not file.url.startswith("https://")] == []
    assert all((known.licence, known.prompt, known.numbers, known.problems))
    assert known.numbers.endswith(".")
    assert known.prompt.endswith(".")


def test_a_task_on_the_hub_is_the_folder_that_its_file_comes_from():
    """MultiPL-E calls languages by the ends of their files."""
    found = {name: known for name, known in KNOWN.items() if name.startswith("multipl-e-")}
    assert found["multipl-e-rust"].hub == ("nuprl/MultiPL-E", "humaneval-rs")
    for known in found.values():
        assert f"/{known.hub[1]}/" in known.files[0].url
