"""A data set's name may end with a window of months."""

import json

import msgspec
import pytest

from evalsite.datasets import KNOWN, load_dataset
from evalsite.datasets.base import Shape
from evalsite.datasets.catalogue import find
from evalsite.datasets.catalogue.base import Known, Published
from evalsite.errors import DatasetError
from tests.make import make_problem


class Dated(msgspec.Struct):
    """A record with a date."""

    name: str
    contest_date: str


SHAPE = Shape(
    lambda _fields: True,
    Dated,
    lambda record: make_problem(record.name),
    date=lambda record: record.contest_date,
)
MONTHS = ("2024-07-31", "2024-08-01T00:00:00", "2024-12-07", "2025-01-31", "2025-02-01")


@pytest.fixture
def contests(monkeypatch, tmp_path):
    """A data set of five problems, each of another month."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("EVALSITE_DATA", str(folder))
    rows = [{"name": date[:7], "contest_date": date} for date in MONTHS]
    (folder / "contests.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    known = Known(
        files=(Published("contests.jsonl", "https://example.org/contests.jsonl"),),
        kinds=("code",), sha256="0" * 64, problems=5, numbers="None.", dated=True, shape=SHAPE,
    )  # fmt: skip
    monkeypatch.setitem(KNOWN, "contests-v5", known)


def test_a_window_has_its_months(contests):
    """The first and the last among them; the hash of the whole is not theirs."""
    loaded = load_dataset("contests-v5-2024-08..2025-01")
    assert [problem.task_id for problem in loaded.problems] == ["2024-08", "2024-12", "2025-01"]
    assert loaded.name == "contests-v5-2024-08..2025-01"
    assert find("contests-v5-2024-08..2025-01").sha256 == ""
    assert "from 2024-08 to 2025-01" in find("contests-v5-2024-08..2025-01").numbers


@pytest.mark.parametrize("window", ["2025-01..2024-08", "2024-00..2024-08", "2024-08..2024-13"])
def test_what_is_no_window_is_told(contests, window):
    """With one that is."""
    with pytest.raises(DatasetError, match="is no window of months") as caught:
        load_dataset(f"contests-v5-{window}")
    assert "contests-v5-2024-08..2025-01" in caught.value.hint


def test_only_what_has_dates_has_windows(contests):
    """Another name with a window is nobody's."""
    assert find("humaneval-2024-08..2025-01") is None
    assert find("contests-v6-2024-08..2025-01") is None
