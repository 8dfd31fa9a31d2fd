"""Data sets are fetched from a server or a file, and only what was published stays."""

import json

import pytest

from evalsite.datasets import KNOWN
from evalsite.datasets.fetching import fetch
from evalsite.datasets.reading import hash_problems, read_problems
from evalsite.errors import DatasetError, OutputError
from tests.datasets.helpers import HUMANEVAL, MBPP, write


def left(cache):
    return [path.name for path in cache.rglob("*") if path.is_file()] if cache.is_dir() else []


def test_it_is_fetched_once(publish, cache):
    """Then it is here, and its server is not asked again; how far it is is told meanwhile."""
    asked, told = publish("mbpp", MBPP), []
    first = fetch("mbpp", KNOWN["mbpp"], listener=told.append)
    again = fetch("mbpp", KNOWN["mbpp"])
    assert (first.anew, again.anew) == (True, False)
    assert (first.problems, first.sha256) == (again.problems, again.sha256)
    assert (first.kept, first.official) == (again.kept, False)
    assert asked == ["/mbpp.jsonl"]
    assert left(cache) == ["mbpp.jsonl"]
    assert [(event.step, event.about) for event in told] == [("fetching", "mbpp.jsonl, kB")]


def test_several_files_are_one_data_set(publish, cache):
    """Read one behind the other, whichever way each is packed."""
    asked = publish("both", HUMANEVAL, dict(HUMANEVAL, task_id="Mine/1"), files=2)
    found = fetch("both", KNOWN["both"])
    assert (found.problems, asked) == (2, ["/both-0.jsonl", "/both-1.jsonl"])
    assert sorted(left(cache)) == ["both-0.jsonl", "both-1.jsonl"]


def test_another_hash_is_an_error_that_names_both(publish, cache):
    """One changed test is another data set, and nothing of it stays."""
    publish("mbpp", dict(MBPP, test_list=["assert True"]), sha256="0" * 64)
    with pytest.raises(DatasetError, match="not the official problems of mbpp") as caught:
        fetch("mbpp", KNOWN["mbpp"])
    assert "0" * 64 in caught.value.message
    other = write(cache.parent / "other.jsonl", dict(MBPP, test_list=["assert True"]))
    assert hash_problems(read_problems(other)) in caught.value.message
    assert KNOWN["mbpp"].files[0].url in caught.value.message
    assert ".fetched" not in caught.value.message
    assert left(cache) == []


@pytest.mark.parametrize(
    ("body", "length", "said"),
    [
        (b"<!doctype html><title>Log in</title>", None, "no data set"),
        (json.dumps(MBPP).encode()[:40], None, "no data set"),
        (json.dumps(MBPP).encode(), 4000, "cannot be fetched"),
    ],
)
def test_what_is_no_data_set_does_not_stay(publish, cache, body, length, said):
    """A hotel's login page or a connection cut in the middle must not spoil every later load."""
    publish("mbpp", body, length=length)
    with pytest.raises(DatasetError, match=said) as caught:
        fetch("mbpp", KNOWN["mbpp"])
    assert "evalsite datasets fetch mbpp --data-path FILE" in caught.value.hint
    assert left(cache) == []


def test_a_failed_download_says_where_to_put_the_file(publish, cache):
    """Machines without a network are common; the message names the way round."""
    publish("mbpp", MBPP, status=404)
    with pytest.raises(DatasetError, match=r"cannot be fetched from http://127\.0\.0\.1:.*404") as caught:
        fetch("mbpp", KNOWN["mbpp"])
    assert str(cache / "mbpp.jsonl") in caught.value.hint


def test_of_several_files_a_folder_is_asked_for(publish, cache):
    """With the names that they have there."""
    publish("both", MBPP, MBPP, files=2, status=404)
    with pytest.raises(DatasetError) as caught:
        fetch("both", KNOWN["both"])
    assert "(both-0.jsonl and both-1.jsonl)" in caught.value.hint
    assert "evalsite datasets fetch both --data-path FOLDER" in caught.value.hint


def test_a_cache_that_cannot_be_made_is_named(publish, cache):
    """A file stands where the folder should be."""
    publish("mbpp", MBPP)
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.rmdir()
    cache.write_text("")
    with pytest.raises(OutputError, match="datasets: cannot be made"):
        fetch("mbpp", KNOWN["mbpp"])


def test_a_file_is_taken_instead_of_the_server(publish, cache, tmp_path):
    """It is examined before it goes to the cache, and stays where it was."""
    asked = publish("mbpp", MBPP)
    mine = write(tmp_path / "brought.jsonl", MBPP)
    found = fetch("mbpp", KNOWN["mbpp"], mine)
    assert (asked, found.anew, left(cache), mine.is_file()) == ([], True, ["mbpp.jsonl"], True)

    publish("mbpp", MBPP, sha256=found.sha256)
    other = write(tmp_path / "other.jsonl", dict(MBPP, test_list=["assert True"]))
    with pytest.raises(DatasetError, match=f"{other}: these are not the official problems") as caught:
        fetch("mbpp", KNOWN["mbpp"], other)
    assert f"--data-path {other}" in caught.value.hint
    assert fetch("mbpp", KNOWN["mbpp"]).official
