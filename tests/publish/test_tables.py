"""docs/tables.md names every column of every table, in order."""

import csv
import json
import re

import pytest

from evalsite.rundir.taxonomy import VerdictClass
from tests.conftest import ROOT
from tests.publish.builders import CANDIDATE

CLASSES = [str(kind) for kind in VerdictClass if kind is not VerdictClass.PASSED]


def documented(section):
    """Return the columns that a section of the page lists."""
    text = (ROOT / "docs" / "tables.md").read_text("utf-8")
    (found,) = [part for part in text.split("\n## ")[1:] if part.startswith(f"`{section}`\n")]
    return re.findall(r"^\| `(\w+)` \|", found, re.MULTILINE)


def head(path):
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


@pytest.fixture
def site(evalsite, repository):
    """The built site of two small runs."""
    assert evalsite("build").returncode == 0
    return repository / "site"


def test_the_sites_tables_are_documented(site):
    """CSV column by column; JSON has the same names, but for what it nests."""
    for name in ("runs", "targets", "comparisons"):
        columns = documented(f"data/{name}")
        assert head(site / "data" / f"{name}.csv") == columns
        document = json.loads((site / "data" / f"{name}.json").read_text("utf-8"))
        assert document["format"] == 1
        names = {column for column in columns if not re.fullmatch(r"pass_at_\d+", column)}
        nested = {"pass_at", "verdicts"} if name == "runs" else set()
        assert document[name]
        for row in document[name]:
            assert set(row) == names | nested
    problems = documented("runs/<run>/problems.csv")
    assert head(site / "runs" / CANDIDATE / "problems.csv") == problems + CLASSES


def test_the_exported_tables_are_documented(evalsite, repository):
    """Both files of ``evalsite export --format csv``."""
    assert evalsite("export", CANDIDATE, "--format", "csv").returncode == 0
    folder = repository / "export" / CANDIDATE
    assert head(folder / "samples.csv") == documented("evalsite export --format csv")
    problems = ["run", "model", "dataset", "problem", "n", "c", "missing", *CLASSES]
    assert head(folder / "problems.csv") == problems
