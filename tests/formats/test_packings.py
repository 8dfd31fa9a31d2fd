"""What files of samples come in: packed, several of them, folders, Parquet."""

import bz2
import gzip
import json
import lzma
import zipfile

import pytest
from backports import zstd

from evalsite.datasets.unpacking import Room
from evalsite.errors import DatasetError
from evalsite.formats.reading import read_file
from tests.formats.helpers import BOTH, LINES, PASSING, ROWS, demo, read


def in_zip(data, names=("a/samples.jsonl", "__MACOSX/a/._samples.jsonl", "a/")):
    from io import BytesIO

    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"" if "MACOSX" in name or name.endswith("/") else data)
    return file.getvalue()


PACKED = {
    "gzip": gzip.compress,
    "gzip in parts": lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:]),
    "xz": lzma.compress,
    "zstd": zstd.compress,
    "zstd in parts": lambda data: zstd.compress(data[:9]) + zstd.compress(data[9:]),
    "bzip2": bz2.compress,
    "zip": in_zip,
}


@pytest.mark.parametrize("name", PACKED)
def test_a_packed_file_is_read_by_its_content(tmp_path, name):
    """Whatever it is called; cut off or damaged it is refused; and what unpacks without end is, too."""
    packed = PACKED[name](LINES.encode())
    assert read(tmp_path / "samples", packed)[0] == BOTH
    if name != "zip":
        with pytest.raises(
            DatasetError, match=rf"samples: the {name.split()[0]} data end early or are damaged"
        ):
            read(tmp_path / "samples", packed[:-4])
    bomb = PACKED[name]((LINES + " " * 1_100_000).encode())
    with pytest.raises(DatasetError, match=r"samples: unpacks to more than 1 MB"):
        read(tmp_path / "samples", bomb, room=Room(1_000_000, asked_for=True))


def zipped(**members):
    from io import BytesIO

    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_a_zip_of_several_files_is_read_as_a_folder_of_them_is(tmp_path):
    """In the order of their names, packed ones too; what is of another form is passed over, and told."""
    members = {
        "__MACOSX/._a": b"x", ".hidden": b"x", "b/b.jsonl.gz": gzip.compress(LINES.encode()),
        "a/a.jsonl": LINES + "{'task_id': 'Demo/1'}" + "\n" + LINES, "a/README.md": "# answers\n",
    }  # fmt: skip
    answers, found = read(tmp_path / "x.zip", zipped(**members))
    assert len(answers) == 6
    assert answers[:2] == BOTH
    assert found.told.passed_over == ["a/README.md"]
    assert f"{tmp_path}/x.zip: a/a.jsonl:3: " in found.told.left_out[0]
    assert len(list(found.samples)) == 6, "as often as they are asked for"
    folders = {"HumanEval_0/0.py": PASSING, "HumanEval_0/1.py": PASSING, "HumanEval_1/0.py": PASSING}
    named = {name.replace("HumanEval", "Demo"): text for name, text in folders.items()}
    assert [each[:3] for each in read(tmp_path / "y.zip", zipped(**named))[0]] == [
        ("Demo/0", 0, "solution"), ("Demo/0", 1, "solution"), ("Demo/1", 0, "solution"),
    ]  # fmt: skip


def test_a_zip_of_several_files_is_read_within_limits(tmp_path):
    """It may neither lead out of itself, nor unpack without end, nor be damaged; errors name it."""
    for name in ("../out.jsonl", "/out.jsonl", "C:/out.jsonl", "a/../../out.jsonl"):
        with pytest.raises(DatasetError, match=r"x\.zip: holds .* which lies outside of it"):
            read(tmp_path / "x.zip", zipped(**{"a.jsonl": LINES, name: LINES}))
    assert not (tmp_path / "out.jsonl").exists()
    with pytest.raises(DatasetError, match=r"x\.zip: unpacks to more than 1 MB"):
        big = LINES + " " * 600_000
        read(tmp_path / "x.zip", zipped(a=big, b=big), room=Room(1_000_000, asked_for=True))
    with pytest.raises(DatasetError, match=r"x\.zip: the zip data end early or are damaged"):
        read(tmp_path / "x.zip", zipped(a=LINES, b=LINES)[:-30])
    with pytest.raises(DatasetError, match=r"x\.zip: a: none of the forms"):
        read(tmp_path / "x.zip", zipped(a="hello\n", b="hello\n"))


def test_a_folder_is_read(tmp_path):
    """Files of one form, told by their content; or EvalPlus' folders of programs."""
    for number, row in enumerate(ROWS):
        (tmp_path / "files" / f"{number}").mkdir(parents=True)
        (tmp_path / "files" / f"{number}" / "samples").write_bytes(gzip.compress(json.dumps(row).encode()))
        (tmp_path / "programs" / f"Demo_{number}").mkdir(parents=True)
        for sample in (0, 1, 10):
            (tmp_path / "programs" / f"Demo_{number}" / f"{sample}.py").write_bytes(b"# %d\n" % sample)
    (tmp_path / "files" / "README").write_text("nothing")
    found = read_file(tmp_path / "files", demo())
    assert (found.form, found.counts) == ("plain", {"Demo/0": 1, "Demo/1": 1})
    assert found.told.passed_over == ["README"]
    found = read_file(tmp_path / "programs", demo())
    assert (found.form, found.counts) == ("evalplus-folder", {"Demo/0": 3, "Demo/1": 3})
    assert [each.completion.text for each in found.samples][:3] == ["# 0\n", "# 1\n", "# 10\n"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="an empty folder"):
        read_file(tmp_path / "empty", demo())


def test_parquet_is_read_within_limits(tmp_path):
    """With the package that it takes; without, it says what it is."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "samples"
    parquet.write_table(pyarrow.Table.from_pylist([{**row, "p": float("nan")} for row in ROWS]), path)
    assert read(path, path.read_bytes())[0] == BOTH
    with pytest.raises(DatasetError, match="Parquet data end early or are damaged"):
        read(path, path.read_bytes()[:-9])
    many = [{"task_id": "Demo/0", "completion": " " * 100_000}] * 1000
    parquet.write_table(pyarrow.Table.from_pylist(many), path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(DatasetError, match="samples: unpacks to more than 16 MB"):
        read_file(path, demo())


def test_parquet_without_its_package_says_what_it_is(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(DatasetError, match=r"s: Parquet(.|\n)*evalsite\[parquet\]"):
        read(tmp_path / "s", b"PAR1 and more")
