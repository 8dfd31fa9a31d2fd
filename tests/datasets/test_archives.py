"""A data set in a zip file of several files: the one that fits is read; where several do, they are named."""

import json
import re
import shlex
import subprocess
import sys
import zipfile

import pytest

from evalsite.datasets import load_dataset
from evalsite.errors import DatasetError
from tests.datasets.helpers import HUMANEVAL, MBPP

ROWS = json.dumps(HUMANEVAL) + "\n" + json.dumps({**HUMANEVAL, "task_id": "Mine/1"}) + "\n"
LICENCE = "Permission is hereby granted, free of charge\n"


def zipped(path, **members):
    """A zip file of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    "others",
    [
        {"README.md": "# problems\n", "LICENSE": LICENCE},
        {"empty.jsonl": "", "table.csv": "a,b\n1,2\n", "__MACOSX/._a": "x", "data/": ""},
        {"samples.jsonl": json.dumps({"task_id": "Mine/0", "completion": "    return x\n"}) + "\n"},
        {"inner.zip": "PK\x03\x04 damaged", "notes.json": json.dumps({"license": "MIT"})},
    ],
)
def test_the_file_that_holds_problems_is_read(tmp_path, others):
    """Whatever lies beside it, and whatever order they are in."""
    alone = tmp_path / "alone.jsonl"
    alone.write_text(ROWS)
    for number, members in enumerate(
        ({"data/mine.jsonl": ROWS, **others}, {**others, "data/mine.jsonl": ROWS})
    ):
        found = load_dataset("mine", zipped(tmp_path / f"{number}.zip", **members))
        assert found.sha256 == load_dataset("mine", alone).sha256
        assert found.source == f"{number}.zip"


def test_a_mistake_in_it_is_told_by_its_name(tmp_path):
    """Not by where it was unpacked."""
    path = zipped(tmp_path / "mine.zip", **{"a/mine.jsonl": ROWS + "{}\n", "LICENSE": LICENCE})
    with pytest.raises(DatasetError) as caught:
        load_dataset("mine", path)
    assert caught.value.message.startswith(f"{path}: a/mine.jsonl:3: ")


def test_where_several_fit_they_are_named_and_the_hint_works(tmp_path, monkeypatch):
    """As it is printed, with a folder's name that a shell would split."""
    folder = tmp_path / "my sets"
    folder.mkdir()
    monkeypatch.chdir(folder)
    other = json.dumps(MBPP) + "\n"
    zipped(folder / "both sets.zip", **{"a.jsonl": ROWS, "b/c.jsonl": other, "LICENSE": LICENCE})
    with pytest.raises(
        DatasetError, match=r"a zip file of 3 files, 2 of which hold problems: a.jsonl, b/c.jsonl"
    ) as caught:
        load_dataset("mine", folder / "both sets.zip")
    unpacking, chosen = re.fullmatch(r".*: (python .*); then --data-path (.*)", caught.value.hint).groups()
    subprocess.run([sys.executable, *shlex.split(unpacking)[1:]], check=True, timeout=60)
    (path,) = shlex.split(chosen)
    assert len(load_dataset("mine", type(folder)(path)).problems) == 2


def test_where_none_fits_all_are_named(tmp_path):
    """Five of them, and how many more."""
    members = {f"{number}.md": "# nothing\n" for number in range(7)}
    with pytest.raises(DatasetError, match=r"none of which begins with a problem: 0.md, .*4.md, and 2 more"):
        load_dataset("mine", zipped(tmp_path / "x.zip", **members))


def test_exercises_in_an_archive_are_read_as_their_folder_is(tmp_path):
    """A checkout that somebody packed."""
    exercise = {
        "set/leap/.meta/config.json": json.dumps(
            {"files": {"solution": ["leap.py"], "test": ["leap_test.py"], "example": [".meta/example.py"]}}
        ),
        "set/leap/.meta/example.py": "def leap(year):\n    return year % 4 == 0\n",
        "set/leap/.docs/instructions.md": "Tell leap years.\n",
        "set/leap/leap.py": "def leap(year):\n    pass\n",
        "set/leap/leap_test.py": "import unittest\n",
    }
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr("set/", "")
        for name, text in exercise.items():
            archive.writestr(name, text)
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(tmp_path / "set.zip") as archive:
        archive.extractall(unpacked)
    assert load_dataset("mine", tmp_path / "set.zip").sha256 == load_dataset("mine", unpacked).sha256
