"""Appending and full disks: what was written stays, whatever happens to the writer."""

import os
import subprocess
import threading
from contextlib import contextmanager

import pytest

from evalsite.errors import OutputError, RunError
from evalsite.rundir import files
from evalsite.rundir.schema import Verdict
from evalsite.rundir.store import RunDir
from tests.make import make_problem, make_record


@pytest.fixture
def run_dir(tmp_path):
    return RunDir.create(tmp_path / "runs", make_record(), [make_problem()])


def verdict(sample=0, **changes):
    return Verdict(**{"problem": "Demo/0", "sample": sample, "verdict": "passed", **changes})


def test_a_torn_last_line_is_dropped_with_a_warning_and_cut_off_before_appending(run_dir, caplog):
    """What a killed process left behind is neither an error nor in the way of the next row."""
    run_dir.write_verdicts([verdict(0), verdict(1)])
    path = run_dir.path / "verdicts.jsonl"
    os.truncate(path, path.stat().st_size - 10)
    with caplog.at_level("WARNING", logger="evalsite"):
        assert [row.sample for row in run_dir.verdicts()] == [0]
    assert "verdicts.jsonl:2" in caplog.text
    with run_dir.append_verdicts() as appender:
        appender.append(verdict(7))
    assert [row.sample for row in run_dir.verdicts()] == [0, 7]


def test_a_torn_only_line_is_cut_off_too(run_dir):
    """The torn line may be the first one."""
    (run_dir.path / "verdicts.jsonl").write_bytes(b'{"problem": "Dem')
    with run_dir.append_verdicts() as appender:
        appender.append(verdict(3))
    assert [row.sample for row in run_dir.verdicts()] == [3]


def test_a_whole_last_line_without_its_newline_is_kept(run_dir):
    """Readers count it as a row, so a writer must not take it away behind their backs."""
    run_dir.write_verdicts([verdict(0), verdict(1)])
    path = run_dir.path / "verdicts.jsonl"
    os.truncate(path, path.stat().st_size - 1)
    assert [row.sample for row in run_dir.verdicts()] == [0, 1]
    with run_dir.append_verdicts() as appender:
        appender.append(verdict(2))
    assert [row.sample for row in run_dir.verdicts()] == [0, 1, 2]


def test_a_closed_appender_writes_nowhere(run_dir, tmp_path):
    """After a full disk, a verdict may come in late; the next file opened has the old one's number."""
    with run_dir.append_verdicts() as appender:
        pass
    with (tmp_path / "other").open("wb"), pytest.raises(OSError, match="Bad file descriptor"):
        appender.append(verdict())
    assert (tmp_path / "other").read_bytes() == b""
    assert list(run_dir.verdicts()) == []


def test_the_last_row_reaches_the_disk_though_no_other_follows(run_dir, monkeypatch):
    """A power cut in a quiet hour must not take along what came before it."""
    synced = threading.Event()
    monkeypatch.setattr(files, "FSYNC_INTERVAL_S", 0.01)
    monkeypatch.setattr(files.os, "fsync", lambda _: synced.set())
    with run_dir.append_verdicts() as appender:
        assert not synced.wait(0.05), "nothing was written yet"
        appender.append(verdict())
        assert synced.wait(30)


def test_a_disk_that_cannot_keep_what_it_took_stops_the_writer(run_dir, monkeypatch):
    """The failure comes up at the next row, and again at the end: nobody believes the rows to be safe."""
    failed = threading.Event()

    def fail(_fd):
        failed.set()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "FSYNC_INTERVAL_S", 0.01)
    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OutputError, match="Input/output error"), run_dir.append_verdicts() as appender:
        appender.append(verdict(0))
        assert failed.wait(30)
        for sample in range(1, 10_000):
            appender.append(verdict(sample))
        pytest.fail("10,000 rows on a disk that keeps none")


def test_a_row_that_was_lost_is_told_though_the_disk_works_again(run_dir, monkeypatch):
    """Linux reports a lost write to one fsync alone; whoever asks again hears that all is well."""
    failed = threading.Event()

    def fail_once(_fd):
        if not failed.is_set():
            failed.set()
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "FSYNC_INTERVAL_S", 0.01)
    monkeypatch.setattr(files.os, "fsync", fail_once)
    with pytest.raises(OutputError, match="Input/output error"), run_dir.append_verdicts() as appender:
        appender.append(verdict(0))
        assert failed.wait(30)


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of 64 KiB, where this process may mount one."""
    mount = tmp_path / "tiny"
    mount.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(mount)], check=False)
    if made.returncode:
        yield None
        return
    yield mount
    subprocess.run(["umount", str(mount)], check=True)


def test_a_full_disk_stops_cleanly_with_earlier_rows_intact(tiny_disk, tmp_path, monkeypatch):
    """The half-written row is taken back; the error says what to do."""
    runs = tiny_disk or tmp_path / "runs"
    if tiny_disk is None:  # not root: let the operating system's answer come from here
        monkeypatch.setattr(files, "write_all", _full_after(30_000))
    run_dir = RunDir.create(runs, make_record(), [make_problem()])
    written = 0
    with pytest.raises(OutputError, match="No space left") as caught, run_dir.append_verdicts() as appender:
        for sample in range(1000):
            appender.append(verdict(sample, output="x" * 500))
            written += 1
    assert "free some space" in caught.value.hint.lower()
    assert [row.sample for row in run_dir.verdicts()] == list(range(written))
    assert written > 10
    left = (run_dir.path / "verdicts.jsonl").read_bytes()
    assert (left[-1:], left.count(b"\n")) == (b"\n", written)


def _full_after(limit):
    def write(fd, data):
        if os.fstat(fd).st_size + len(data) > limit:
            os.write(fd, data[:7])
            raise OSError(28, "No space left on device")
        os.write(fd, data)

    return write


def take_away(path):
    path.unlink()


def replace_by_a_copy(path):
    """As an editor does when it saves."""
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


def shorten(path):
    os.truncate(path, 5)


@pytest.mark.parametrize("change", [take_away, replace_by_a_copy, shorten])
@pytest.mark.parametrize("when", ["at the end", "at the next row"])
def test_a_file_that_goes_away_while_rows_are_appended_is_an_error(run_dir, change, when, monkeypatch):
    """What is written into a file without a name is lost, and nobody would know."""
    monkeypatch.setattr(files, "FSYNC_INTERVAL_S", 3600 if when == "at the end" else 0.001)
    path = run_dir.path / "verdicts.jsonl"
    appender = run_dir.append_verdicts()
    with pytest.raises(OutputError, match="removed, replaced or shortened") as caught, appender:
        appender.append(verdict(0))
        change(path)
        while when == "at the next row":
            appender.append(verdict(1))
    assert f"evalsite resume {run_dir.path}" in caught.value.hint


def test_a_file_that_grows_by_another_hand_is_no_error(run_dir):
    """Rows that were glued on are nobody's loss."""
    with run_dir.append_verdicts() as appender:
        appender.append(verdict(0))
        with (run_dir.path / "verdicts.jsonl").open("ab") as file:
            file.write(files.encode_row(verdict(5)))
        appender.append(verdict(1))
    assert [row.sample for row in run_dir.verdicts()] == [0, 5, 1]


@pytest.mark.parametrize("beyond", [0, 1, 2])
@pytest.mark.parametrize("blocks", [1, 2])
def test_a_row_that_ends_on_the_edge_of_a_block_is_kept(run_dir, blocks, beyond):
    """The file is read backwards in blocks of 64 KiB; a newline may be the first byte of one or the last."""
    run_dir.write_verdicts([verdict(0), verdict(1)])
    with (run_dir.path / "verdicts.jsonl").open("ab") as file:
        file.write(b"x" * (blocks * (1 << 16) - 1 + beyond))
    with run_dir.append_verdicts() as appender:
        appender.append(verdict(2))
    assert [row.sample for row in run_dir.verdicts()] == [0, 1, 2]


def test_all_rows_are_on_the_disk_when_the_appender_closes(run_dir, monkeypatch):
    """Whoever sees the command end may pull the plug: the last fsync comes after the last row."""
    synced = []
    monkeypatch.setattr(files, "FSYNC_INTERVAL_S", 3600)
    monkeypatch.setattr(files.os, "fsync", lambda fd: synced.append(os.fstat(fd).st_size))
    with run_dir.append_verdicts() as appender:
        for sample in range(3):
            appender.append(verdict(sample))
    assert synced
    assert synced[-1] == (run_dir.path / "verdicts.jsonl").stat().st_size > 0


def test_a_document_is_on_the_disk_before_it_takes_the_place_of_the_old_one(tmp_path, monkeypatch):
    """Else a power cut could leave an empty file under the name of a whole one."""
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    synced = []
    monkeypatch.setattr(
        files.os, "fsync", lambda fd: synced.append((os.fstat(fd).st_size, path.read_bytes()))
    )
    files.write_atomically(path, b"new and longer")
    assert synced == [(14, b"old")]
    assert path.read_bytes() == b"new and longer"


def test_a_document_that_cannot_be_replaced_leaves_the_old_one_and_nothing_else(tmp_path, monkeypatch):
    """Wherever it fails: while it is written, or when it takes the old one's place."""
    path = tmp_path / "run.json"
    path.write_bytes(b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    for owner, name in ((files.os, "fsync"), (files.Path, "replace")):
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, full)
            with pytest.raises(OutputError, match="No space left") as caught:
                files.write_atomically(path, b"new")
        assert "The disk is full" in caught.value.hint
        assert [each.name for each in tmp_path.iterdir()] == ["run.json"]
        assert path.read_bytes() == b"old"


@pytest.mark.parametrize("trouble", [RunError("a row cannot be read"), KeyboardInterrupt()])
def test_rows_that_end_in_an_error_leave_the_old_ones_and_nothing_else(tmp_path, trouble):
    """What is written may be read from a file that is damaged, and Ctrl-C comes at any time."""
    path = tmp_path / "verdicts.jsonl"
    path.write_bytes(b"old\n")

    def rows():
        yield b"new\n"
        raise trouble

    with pytest.raises(type(trouble)):
        files.write_atomically(path, rows())
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"old\n"


def test_what_a_killed_process_left_of_a_replacement_is_in_nobodys_way(tmp_path):
    """The next process may well have the same number, as in a container."""
    (tmp_path / f".run.json.{os.getpid()}.tmp").write_bytes(b"half of")
    files.write_atomically(tmp_path / "run.json", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"run.json": b"new"}


@contextmanager
def no_file_beyond(size):
    """Let the kernel write a part, and refuse the rest: what a full disk does, on any file system."""
    import resource  # not on Windows

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.linux
def test_a_disk_that_fills_up_in_the_middle_of_a_replacement_keeps_the_old_document(tmp_path):
    """A part of the new one was written; nobody ever sees it."""
    path = tmp_path / "verdicts.jsonl"
    path.write_bytes(b"old\n")
    with no_file_beyond(100_000), pytest.raises(OutputError, match="cannot be written") as caught:
        files.write_atomically(path, b"x" * 300_000)
    assert "ulimit -f" in caught.value.hint
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"old\n"


@pytest.mark.linux
def test_a_disk_that_fills_up_in_the_middle_of_a_row_keeps_the_rows_before(run_dir):
    """The part of the row is taken back, and the next one stands on a line of its own."""
    path = run_dir.path / "verdicts.jsonl"
    with run_dir.append_verdicts() as appender:
        appender.append(verdict(0))
        whole = path.read_bytes()
        with no_file_beyond(len(whole) + 100), pytest.raises(OutputError, match="cannot be written"):
            appender.append(verdict(1, output="x" * 500))
        assert path.read_bytes() == whole
        appender.append(verdict(2))
    assert [row.sample for row in run_dir.verdicts()] == [0, 2]


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (28, "The disk is full"),
        (122, "The disk is full"),
        (17, "Choose another folder"),
        (27, "ulimit -f unlimited"),
        (30, "read-only: choose a folder on another one"),
        (24, "ulimit -n 4096"),
        (23, "ulimit -n 4096"),
        (13, "may write there"),
    ],
)
def test_a_write_that_fails_says_what_to_do(tmp_path, number, advice):
    """By what the operating system said."""
    with pytest.raises(OutputError) as caught, files.writing(tmp_path / "x"):
        raise OSError(number, os.strerror(number))
    assert f"{tmp_path / 'x'}: cannot be written ({os.strerror(number)})" in str(caught.value)
    assert advice in caught.value.hint


def test_a_file_system_that_cannot_tell_is_told_of_once(tmp_path, monkeypatch, caplog):
    """Not with every row; another reason is another word."""

    def fsync(_):
        raise OSError(numbers[0], "cannot")

    numbers = list(files._CANNOT_SYNC)[:1]
    monkeypatch.setattr(files, "_told_unsynced", set())
    monkeypatch.setattr(files.os, "fsync", fsync)
    for _ in range(2):
        files.sync(0)
    told = [record.getMessage() for record in caplog.records]
    assert told == ["this file system does not say when data are on the disk (cannot)"]
    numbers[0] = 5
    with pytest.raises(OSError, match="cannot"):
        files.sync(0)


def test_rows_that_come_while_the_file_is_looked_at_are_no_loss(tmp_path, monkeypatch):
    """Its size and what was written are not read at one moment: a row between the two is no loss."""
    row, at_rest = verdict(), os.fstat
    with files.Appender(tmp_path / "verdicts.jsonl") as appender:
        appender.append(row)

        def then_one_more(fd):
            found = at_rest(fd)
            monkeypatch.setattr(files.os, "fstat", at_rest)
            appender.append(row)
            return found

        monkeypatch.setattr(files, "stands_at", lambda fd, path: True)
        monkeypatch.setattr(files.os, "fstat", then_one_more)
        appender._see_that_it_is_there()
        monkeypatch.undo()
    assert (tmp_path / "verdicts.jsonl").read_bytes().count(b"\n") == 2
