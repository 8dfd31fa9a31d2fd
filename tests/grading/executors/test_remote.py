"""Which sandboxes a worker of a cluster keeps, for whom, and how long; tests of a cluster see it work."""

import math
from types import SimpleNamespace

import msgspec
import pytest

from evalsite.errors import SandboxError
from evalsite.grading.executors import remote
from evalsite.rundir.schema import Limits

SETTINGS = remote.Settings(limits=Limits(), sandbox=None, owner="somebody")


class Kept(SimpleNamespace):
    """A sandbox that an owner uses, and whether it was closed."""

    closed = False

    def close(self):
        self.closed = True


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """What the worker has begun for owners."""
    kept = {}
    monkeypatch.setattr(remote, "_started", kept)
    return kept


def test_a_sandbox_is_ended_when_nobody_has_used_it_for_long(started):
    """One that is at work is not, whenever it began; nor is one that was used a while ago."""
    started |= {
        b"at work": Kept(batches=1, used=-math.inf),
        b"used": Kept(batches=0, used=math.inf),
        b"left": Kept(batches=0, used=-math.inf),
    }
    before = dict(started)
    remote._end_idle()
    assert list(started) == [b"at work", b"used"]
    assert [name for name, each in before.items() if each.closed] == [b"left"]


def test_a_sandbox_is_at_work_for_as_long_as_a_batch_is(started):
    """And each batch of its owner counts; used is when the last one ended."""
    settings = msgspec.json.encode(SETTINGS)
    started[settings] = kept = Kept(batches=0, used=-math.inf, executor="its executor")
    kept.batches = 1  # another one is under way, or it would be idle
    with remote._executor(settings, None) as executor:
        assert (executor, kept.batches, kept.used) == ("its executor", 2, -math.inf)
    assert kept.batches == 1
    assert math.isfinite(kept.used)
    remote.end(settings)
    assert (started, kept.closed) == ({}, True)
    remote.end(settings)


def test_a_folder_of_packages_that_the_worker_lacks_is_named(started, tmp_path):
    """Before anything is started."""
    settings = msgspec.structs.replace(SETTINGS, packages=str(tmp_path / "none"))
    with (
        pytest.raises(SandboxError, match=r"it has no folder .*none \(--sandbox-packages\)"),
        remote._executor(msgspec.json.encode(settings), SimpleNamespace(state=SimpleNamespace(nthreads=1))),
    ):
        pass
    assert started == {}
