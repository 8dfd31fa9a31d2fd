"""Packed files of rows, pointers of Git LFS, and files that GitHub refuses."""

import gzip
import logging
import os

import pytest
from msgspec.structs import replace

from evalsite import __version__
from evalsite.counts.loaded import load_run
from evalsite.counts.tally import is_sealed
from evalsite.counts.validate import find_faults
from evalsite.datasets import load_dataset
from evalsite.errors import DatasetError, OutputError, RunFormatError
from evalsite.rundir import files, packed, regular
from evalsite.rundir.answers import find_void
from evalsite.rundir.schema import Completion
from evalsite.rundir.store import COMPLETIONS, PROBLEMS, VERDICTS, RunDir
from tests.make import write_run

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 109000000\n"


@pytest.fixture
def run_dir(tmp_path):
    """Four problems with three samples each."""
    return write_run(tmp_path / "runs", "fp8", [3, 2, 1, 0], n=3)


def rows(run_dir):
    return run_dir.problems(), list(run_dir.completions()), list(run_dir.verdicts())


def test_a_packed_run_says_what_it_said(run_dir):
    """Rows, hashes, soundness: nothing changes but the files."""
    before, digest, loaded = rows(run_dir), run_dir.digest(files_of_rows()), load_run(run_dir)
    with run_dir.lock():
        made = run_dir.pack()
    assert [path.name for path in made] == ["completions.jsonl.gz", "verdicts.jsonl.gz"]
    assert not (run_dir.path / COMPLETIONS).exists()
    again = RunDir(run_dir.path)
    assert rows(again) == before
    assert again.digest(files_of_rows()) == digest
    assert is_sealed(again.read_run(), digest, again.read_summary())
    assert load_run(again).summary == loaded.summary
    assert find_faults(again) == []
    assert not list(find_void(again))
    assert not again.is_empty()
    assert again.has_completions()


def files_of_rows():
    return PROBLEMS, COMPLETIONS, VERDICTS


def test_the_same_rows_give_the_same_bytes(run_dir):
    """Whenever they are packed, so that git sees no change; and gunzip unpacks them."""
    plain = (run_dir.path / VERDICTS).read_bytes()
    first = [path.read_bytes() for path in run_dir.pack()]
    os.utime(run_dir.path / "verdicts.jsonl.gz", (1, 1))
    packed.unpack(run_dir.path / COMPLETIONS)
    packed.unpack(run_dir.path / VERDICTS)
    assert (run_dir.path / VERDICTS).read_bytes() == plain
    assert [path.read_bytes() for path in run_dir.pack()] == first
    assert gzip.decompress(first[1]) == plain


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: gzip.compress(b"{}\n")])
def test_what_does_not_read_back_is_not_kept(run_dir, monkeypatch, damage):
    """A disk that loses or mixes up what it was given: the plain file stays, and stands alone."""
    before, names = rows(run_dir), sorted(path.name for path in run_dir.path.iterdir())

    def write(path, blocks):
        files.write_atomically(path, damage(b"".join(blocks)))

    monkeypatch.setattr(packed, "write_atomically", write)
    with pytest.raises(OutputError, match="reads back differently"):
        run_dir.pack()
    assert sorted(path.name for path in run_dir.path.iterdir()) == names
    assert rows(run_dir) == before


def test_what_is_added_to_a_packed_run_is_kept(run_dir, caplog):
    """It is unpacked first, and the command that packs it again is told."""
    run_dir.pack()
    with run_dir.append_completions() as appender:
        appender.append(Completion(problem="HumanEval/0", sample=3, text="x", form="completion"))
    assert len(list(run_dir.completions())) == 13
    assert not (run_dir.path / "completions.jsonl.gz").exists()
    assert f"evalsite pack {run_dir.path}" in caplog.text.replace("\n", "")
    run_dir.write_verdicts([])
    assert list(run_dir.verdicts()) == []


def test_a_plain_file_counts_beside_its_packed_form(run_dir, caplog):
    """As after a packing that was interrupted; the fault is named."""
    content = (run_dir.path / VERDICTS).read_bytes()
    run_dir.pack()
    (run_dir.path / VERDICTS).write_bytes(content[: content.index(b"\n") + 1])
    assert len(list(run_dir.verdicts())) == 1
    assert "stands there packed as well" in caplog.text
    assert "verdicts.jsonl: stands there packed as well; remove one" in find_faults(run_dir)


@pytest.mark.parametrize("damage", [lambda data: data[:-20], lambda _: b"no gzip at all\n"])
def test_damaged_packed_rows_are_named(run_dir, damage):
    """With the file's name; nothing is taken for its end."""
    path = run_dir.pack()[1]
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(RunFormatError, match=r"verdicts\.jsonl\.gz: the gzip data end early or are damaged"):
        list(run_dir.verdicts())


def test_what_unpacks_without_end_is_refused(run_dir, monkeypatch):
    """A few bytes that become gigabytes of rows."""
    monkeypatch.setattr(regular, "FREE", 1000)
    path = run_dir.path / "completions.jsonl.gz"
    line = (run_dir.path / COMPLETIONS).read_bytes().partition(b"\n")[0] + b"\n"
    (run_dir.path / COMPLETIONS).unlink()
    path.write_bytes(gzip.compress(line * 20_000))
    with pytest.raises(RunFormatError, match="unpacks to more than 100 times its size"):
        list(run_dir.completions())
    with pytest.raises(RunFormatError, match="unpacks to more than 100 times its size"):
        run_dir.digest(files_of_rows())


def test_a_link_is_refused_packed_or_not(run_dir, tmp_path):
    """Nothing that leads elsewhere is read."""
    run_dir.pack()
    path = run_dir.path / "verdicts.jsonl.gz"
    path.rename(tmp_path / "elsewhere.gz")
    path.symlink_to(tmp_path / "elsewhere.gz")
    with pytest.raises(RunFormatError, match="is a symbolic link"):
        run_dir.read_run()


@pytest.mark.parametrize("name", ["run.json", PROBLEMS, COMPLETIONS, VERDICTS, "verdicts.jsonl.gz"])
def test_what_git_lfs_left_is_called_so(run_dir, name):
    """With the command that fetches the file, also where the summary could be believed."""
    if name.endswith(".gz"):
        run_dir.pack()
    (run_dir.path / name).write_bytes(POINTER)
    with pytest.raises(RunFormatError, match="is a pointer of Git LFS, in place of the file itself") as told:
        load_run(run_dir)
    assert str(run_dir.path / name) in told.value.message
    assert told.value.hint.endswith("git lfs pull")


def test_a_data_set_that_git_lfs_left_is_called_so(tmp_path):
    """The same of files that are not a run's."""
    (tmp_path / "mine.jsonl").write_bytes(POINTER)
    with pytest.raises(DatasetError, match=r"mine\.jsonl: is a pointer of Git LFS") as told:
        load_dataset("mine", tmp_path / "mine.jsonl")
    assert "git lfs pull" in told.value.hint


def test_a_file_that_grows_too_large_is_told_in_time(run_dir, monkeypatch, caplog):
    """Once where GitHub begins to warn, once where it refuses; and again wherever it is opened."""
    size = (run_dir.path / COMPLETIONS).stat().st_size
    monkeypatch.setattr(files, "LARGE", size + 500)
    monkeypatch.setattr(files, "TOO_LARGE", size + 2500)
    caplog.set_level(logging.WARNING)
    with run_dir.append_completions() as appender:
        for sample in range(3, 10):
            appender.append(
                Completion(problem="HumanEval/0", sample=sample, text="x" * 500, form="completion")
            )
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert all(str(run_dir.path / COMPLETIONS) in each for each in told)
    assert "and from 100 MB on GitHub refuses" in told[0]
    assert "which GitHub refuses" in told[1]


def test_verdicts_say_which_evalsite_reached_them(run_dir):
    """Counted by version; rows from before that was written down are told apart."""
    assert run_dir.graded_by() == {"not recorded": 12}
    (first, *rest) = run_dir.verdicts()
    run_dir.write_verdicts([replace(first, graded_by=__version__), *rest])
    assert run_dir.graded_by() == {__version__: 1, "not recorded": 11}
