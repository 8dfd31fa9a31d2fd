"""The process that reads what may cost anything: under limits, and replaced when it dies."""

import os
import resource

import pytest

from evalsite.languages import limited
from evalsite.languages.python import PYTHON

pytestmark = [pytest.mark.linux, pytest.mark.xdist_group("hostile")]  # with the bombs, in one reading process


def limits(_message: bytes) -> bytes:
    """Called in that process."""
    taken = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)
    bounded = all(resource.getrlimit(one)[0] != resource.RLIM_INFINITY for one in taken)
    return b"limited" if bounded and os.getppid() != os.getpid() else b""


def take_all(_message: bytes) -> bytes:
    """Called in that process."""
    return bytes(1 << 40)


def test_the_process_that_reads_is_replaced_when_it_dies() -> None:
    """It says of what it died."""
    compiles = f"{PYTHON.reading.__module__}:compile_whatever"
    with pytest.raises(limited.ProcessEndedError, match="brings the compiler down"):
        limited.ask("builtins:exec", b"import os; os.abort()")  # as comprehensions do on 3.11, not on 3.13
    assert limited.ask(compiles, b"x = 1") == b""
    with pytest.raises(limited.ProcessEndedError, match="nested too deeply"):
        limited.ask("no_such_module:function", b"")
    with pytest.raises(limited.ProcessEndedError, match="takes more than 256 MiB"):
        limited.ask(f"{__name__}:take_all", b"")


def test_limits_are_in_force() -> None:
    """The process that reads may not take what it likes."""
    assert limited.ask(f"{__name__}:limits", b"") == b"limited"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (4, "it is nested too deeply"),
        (3, "it takes more than 256 MiB"),
        (-9, "it takes more than 10 s"),
        (-24, "it takes more than 10 s"),
        (-11, "it brings the compiler down"),
        (0, "it brings the compiler down"),
        (9, "it brings the compiler down"),
    ],
)
def test_what_it_died_of_is_told(status, told) -> None:
    """By its status."""
    assert limited._cause(status) == told


def say_limits(_message: bytes) -> bytes:
    """Called in that process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    left = resource.getrlimit(resource.RLIMIT_CPU)[0] - int(used.ru_utime + used.ru_stime)
    core, room = (resource.getrlimit(each)[0] for each in (resource.RLIMIT_CORE, resource.RLIMIT_AS))
    return f"{left} {core} {room >> 20}".encode()


def test_each_call_has_its_own_time_and_all_the_same_room() -> None:
    """No core file is left; the idle process has some megabytes that do not count."""
    left, core, room = map(int, limited.ask(f"{__name__}:say_limits", b"").split())
    assert (left in (10, 11), core) == (True, 0)
    assert 256 <= room < 1024


def test_a_limit_is_lowered_as_far_as_another_lets_us(monkeypatch) -> None:
    """A hard one that is lower stays; it is never raised."""
    asked = []
    monkeypatch.setattr(limited.resource, "setrlimit", lambda which, limits: asked.append(limits))
    for hard in (resource.RLIM_INFINITY, 50, 200):
        monkeypatch.setattr(limited.resource, "getrlimit", lambda which, hard=hard: (0, hard))
        limited._lower(resource.RLIMIT_AS, 100)
    assert asked == [(100, resource.RLIM_INFINITY), (50, 50), (100, 200)]


def give(message: bytes) -> bytes:
    """Called in that process."""
    return message * 2


def test_calls_and_answers_of_any_length_arrive_whole() -> None:
    """One after the other, by one process."""
    for message in (b"", b"x", b"ab" * 100_000):
        assert limited.ask(f"{__name__}:give", message) == message * 2
    first = limited._process
    limited.ask(f"{__name__}:give", b"")
    assert limited._process is first


def test_the_process_ends_with_the_one_that_started_it(monkeypatch) -> None:
    """And not with a fork of that, which has another one as soon as it asks."""
    ended = []

    class Other:
        owner = os.getpid()

        def end(self):
            ended.append(self.owner)

    other = Other()
    monkeypatch.setattr(limited, "_process", None)
    limited._end()
    monkeypatch.setattr(limited, "_process", other)
    limited._end()
    other.owner = 1
    limited._end()
    assert ended == [os.getpid()]
