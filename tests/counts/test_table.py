"""The samples of runs as columns."""

import math
import sys

import numpy as np
import pytest

from evalsite import api
from evalsite.counts.table import SAMPLE_COLUMNS, Table
from tests.make import write_run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two models with two samples of three problems, and how they were answered."""
    folder = tmp_path_factory.mktemp("runs")
    write_run(folder, "fp8", [2, 2, 2], n=2, day="2026-11-18")
    write_run(folder, "ternary", [2, 0, 1], n=2, day="2026-11-19")
    return api.open_runs(folder)


def test_each_graded_sample_is_a_row(runs):
    """In the data set's order, the columns of a kind that can be calculated with."""
    table = runs[1].table()
    assert list(table) == [*SAMPLE_COLUMNS, "passed"]
    assert {column.shape for column in table.values()} == {(6,)}
    assert table.num_rows == 6
    assert table["sample"].tolist() == [0, 1] * 3
    assert table["passed"].dtype == bool
    assert table["passed"].tolist() == [verdict == "passed" for verdict in table["verdict"]]
    assert table["passed"].sum() == runs[1].c.sum() == 3
    assert table["cpu_s"].dtype == table["latency_s"].dtype == np.float64
    assert "6 rows" in repr(table)


def test_several_runs_stand_below_each_other(runs):
    """Each row says which run it is of."""
    table = runs.table(texts=True)
    assert table["model"].tolist() == ["fp8"] * 6 + ["ternary"] * 6
    samples = [sample for run in runs for sample in run.samples()]
    assert table["program"].tolist() == [sample.verdict.program for sample in samples]
    assert table["text"].tolist() == [sample.completion.text for sample in samples]


def test_no_run_has_no_rows():
    """And still the columns, so that what reads them works."""
    table = api.Runs().table()
    assert list(table) == [*SAMPLE_COLUMNS, "passed"]
    assert table.num_rows == 0


def test_a_list_in_arrow_has_null_for_what_is_not_known(runs):
    """NaN is a figure there, which would be counted with."""
    table = runs.table()
    table["peak_mib"][0] = math.nan
    arrow = table.to_arrow()
    assert arrow.column_names == list(table)
    assert arrow["peak_mib"][0].as_py() is None
    assert arrow["passed"].to_pylist() == table["passed"].tolist()


def test_a_library_that_is_not_there_is_named(monkeypatch):
    """As Python names it."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pandas"):
        Table(run=np.array(["a"])).to_pandas()
