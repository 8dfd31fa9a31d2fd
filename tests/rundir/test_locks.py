"""One writer for each run directory: a living one keeps others out, a dead one nobody."""

import errno
import os
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import pytest

from evalsite.errors import OutputError, RunLockedError
from evalsite.rundir import locks
from evalsite.rundir.store import RunDir
from tests.make import make_problem, make_record

NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


@pytest.fixture
def run_dir(tmp_path):
    return RunDir.create(tmp_path / "runs", make_record(), [make_problem()])


def refusing(number):
    """Stand in for ``lock_descriptor`` on a file system that has no locks."""

    def lock_descriptor(_fd, *, blocking):
        raise OSError(number, os.strerror(number))

    return lock_descriptor


def die_with_the_lock(run_dir, *, refusal=None):
    """Lock the run in a process that ends without another word."""
    code = f"""
        import os
        from pathlib import Path
        from evalsite.rundir import locks
        from evalsite.rundir.store import RunDir
        def refuse(_fd, *, blocking):
            raise OSError({refusal}, "no locks")
        if {refusal}:
            locks.lock_descriptor = refuse
        lock = RunDir(Path({str(run_dir.path)!r})).lock()  # kept, or it would let go before its process ends
        lock.__enter__()
        os._exit(0)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


def left_by_locks(run_dir):
    return sorted(run_dir.path.glob(".lock*"))


def test_a_second_writer_is_refused_and_a_dead_one_is_not_in_the_way(run_dir):
    """The lock is held by the process, not by the file."""
    with run_dir.lock():
        with pytest.raises(RunLockedError, match=rf"\(pid {os.getpid()}\)"), RunDir(run_dir.path).lock():
            pytest.fail("two writers")
    die_with_the_lock(run_dir)
    assert left_by_locks(run_dir), "it died in the middle"
    with run_dir.lock():
        assert left_by_locks(run_dir), "the dead process let go"
    assert left_by_locks(run_dir) == []


def test_a_lock_file_that_its_holder_just_removed_is_not_taken_for_the_lock(run_dir, monkeypatch):
    """Of two that wait at the moment when a third lets go, one gets the lock."""
    lock, removed = locks.lock_descriptor, []

    def let_go_in_between(fd, *, blocking):
        if not removed:
            removed.append((run_dir.path / ".lock").unlink())
        return lock(fd, blocking=blocking)

    monkeypatch.setattr(locks, "lock_descriptor", let_go_in_between)
    with run_dir.lock(), pytest.raises(RunLockedError), RunDir(run_dir.path).lock():
        pytest.fail("two writers")


@pytest.mark.linux
def test_a_full_disk_is_told_where_the_lock_cannot_be_written(run_dir, monkeypatch):
    """The lock file may be the first to meet it."""

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(locks, "write_all", full)
    with pytest.raises(OutputError, match="No space left"), run_dir.lock():
        pytest.fail("locked")


def test_any_other_refusal_is_told(run_dir, monkeypatch):
    """Only where there are no locks does something else stand for one."""
    monkeypatch.setattr(locks, "lock_descriptor", refusing(errno.EIO))
    with pytest.raises(OutputError, match="Input/output error"), run_dir.lock():
        pytest.fail("locked")


@pytest.mark.parametrize("number", NO_LOCKS, ids=errno.errorcode.get)
@pytest.mark.linux
def test_a_file_system_without_locks_has_one_writer_too(run_dir, monkeypatch, number):
    """A marker stands for the lock: it names its holder, and a dead holder is not in the way."""
    monkeypatch.setattr(locks, "lock_descriptor", refusing(number))
    with run_dir.lock():
        with pytest.raises(RunLockedError, match=rf"\(pid {os.getpid()}\)"), RunDir(run_dir.path).lock():
            pytest.fail("two writers")
    assert left_by_locks(run_dir) == []
    die_with_the_lock(run_dir, refusal=number)
    assert (run_dir.path / ".lock-held").exists(), "it died in the middle"
    with run_dir.lock():
        assert (run_dir.path / ".lock-held").exists()
    assert left_by_locks(run_dir) == []


def test_the_lock_file_is_gone_whichever_way_the_writer_leaves(run_dir):
    """Also after an error."""
    with pytest.raises(ZeroDivisionError), run_dir.lock():
        assert left_by_locks(run_dir)
        raise ZeroDivisionError
    assert left_by_locks(run_dir) == []


@pytest.mark.linux  # which has locks also where its Python is made like another system's
@pytest.mark.parametrize("held", [False, True])
def test_where_an_open_file_cannot_be_removed_it_is_removed_when_closed(run_dir, monkeypatch, held):
    """As on Windows; where somebody else holds it by then, it stays theirs."""
    unlink, refused = locks.Path.unlink, []

    def refuse_what_is_open(path, **options):
        refused.append(path.name)
        if len(refused) == 1 or held:
            raise PermissionError(errno.EACCES, "the file is open")
        unlink(path, **options)

    with run_dir.lock():
        monkeypatch.setattr(locks.Path, "unlink", refuse_what_is_open)
    assert refused == [".lock", ".lock"]
    assert (run_dir.path / ".lock").exists() == held
    monkeypatch.undo()
    with run_dir.lock():
        assert left_by_locks(run_dir) == [run_dir.path / ".lock"]


@pytest.mark.linux
@pytest.mark.parametrize(
    "number", [None, *NO_LOCKS], ids=lambda number: errno.errorcode.get(number, "kept open")
)
def test_a_lock_file_that_somebody_else_removed_first_is_gone_all_the_same(run_dir, monkeypatch, number):
    """Between a refusal to remove what is open and the next try; or while no lock could be had."""
    unlink = locks.Path.unlink

    def lose(fd, *, blocking):
        (run_dir.path / ".lock").unlink()
        refusing(number)(fd, blocking=blocking)

    def lose_what_is_open(path, **options):
        monkeypatch.setattr(locks.Path, "unlink", unlink)
        unlink(path)
        raise PermissionError(errno.EACCES, "the file is open")

    if number:
        monkeypatch.setattr(locks, "lock_descriptor", lose)
    with run_dir.lock():
        if number is None:
            monkeypatch.setattr(locks.Path, "unlink", lose_what_is_open)
    assert left_by_locks(run_dir) == []


@pytest.mark.linux
def test_no_descriptor_is_left_open(run_dir, monkeypatch):
    """Whether the lock was had, refused, not to be had, or gone in between."""
    lock = locks.lock_descriptor

    def opened():
        return len(list(Path("/proc/self/fd").iterdir()))

    def lose_the_first(fd, *, blocking):
        monkeypatch.setattr(locks, "lock_descriptor", lock)
        (run_dir.path / ".lock").unlink()
        return lock(fd, blocking=blocking)

    before = opened()
    with run_dir.lock():
        assert opened() == before + 1
        with pytest.raises(RunLockedError), RunDir(run_dir.path).lock():
            pytest.fail("two writers")
        assert opened() == before + 1
    assert opened() == before
    monkeypatch.setattr(locks, "lock_descriptor", lose_the_first)
    with run_dir.lock():
        assert opened() == before + 1
    for number in (errno.EIO, errno.ENOLCK):
        monkeypatch.setattr(locks, "lock_descriptor", refusing(number))
        with suppress(OutputError), run_dir.lock():
            assert number == errno.ENOLCK
        assert opened() == before


@pytest.mark.linux
def test_the_lock_names_its_holder_to_those_who_look(run_dir):
    """From the second byte on, which Windows lets others read; whatever stood there before."""
    (run_dir.path / ".lock").write_bytes(b"left by a process with a longer number: 123456789")
    with run_dir.lock():
        assert (run_dir.path / ".lock").read_bytes() == f" pid {os.getpid()}".encode()
