"""From a sample's start to its end: what is kept of its output, and when its time is over."""

import json
import sys

import pytest

from evalsite.grading.inside import watching
from evalsite.grading.inside.watching import OUTPUT_TAIL, Tail
from tests import preloaded
from tests.conftest import ROOT

pytestmark = pytest.mark.linux


@pytest.mark.parametrize(
    ("head", "pieces", "kept"),
    [
        (0, [b"abc", b"de"], b"abcde"),
        (0, [b"a" * 4096, b"b"], b"a" * 4095 + b"b"),
        (2, [b"abc", b"de"], b"abcde"),
        (2, [b"a", b"bc", b"x" * 5000], b"ab" + b"x" * 4096),
        (4, [b"ab"], b"ab"),
        (0, [], b""),
    ],
)
def test_the_end_of_what_was_written_is_kept_and_so_much_of_its_beginning(head, pieces, kept):
    """However it came."""
    tail = Tail(head)
    for piece in pieces:
        tail.add(piece)
    assert tail.kept() == kept
    assert OUTPUT_TAIL == 4096


class StillPace:
    """Of a processor that nothing disturbs."""

    def slowness(self):
        return 1.0


class FakeClocks:
    """Those of a sample that has used so much."""

    are_many = False

    def __init__(self, used):
        self.seconds = used

    def used(self):
        return self.seconds


def consumption(used=0.0, tests=None, cpu_s=1.0):
    """That of a sample that has used so much."""
    found = watching._Consumption(tests, cpu_s, StillPace())
    found._clocks = FakeClocks(used)
    return found


@pytest.mark.parametrize(
    ("used", "by_tests", "cause"),
    [
        (0.99, 0.0, b""), (1.0, 0.0, b"cpu"), (0.0, 1.99, b""), (0.0, 2.0, b"tests"), (1.0, 2.0, b"cpu"),
    ],
)  # fmt: skip
def test_a_sample_and_its_tests_have_their_time_each(monkeypatch, used, by_tests, cause):
    """The tests twice as much; what they used for others before does not count."""
    clock = [5.0]
    monkeypatch.setattr(watching, "cpu_used", lambda pid: clock[0])
    found = consumption(used, tests=7)
    clock[0] += by_tests
    assert found.look(None) == cause
    assert (found.used, found.used_by_tests) == (used, pytest.approx(by_tests))


def test_tests_that_have_gone_have_used_nothing_more(monkeypatch):
    """And without a process of their own there is nothing to look at."""
    clock = [5.0]
    monkeypatch.setattr(watching, "cpu_used", lambda pid: clock[0])
    found = consumption(tests=7)
    clock[0] = None
    assert (found.look(None), found.used_by_tests) == (b"", 0.0)
    assert (consumption().look(None), consumption().used_by_tests) == (b"", 0.0)


def test_looks_come_when_the_limit_may_be_met():
    """First after half of it, then more often; never at once, and soon where others were begun."""
    found = consumption(0.9)
    assert found.until_look() == 0.5
    found.look(None)
    assert found.until_look() == pytest.approx(0.1)
    found._clocks.seconds = 0.999
    found.look(None)
    assert found.until_look() == 0.01
    assert not found.are_many
    found = consumption(0.0, cpu_s=10.0)
    assert found.until_look() == 5.0
    found._clocks.are_many = True
    assert found.are_many
    assert found.until_look() == 0.1
    assert not watching._Consumption(None, 1.0, StillPace()).are_many


def test_who_has_used_a_twentieth_is_at_work():
    """Together with the tests."""
    found = consumption()
    found.used, found.used_by_tests = 0.3, 0.25
    assert found.is_at_work(10.0)
    assert not found.is_at_work(11.0)


ALONE = """
import json, os, sys, time
from evalsite.grading.inside import watching
from evalsite.grading.inside.messages import Request
from tests.grading.inside.test_watching import StillPace

work, limits, has_gone = json.load(sys.stdin)
told = {
    "cpu_s": 5, "wall_s": 5, "memory": 1 << 30, "file_size": 1, "processes": 1, "output": 100, **limits
}
grader, asking = os.pipe()
output, out = os.pipe()
refusals, refused = os.pipe()
for each in (output, refusals):
    os.set_blocking(each, False)
if has_gone:
    os.close(asking)
watch = watching.Watch(Request(**told), grader, None, StillPace())
pid = os.fork()
if pid == 0:
    try:
        exec(work)
    finally:
        os._exit(3)
os.close(out)
os.close(refused)
started = watching.Started(pid, None, output, refusals, time.monotonic())
(cause, status, *_), kept = watch.until_end(started)
print(json.dumps([cause.decode(), status, kept.decode(), started.is_unconfined()]))
"""
"""A sample is watched by a process that has no other children: all that it has end with the sample."""


def end_of(work, *, has_gone=False, **limits):
    """How a child that does some work ends: cause, status, output, whether it was confined."""
    done = preloaded.run(
        [sys.executable, "-c", ALONE],
        input=json.dumps([work, limits, has_gone]),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("work", "limits", "found"),
    [
        ("os.write(out, b'words')", {}, ["", 3, "words", False]),
        ("os.write(out, b'x' * 100)", {}, ["", 3, "x" * 100, False]),
        ("os.write(out, b'x' * 101)", {}, ["output", 3, "x" * 101, False]),
        ("os._exit(0)", {}, ["", 0, "", False]),
        ("os.kill(os.getpid(), 10)", {}, ["", -10, "", False]),
        ("os.write(refused, b'x')", {}, ["", 3, "", True]),
        ("time.sleep(9)", {"wall_s": 0.1}, ["wall", -9, "", False]),
    ],
    ids=[
        "it speaks",
        "it speaks enough",
        "it speaks too much",
        "it leaves",
        "it crashes",
        "it is refused",
        "it sleeps",
    ],
)
def test_a_sample_ends_by_itself_or_is_ended(work, limits, found):
    """With its cause, its status and its output."""
    cause, status, *said = end_of(work, **limits)
    if found[0] == "output":
        status = 3  # it may have been killed on its way out
    assert [cause, status, *said] == found


def test_a_sample_ends_with_whoever_asked_for_it():
    """Nobody is left to hear of it."""
    assert end_of("time.sleep(9)", has_gone=True)[:2] == ["grader", -9]
