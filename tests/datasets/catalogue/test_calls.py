"""BFCL is published in parts: they are put together, and nobody tries to fetch what cannot be."""

import gzip
import json

import pytest

from evalsite.datasets import KNOWN
from evalsite.datasets.fetching import fetch
from evalsite.datasets.keeping import cache_dir
from evalsite.errors import DatasetError
from scripts.join_bfcl import CATEGORIES, joined


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("EVALSITE_DATA", raising=False)


def test_parts_are_put_together_and_taken(tmp_path, shared, empty):
    """Questions and accepted answers, a file each and category, become the official problems."""
    with gzip.open(shared / "datasets/bfcl-v4-single-turn.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    (tmp_path / "possible_answer").mkdir()
    for category in CATEGORIES:
        mine = [record for record in records if record["category"] == category]
        asked = [{key: record[key] for key in ("id", "question", "function")} for record in mine]
        accepted = [{key: record[key] for key in ("id", "ground_truth")} for record in mine]
        write(tmp_path / f"BFCL_v4_{category}.json", asked)
        if "relevance" not in category:
            write(tmp_path / f"possible_answer/BFCL_v4_{category}.json", accepted)
    path = tmp_path / "mine.jsonl"
    write(path, joined(tmp_path))
    found = fetch("bfcl-v4", KNOWN["bfcl-v4"], path)
    assert (found.problems, found.official, found.anew) == (3491, True, True)
    assert found.kept.paths == (cache_dir() / "bfcl-v4-single-turn.jsonl",)


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


def test_what_is_published_in_parts_is_not_fetched(empty):
    """The error says how it is put together."""
    with pytest.raises(DatasetError, match="in parts only") as caught:
        fetch("bfcl-v4", KNOWN["bfcl-v4"])
    assert "scripts/join_bfcl.py" in caught.value.hint
