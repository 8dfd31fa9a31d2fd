"""Runs as Parquet."""

import sys

import pyarrow.parquet
import pytest

from evalsite import api
from evalsite.errors import UsageError
from evalsite.formats.columns import encode_parquet
from tests.make import write_run


def test_each_sample_is_a_row_with_its_texts(evalsite, tmp_path):
    """As ``table(texts=True)`` has it, with types of its own."""
    run_dir = write_run(tmp_path / "runs", "fp8", [2, 1], n=2)
    done = evalsite("export", run_dir.path, "--format", "parquet")
    assert done.returncode == 0, done.stderr
    written = pyarrow.parquet.read_table(tmp_path / done.stdout.strip())
    table = api.open_run(run_dir.path).table(texts=True)
    assert written.column_names == list(table)
    assert written["verdict"].to_pylist() == table["verdict"].tolist()
    assert written["text"].to_pylist() == table["text"].tolist()
    assert str(written.schema.field("passed").type) == "bool"
    assert str(written.schema.field("sample").type) == "int64"
    assert str(written.schema.field("cpu_s").type) == "double"


def test_half_a_character_is_spelled_out(tmp_path):
    """Answers hold what a model made up."""
    table = api.open_run(write_run(tmp_path, "fp8", [1], n=1).path).table(texts=True)
    table["text"][0] = "a\ud83d"
    (tmp_path / "x.parquet").write_bytes(encode_parquet(table))
    assert pyarrow.parquet.read_table(tmp_path / "x.parquet")["text"].to_pylist() == ["a\\ud83d"]


def test_without_the_package_it_says_what_to_install(tmp_path, monkeypatch):
    """As reading does."""
    table = api.open_run(write_run(tmp_path, "fp8", [1], n=1).path).table()
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(UsageError, match="Parquet") as error:
        encode_parquet(table)
    assert "evalsite[parquet]" in error.value.hint
