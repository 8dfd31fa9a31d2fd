"""How much room there is, in words: which of a process's limits are in the way, and which are not."""

import os
import sys

import pytest

from evalsite.machine import room as module
from evalsite.machine.room import Room, keep_bytecode_whole, limits_set, pool_size, raise_open_files, room

pytestmark = pytest.mark.linux
ENDLESS = -1


@pytest.fixture
def limits(monkeypatch):
    """What ``ulimit`` would show: none, but for what a test puts in; soft and hard ones alike."""
    import resource

    found = {}
    told = ("RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_NPROC")
    names = {getattr(resource, name): name for name in told}
    monkeypatch.setattr(
        resource, "getrlimit", lambda number: found.get(names.get(number), (ENDLESS, ENDLESS))
    )
    monkeypatch.setattr(resource, "setrlimit", lambda number, pair: found.update({names[number]: pair}))
    return found


@pytest.mark.parametrize(
    ("here", "told"),
    [
        (Room(), ""),
        (Room(most_files=1024, processes=256, memory=1 << 30), ""),
        (Room(most_files=1023), "1023 open files (ulimit -n)"),
        (
            Room(processes=255, processes_limit="the limit of 300 processes for this user (ulimit -u)"),
            "the limit of 300 processes for this user (ulimit -u), of which 255 are left",
        ),
        (
            Room(address_space=1, address_space_limit="1 MiB of memory for one process (ulimit -v)"),
            "1 MiB of memory for one process (ulimit -v)",
        ),
        (
            Room(memory=(1 << 30) - 1, memory_limit="this machine's memory"),
            "this machine's memory, of which 1023 MiB are left",
        ),
        (Room(file_size=2048, most_files=9), "9 open files (ulimit -n); 2 KiB for a file (ulimit -f)"),
    ],
)
def test_limits_that_are_in_the_way_are_told(monkeypatch, here, told):
    """With the command that shows them, and what is left of them."""
    monkeypatch.setattr(module, "room", lambda: here)
    assert limits_set() == told


def test_a_process_without_limits_has_none(limits):
    """Nothing is told of what is not limited."""
    here = room()
    assert (here.files, here.most_files, here.file_size) == (None, None, None)


def test_a_processs_own_limits_are_read(limits):
    """In bytes and numbers, with what is left of open files."""
    limits |= {"RLIMIT_AS": (3 << 20, 3 << 20), "RLIMIT_NOFILE": (500, 900), "RLIMIT_FSIZE": (7, 7)}
    here = room()
    assert here.address_space == 3 << 20
    assert here.address_space_limit == "3 MiB of memory for one process (ulimit -v)"
    assert (here.most_files, here.file_size) == (500, 7)
    assert 0 < here.files < 500
    raise_open_files()
    assert limits["RLIMIT_NOFILE"] == (900, 900)
    limits["RLIMIT_NOFILE"] = (2, 2)
    assert room().files == 0


def test_files_are_not_asked_for_where_there_is_no_limit(limits):
    """Not all systems allow that."""
    limits["RLIMIT_NOFILE"] = (ENDLESS, 900)
    raise_open_files()
    assert limits["RLIMIT_NOFILE"] == (ENDLESS, 900)


@pytest.mark.parametrize(("limit", "left"), [(1, 0), (1 << 20, None)])
def test_a_users_processes_count_against_the_users_limit(limits, monkeypatch, limit, left):
    """All of them, wherever they run; the superuser has no such limit."""
    limits["RLIMIT_NPROC"] = (limit, limit)
    monkeypatch.setattr(module.ControlGroups, "processes_left", lambda _: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert room().processes is None
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    here = room()
    assert here.processes_limit == f"the limit of {limit} processes for this user (ulimit -u)"
    assert here.processes == 0 if left == 0 else 0 < here.processes < limit
    monkeypatch.setattr(module.ControlGroups, "processes_left", lambda _: -1)
    assert room().processes_limit == "the container's limit on processes (cgroup pids.max)"


@pytest.mark.parametrize(("most", "kept"), [(1024, False), (1 << 30, True)])
def test_byte_code_is_kept_whole_or_not_at_all(limits, monkeypatch, most, kept):
    """Python would write a part of it where files may not grow."""
    limits["RLIMIT_FSIZE"] = (most, most)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    keep_bytecode_whole()
    assert sys.dont_write_bytecode is not kept
    assert ("PYTHONDONTWRITEBYTECODE" in os.environ) is not kept


@pytest.mark.parametrize(
    ("here", "size"),
    [
        (Room(), 6),
        (Room(files=47), 1),
        (Room(files=48), 6),
        (Room(processes=20), 6),
        (Room(processes=14), 3),
        (Room(processes=4), 1),
        (Room(memory=300 << 20), 2),
        (Room(memory=0), 1),
        (Room(address_space=300 << 20), 1),
        (Room(address_space=1 << 30), 6),
    ],
)
def test_a_pool_has_as_many_processes_as_there_is_room_for(monkeypatch, here, size):
    """One is nobody but who asks."""
    monkeypatch.setattr(module, "room", lambda: here)
    assert pool_size(6) == size
