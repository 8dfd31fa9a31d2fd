"""How many workers fit, and what a machine cannot give."""

import pytest

from evalsite.errors import SandboxError
from evalsite.grading.executors import fitting
from evalsite.machine.room import Room
from evalsite.rundir.schema import Limits
from evalsite.rundir.taxonomy import VerdictClass

GIB = 1 << 30
LIMITS = Limits()
MEMORY = "the container's memory limit"
SPARSE = {"memory_limit": MEMORY, "processes_limit": "pids.max", "address_space_limit": "ulimit -v"}

FITTING = (
    ({}, 8, 8, ""),
    ({"memory": 64 * GIB, "processes": 90_000, "files": 1000}, 200, 200, ""),
    ({"memory": GIB // 2}, 64, 9, MEMORY),
    ({"memory": 8 * GIB, "kills_all_at_once": True}, 64, 7, MEMORY),
    ({"memory": GIB // 16}, 64, 1, MEMORY),
    ({"memory": 4 * GIB}, None, 3, MEMORY),
    ({"memory": 100 * GIB}, None, 16, ""),
    ({"processes": 60}, 8, 4, "pids.max"),
    ({"processes": 3}, 8, 1, "pids.max"),
    ({"files": 128 - 6}, 64, 24, "ulimit -n"),
    ({"files": 1024 - 6}, 240, 240, ""),
)


@pytest.mark.parametrize(("here", "asked", "workers", "why"), FITTING)
def test_as_many_workers_start_as_there_is_room_for(here, asked, workers, why, monkeypatch):
    """One for each of 16 processors unless asked for otherwise; whatever bites is named."""
    monkeypatch.setattr(fitting, "usable_cpus", lambda: 16)
    found = fitting.fit(asked, LIMITS, Room(**SPARSE, **here))
    assert found.workers == workers
    told = [note for note in found.notes if "instead of" in note]
    assert len(told) == bool(why)
    assert all(why in note and str(asked or 16) in note for note in told)


SCARCE = (
    ({"processes": 70}, VerdictClass.PROCESS_LIMIT, "pids.max"),
    ({"address_space": GIB // 2}, VerdictClass.MEMORY_LIMIT, "ulimit -v"),
    ({"file_size": 1 << 20}, VerdictClass.FILE_LIMIT, "1024 KiB for a file (ulimit -f)"),
    ({"most_files": 32}, VerdictClass.FILE_LIMIT, "32 open files (ulimit -n)"),
)


@pytest.mark.parametrize(("here", "kind", "why"), SCARCE)
def test_what_a_sample_may_have_and_cannot_is_told(here, kind, why):
    """A verdict of that kind may be the machine's doing."""
    found = fitting.fit(1, LIMITS, Room(**SPARSE, **here))
    assert list(found.scarce) == [kind]
    assert why in found.scarce[kind]
    assert any(why in note and "no verdict here" in note for note in found.notes)


def test_memory_is_held_against_what_a_sample_may_use():
    """By --memory-limit."""
    short = Room(memory=300 << 20, memory_limit=MEMORY)
    assert any("1024 MiB (--memory-limit)" in note for note in fitting.fit(1, LIMITS, short).notes)
    assert not fitting.fit(1, Limits(memory_mib=128), short).notes


def test_too_few_files_are_refused():
    """Or every sample would take its worker with it."""
    with pytest.raises(SandboxError, match="10 files here") as refused:
        fitting.fit(1, LIMITS, Room(most_files=10))
    assert "ulimit -n 4096" in refused.value.hint


MIB = 1 << 20
BOUNDS = (
    ({"processes": LIMITS.processes + 13}, "process_limit"),
    ({"address_space": (LIMITS.memory_mib + 64) * MIB}, "memory_limit"),
    ({"file_size": LIMITS.file_mib * MIB}, "file_limit"),
    ({"most_files": 65}, "file_limit"),
)


@pytest.mark.parametrize(("here", "kind"), BOUNDS)
def test_what_is_just_enough_is_not_scarce(here, kind):
    """And one less is."""
    assert fitting.fit(1, LIMITS, Room(**SPARSE, **here)).scarce == {}
    ((name, most),) = here.items()
    assert list(fitting.fit(1, LIMITS, Room(**SPARSE, **{name: most - 1})).scarce) == [kind]


def test_of_two_limits_of_files_the_one_on_open_files_is_told():
    """Which a program meets sooner."""
    found = fitting.fit(1, LIMITS, Room(most_files=32, file_size=1))
    assert found.scarce == {VerdictClass.FILE_LIMIT: "the limit of 32 open files (ulimit -n)"}


def test_memory_that_is_just_enough_is_not_short():
    """With what a worker itself takes."""
    enough = (100 + 48) * MIB
    assert not fitting.is_short_of_memory(100, Room(memory=enough))
    assert fitting.is_short_of_memory(100, Room(memory=enough - 1))
    assert not fitting.is_short_of_memory(100, Room())


def test_sixteen_files_are_the_fewest():
    """One less is refused; the reason has both figures."""
    fitting.fit(1, LIMITS, Room(most_files=16))
    with pytest.raises(SandboxError, match=r"15 files here \(ulimit -n\), and grading needs 16"):
        fitting.fit(1, LIMITS, Room(most_files=15))


def test_each_worker_takes_its_share_of_what_there_is():
    """One more fits as soon as there is that much more."""
    for name, own, each in (("memory", 64 * MIB, 48 * MIB), ("processes", 8, 13), ("files", 24, 4)):
        for less, workers in ((0, 5), (1, 4)):
            assert fitting.fit(9, LIMITS, Room(**{name: own + 5 * each - less})).workers == workers, name
    (note,) = fitting.fit(9, LIMITS, Room(files=28)).notes
    assert note == "1 worker instead of 9: the limit on open files (ulimit -n) leaves no room for more"
