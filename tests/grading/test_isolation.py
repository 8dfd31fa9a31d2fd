"""What this machine lets a grader do."""

import os
from pathlib import Path

import pytest

from evalsite.errors import SandboxError
from evalsite.grading import isolation

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize(
    ("ids", "lowest", "highest"),
    [(1 << 32, 0x60000000, 0x70000000), (65537, 20000, 65537), (1 << 14, 4000, 1 << 14)],
)
def test_a_workers_user_is_one_that_the_container_knows(monkeypatch, ids, lowest, highest):
    """An ordinary user's container has some ten thousand of them; each worker gets another one."""
    monkeypatch.setattr(isolation, "_most_ids", lambda _: ids)
    found = {isolation.worker_uid(index) for index in range(64)}
    assert len(found) == 64
    assert lowest <= min(found) <= max(found) < highest
    monkeypatch.setattr(isolation, "_most_ids", lambda _: 1)
    assert not isolation.has_own_users()
    assert not isolation.is_real_root()


def test_a_process_of_two_users_is_told_so(monkeypatch):
    """As a set-user-id program starts one: neither sandbox starts then, and no other right would help."""
    isolation.require_one_user()
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    with pytest.raises(SandboxError, match=r"acts as user \d+(.|\n)*sudo -u"):
        isolation.require_one_user()


def say(monkeypatch, **files):
    """Let files below /proc/self say what they are said to; the others are not there."""

    def read(path, **_):
        if path.name not in files:
            raise FileNotFoundError
        return files[path.name]

    monkeypatch.setattr(Path, "read_text", read)


ALL = (1, 6, 7, 8, 21)
OF_CONTAINERS = (0, 1, 3, 5, 6, 7, 8)


@pytest.mark.parametrize(
    ("user", "rights", "ids", "real_root", "own_users"),
    [
        (0, {*ALL, *OF_CONTAINERS, 40}, 4097, True, True),
        (0, ALL, 4097, True, False),
        (0, OF_CONTAINERS, 4097, False, True),
        (0, {*ALL, *OF_CONTAINERS}, 4096, False, False),
        (1, {*ALL, *OF_CONTAINERS}, 4097, False, False),
        *(
            (0, {*ALL, *OF_CONTAINERS} - {number}, 1 << 32, False, number == 21)
            for number in (1, 6, 7, 8, 21)
        ),
        *((0, {*ALL, *OF_CONTAINERS} - {number}, 1 << 32, True, False) for number in (0, 3, 5)),
    ],
)
def test_what_a_root_may_do_is_read_in_proc(monkeypatch, user, rights, ids, real_root, own_users):
    """Namespaces without a user namespace, users of their own for programs: each takes several rights."""
    mask = sum(1 << number for number in rights)
    table = f"0 100000 {ids}\n"
    say(monkeypatch, status=f"Name:\tx\nCapEff:\t{mask:016x}\nCapBnd:\t0\n", uid_map=table, gid_map=table)
    monkeypatch.setattr("os.geteuid", lambda: user)
    assert isolation.capabilities() == set(rights)
    assert (isolation.is_real_root(), isolation.has_own_users()) == (real_root, own_users)


def test_without_proc_nobody_may_do_anything(monkeypatch):
    """The sandbox will say what it lacks; of users there may be as many as anywhere."""
    say(monkeypatch)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert isolation.capabilities() == frozenset()
    assert isolation._most_ids("uid_map") == 1 << 32
    say(monkeypatch, status="Name:\tx\n", uid_map="", gid_map="0 0 10\n100 5 20\n50 1 5\n")
    assert isolation.capabilities() == frozenset()
    assert (isolation._most_ids("uid_map"), isolation._most_ids("gid_map")) == (1, 120)
    assert not isolation._has_room_for_users()


def test_a_hidden_proc_is_named_with_what_mounts_it(monkeypatch):
    """No sandbox does without."""
    isolation.require_proc()
    monkeypatch.setattr(Path, "exists", lambda self: False)
    with pytest.raises(SandboxError, match="no /proc is to be seen here") as caught:
        isolation.require_proc()
    assert "mount -t proc proc /proc" in caught.value.hint
    assert "grade on another machine" in caught.value.hint


@pytest.mark.parametrize(
    ("system", "told"),
    [
        ("darwin", "isolation, and this is macOS"),
        ("win32", "isolation, and this is Windows"),
        ("aix", "isolation"),
    ],
)
def test_another_system_than_linux_is_named_with_the_ways_to_verdicts(monkeypatch, system, told):
    """A container, another machine, a cluster."""
    isolation.require_linux()
    monkeypatch.setattr("sys.platform", system)
    with pytest.raises(SandboxError) as caught:
        isolation.require_linux()
    assert caught.value.message.endswith(told)
    assert all(way in caught.value.hint for way in ("--no-grade", "--in-container", "WSL2", "--dask ADDRESS"))
