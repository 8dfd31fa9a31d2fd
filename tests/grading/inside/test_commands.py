"""What commands read, and what they leave for the next: files of this host, no command run."""

import os
import resource
import select
import threading

import pytest

from evalsite.grading.inside import commands
from evalsite.grading.inside.commands import Commands
from evalsite.grading.inside.messages import Request
from tests.grading.inside.test_disk import setup_of

pytestmark = pytest.mark.linux


@pytest.fixture
def server(tmp_path):
    """One that serves nobody."""
    for name in ("work", "built"):
        (tmp_path / name).mkdir()
    found = Commands.__new__(Commands)
    found.setup = setup_of(tmp_path / "work")
    found.built = str(tmp_path / "built")
    return found


def test_a_file_that_commands_read_is_everybodys_to_read(server, tmp_path):
    """In folders that are made for it, which anybody may enter."""
    server._write("src/main.x", b"text")
    server._write("run", b"\xff")
    assert (tmp_path / "work" / "src" / "main.x").read_bytes() == b"text"
    assert (tmp_path / "work" / "run").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "work" / "src").stat().st_mode & 0o777 == 0o755


def test_what_a_command_leaves_is_kept_with_its_right_to_be_run(server, tmp_path):
    """Files and folders of files, for others to read and run, and for nobody to change."""
    work, built = tmp_path / "work", tmp_path / "built"
    (work / "classes" / "inner").mkdir(parents=True)
    (work / "classes" / "inner" / "A.class").write_bytes(b"a")
    (work / "program").write_bytes(b"run me")
    (work / "program").chmod(0o100 | 0o600)
    assert server._keep(["program", "classes"], 100)
    assert ((built / "program").read_bytes(), (built / "program").stat().st_mode & 0o777) == (
        b"run me",
        0o755,
    )
    assert (built / "classes" / "inner" / "A.class").read_bytes() == b"a"
    assert (built / "classes" / "inner" / "A.class").stat().st_mode & 0o777 == 0o644


def test_what_is_kept_is_as_large_as_it_may_be(server, tmp_path):
    """All files together."""
    for name in ("one", "two"):
        (tmp_path / "work" / name).write_bytes(b"12345")
    assert server._keep(["one", "two"], 10)
    assert not server._keep(["one", "two"], 9)
    assert server._keep(["one"], 5)
    assert not server._keep(["one"], 4)


def test_what_is_no_plain_file_is_not_kept(server, tmp_path):
    """A link would lead to what a program may not read, a pipe would be waited for."""
    work = tmp_path / "work"
    (tmp_path / "secret").write_bytes(b"x")
    (work / "link").symlink_to(tmp_path / "secret")
    (work / "folder").symlink_to(tmp_path)
    os.mkfifo(work / "pipe")
    for name in ("link", "folder", "pipe", "missing"):
        assert not server._keep([name], 1 << 20), name
        assert not (tmp_path / "built" / name).exists()


def test_the_folder_of_what_is_left_is_renewed(server, tmp_path):
    """As an empty one that others may enter."""
    (tmp_path / "built" / "old").touch()
    server._renew_built()
    assert list((tmp_path / "built").iterdir()) == []
    assert (tmp_path / "built").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("size", [0, 5, 1 << 16, (1 << 16) + 1, 1 << 20])
def test_a_command_gets_all_that_it_reads(size):
    """And then its end; who never reads keeps nobody waiting."""
    reading, writing = os.pipe()
    data = os.urandom(16) * (size // 16 + 1)
    commands._feed(writing, data[:size])
    read = b""
    while (ready := select.select([reading], [], [], 5)[0]) and (piece := os.read(reading, 1 << 16)):
        read += piece
    assert ready, "which is what it waits for"
    assert read == data[:size]
    os.close(reading)


def test_a_command_that_does_not_read_is_no_error():
    """Its end of the pipe has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    before = threading.active_count()
    commands._feed(writing, b"x")
    assert threading.active_count() == before


@pytest.mark.parametrize(("uid", "processes"), [(7, 4), (None, None)])
def test_a_command_may_use_so_much_and_reserve_more(server, monkeypatch, tmp_path, uid, processes):
    """One process more than programs may have, for it starts them; none are counted of a user with others."""
    taken = []
    monkeypatch.setattr(commands.lockdown, "limits", lambda *limits: limits)
    monkeypatch.setattr(commands.lockdown, "make", taken.append)
    monkeypatch.setattr(commands.lockdown, "set_limit", lambda *limits: taken.append(limits))
    server.setup = setup_of(tmp_path / "work", uid=uid)
    server._limit(Request(2.5, 9, 1000, 77, 3, 1), 500)
    assert taken == [
        (2.5, 1500, 77, processes),
        (resource.RLIMIT_DATA, 1000, 1000),
        (resource.RLIMIT_NOFILE, 512, 512),
    ]
