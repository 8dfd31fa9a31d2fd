"""Servers that a sweep starts: waited for, one a slot, and gone with all they started, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evalsite.errors import EndpointError
from evalsite.sweep import keeper
from evalsite.sweep.plan import ModelEntry
from evalsite.sweep.servers import Slots, _free

pytestmark = pytest.mark.linux

SERVER = Path(__file__).with_name("server.py")


def model(name, log="asked.txt", **fields):
    """One whose server is the tests' own."""
    return ModelEntry(
        name=name, command=f"env PYTHONPATH={os.environ.get('PYTHONPATH', '')}:{SERVER.parents[2]} "
        f"{sys.executable} {SERVER} {{port}} {name} {log}", **fields,
    )  # fmt: skip


def living(folder):
    """The processes that work in a folder: servers, and whatever they started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if (entry / "cwd").readlink() == folder and (entry / "stat").read_text().split()[2] != "Z":
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def are_gone(folder, patience=600):
    """Whether nothing works there any more, after as long as a busy machine may take."""
    for _ in range(patience):
        if not living(folder):
            return True
        time.sleep(0.1)
    return False


def test_a_slot_holds_one_server_and_the_same_is_not_started_twice(tmp_path):
    """Another of the slot takes its place; one of another slot stays; at the end nothing is left."""
    begun = time.monotonic()
    with Slots(tmp_path, tmp_path / "logs") as slots:
        first = slots.base(model("a"), None)
        assert 0 <= slots.loads["a"] <= time.monotonic() - begun + 0.1
        other = slots.base(model("c", slot="other"), None)
        assert slots.base(model("a"), None) == first
        before = set(living(tmp_path))
        second = slots.base(model("b"), None)
        assert len({first, second, other}) == 3 or second == first
        assert slots.base(model("c", slot="other"), None) == other
        assert set(living(tmp_path)) & before < before
        assert living(tmp_path)
    assert are_gone(tmp_path)


def test_a_server_that_does_not_come_up_is_told_with_its_last_words(tmp_path):
    """One that ends, one that cannot be started, and one that takes too long."""
    with Slots(tmp_path, tmp_path / "logs") as slots:
        with pytest.raises(EndpointError, match="exit code 1; it said last:\nno such weights"):
            slots.base(model("broken"), None)
        with pytest.raises(EndpointError, match="nowhere: No such file"):
            slots.base(ModelEntry(name="n", command="/nowhere {port}"), None)
        with pytest.raises(EndpointError, match=r"not ready after 0.2 s"):
            slots.base(ModelEntry(name="slow", command="sleep 1000", load_s=0.2), None)
    assert are_gone(tmp_path)


@pytest.fixture
def kept(tmp_path):
    """A program that keeps a server: its process, and the two that keep, the outer one first."""
    words = [sys.executable, "-I", keeper.__file__, "sh", "-c", "setsid sleep 1000 & sleep 1000"]
    holds = (
        "import subprocess, sys, time\n"
        f"kept = subprocess.Popen({words!r}, stdin=subprocess.PIPE, start_new_session=True)\n"
        "print(kept.pid, flush=True)\ntime.sleep(1000)"
    )
    holder = subprocess.Popen([sys.executable, "-c", holds], cwd=tmp_path, stdout=subprocess.PIPE)
    outer = int(holder.stdout.readline())
    for _ in range(600):
        if len(living(tmp_path)) >= 6:  # holder, two that keep, shell and two that sleep
            break
        time.sleep(0.1)
    assert len(living(tmp_path)) >= 6
    (inner,) = map(int, Path(f"/proc/{outer}/task/{outer}/children").read_text().split())
    yield holder, outer, inner
    holder.kill()
    holder.wait()
    holder.stdout.close()


def test_who_holds_the_pipe_is_killed_and_the_server_goes_with_it(kept, tmp_path):
    """SIGKILL leaves no time for anything: the keeper sees the pipe close."""
    kept[0].kill()
    kept[0].wait()
    assert are_gone(tmp_path)


@pytest.mark.parametrize("which", [1, 2], ids=["outer", "inner"])
def test_a_keeper_is_killed_and_all_that_it_kept_goes_with_it(kept, tmp_path, which):
    """Also what the server had started in a session of its own."""
    holder = kept[0]
    os.kill(kept[which], signal.SIGKILL)
    for _ in range(600):
        if living(tmp_path) == [holder.pid]:
            break
        time.sleep(0.1)
    assert living(tmp_path) == [holder.pid]


def test_a_port_is_kept_where_it_is_free():
    """So that a run that goes on is asked at the address that it recorded."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert _free(port) != port
    assert _free(port) == port
