"""What samples may write to: measured, and clean again after each. Folders of this host; no sandbox."""

import os

import pytest

from evalsite.grading.inside import disk
from evalsite.grading.inside.disk import Folder, PrivateFolder
from evalsite.grading.inside.setup import Setup

pytestmark = pytest.mark.linux


def setup_of(work, **changes):
    """What a fork server is told."""
    told = {
        "has_namespaces": False, "makes_promises": True, "uid": None, "work": str(work), "disk": 1 << 20,
        "readable": [], "listable": [], "packages": [], "packages_stay": False, "imports": [],
    }  # fmt: skip
    return Setup(**{**told, **changes})


@pytest.fixture
def private(tmp_path):
    """A folder for samples in one of a fork server's own."""
    (tmp_path / "own").mkdir()
    return PrivateFolder(setup_of(tmp_path / "own" / "work"))


def test_there_is_a_file_for_each_sixteen_kilobytes():
    """And some for a small disk."""
    most = [disk._most_files(setup_of("/x", disk=size)) for size in (1, 1 << 22, 1 << 23, 100 << 20)]
    assert most == [256, 256, 512, 6400]


def test_a_folder_that_nothing_happened_to_is_kept(private, tmp_path):
    """Another one is made as soon as anything has, which nobody else may enter."""
    work = tmp_path / "own" / "work"
    assert private.clean_up() is False
    for spoil in (lambda: (work / "file").touch(), lambda: work.chmod(0o777)):
        spoil()
        assert private.clean_up() is True
        assert (list(work.iterdir()), work.stat().st_mode & 0o777) == ([], 0o700)
        assert private.clean_up() is False
    assert private.renew() is True
    private.remove()
    assert not (tmp_path / "own").exists()


def test_files_that_are_too_large_together_are_found(private, tmp_path):
    """By the blocks that they take, in folders, too; what a link leads to does not count."""
    work = tmp_path / "own" / "work"
    (tmp_path / "large").write_bytes(b"x" * (2 << 20))
    private.begin()
    assert not private.is_overfull()
    (work / "link").symlink_to(tmp_path / "large")
    (work / "sparse").touch()
    os.truncate(work / "sparse", 1 << 40)
    assert not private.is_overfull()
    (work / "inner" / "most").mkdir(parents=True)
    (work / "inner" / "most" / "file").write_bytes(b"x" * (1 << 19))
    assert not private.is_overfull()
    (work / "other").write_bytes(b"x" * (1 << 19))
    assert private.is_overfull()
    size, number = disk._measure(str(work))
    assert 1 << 20 <= size <= (1 << 20) + (1 << 16)
    assert number == 6


def test_files_that_are_too_many_are_found(private, tmp_path):
    """As many as there may be, and one more."""
    private.begin()
    for number in range(256):
        (tmp_path / "own" / "work" / str(number)).touch()
    assert not private.is_overfull()
    (tmp_path / "own" / "work" / "more").touch()
    assert private.is_overfull()


def test_what_is_hidden_is_found_by_the_room_that_is_left(private, tmp_path, monkeypatch):
    """A removed file that is open is nowhere to be seen; others write to the same disk, too."""
    room = {"left": 1 << 30}
    monkeypatch.setattr(PrivateFolder, "_free", lambda self: room["left"])
    private.begin()
    (tmp_path / "own" / "work" / "file").touch()
    room["left"] -= 16 << 20
    assert not private.is_overfull()
    room["left"] -= 1
    assert private.is_overfull()


def test_the_room_that_is_left_is_that_of_the_disk(private, tmp_path):
    """In bytes, as far as it is not root's alone."""
    found = os.statvfs(tmp_path)
    assert abs(private._free() - found.f_bavail * found.f_frsize) < 1 << 30


def test_a_tree_is_removed_however_it_was_left(private, tmp_path):
    """Deeper than a path is long, without rights, with links out of it that nobody follows."""
    work, outside = tmp_path / "own" / "work", tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    (work / "link").symlink_to(outside)
    (work / "closed" / "inner").mkdir(parents=True)
    (work / "closed" / "inner" / "file").touch()
    (work / "closed" / "inner").chmod(0)
    (work / "closed").chmod(0)
    folder = os.open(work, os.O_RDONLY)
    for _ in range(50):
        os.mkdir("d" * 200, dir_fd=folder)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = deeper
    os.close(folder)
    private.remove()
    assert [each.name for each in tmp_path.iterdir()] == ["outside"]
    assert (outside / "kept").exists()


def test_a_folder_that_cannot_be_read_counts_as_too_large(private, tmp_path, monkeypatch):
    """No honest program makes one; one that has just gone counts for nothing."""
    work = tmp_path / "own" / "work"
    (work / "inner").mkdir()
    real = os.scandir

    def refusing(error):
        def scan(path):
            if str(path).endswith("inner"):
                raise error
            return real(path)

        return scan

    monkeypatch.setattr(disk.os, "scandir", refusing(PermissionError()))
    assert disk._measure(str(work)) == (disk.sys.maxsize, 1)
    monkeypatch.setattr(disk.os, "scandir", refusing(FileNotFoundError()))
    size, number = disk._measure(str(work))
    assert size < 1 << 20
    assert number == 1


def test_a_folder_of_the_hosts_stays_the_same_folder(tmp_path):
    """Emptied after each sample; nothing outside of it goes."""
    work, outside = tmp_path / "work", tmp_path / "outside"
    for folder in (work, outside):
        folder.mkdir()
    (outside / "kept").touch()
    before = work.stat().st_ino
    shared = disk.disk_of(setup_of(work, makes_promises=False))
    assert type(shared) is Folder
    (work / "link").symlink_to(outside)
    (work / "inner").mkdir()
    (work / "inner" / "file").touch()
    (work / "inner").chmod(0)
    assert shared.clean_up() is False
    assert shared.is_overfull() is False
    assert (list(work.iterdir()), work.stat().st_ino) == ([], before)
    (work / "file").touch()
    assert shared.renew() is False
    shared.remove()
    assert not work.exists()
    assert (outside / "kept").exists()
