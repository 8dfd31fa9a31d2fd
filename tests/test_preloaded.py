"""A process of ``tests/preloaded.py`` is what one of ``subprocess`` is."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import preloaded

WAYS = pytest.mark.parametrize("way", [subprocess, preloaded])
ITSELF = """
import json, os, signal, sys
from evalsite.words import text
fds = [n for n in range(200) if os.path.exists(f"/proc/self/fd/{n}") and os.get_inheritable(n)]
print(json.dumps([
    sys.argv, sys.path, sys.flags, sys.stdin.read(), os.getcwd(), dict(os.environ), os.getppid(), fds,
    __name__, repr(__spec__), sorted(name for name in globals() if name[0] != "_"), os.umask(0),
    os.getpid() == os.getsid(0), os.getsid(0) == os.getsid(os.getppid()),
    [str(signal.getsignal(n)) for n in range(1, 32)], sys.stdout.encoding, sys.stderr.errors,
]))
sys.exit(5)
"""

pytestmark = pytest.mark.linux


@pytest.mark.parametrize("own_session", [True, False])
def test_a_process_is_what_it_would_be(environment, tmp_path, own_session):
    """Words, way to modules, streams, folder, variables, session, descriptors, parent, signals, exit code."""

    def itself(way, **more):
        done = way.run(
            [sys.executable, "-c", ITSELF, "a", "b c"], env={**environment, "MORE": "1", **more},
            cwd=tmp_path, input="said\n", start_new_session=own_session, text=True, capture_output=True,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (5, "")
        return done.stdout

    anew = itself(subprocess)
    assert anew == itself(preloaded) == itself(preloaded)
    assert str(os.getpid()) in anew
    assert itself(subprocess, PYTHONIOENCODING="cp437") == itself(preloaded, PYTHONIOENCODING="cp437") != anew


@WAYS
def test_a_command_runs_and_ends_as_asked(way, environment, tmp_path):
    """What it prints, on either stream, and its exit code."""
    for words, code, out, err in (
        (["--version"], 0, "evalsite, version", ""),
        (["report", "nobody"], 5, "", "error[run]: nobody"),
        (["nothing"], 2, "", "No such command"),
    ):
        command = [sys.executable, "-m", "evalsite", *words]
        done = way.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, out in done.stdout, err in done.stderr) == (code, True, True), done


def test_a_program_for_shells_is_what_the_command_is(environment, tmp_path):
    """Words, streams, folder, exit code; several at a time."""
    preloaded.write_program(tmp_path / "evalsite")
    script = """
    ./evalsite --version | tr a-z A-Z; echo n | ./evalsite rm gone || echo $?
    ./evalsite report "no body" 2>&1 || echo $?; cd / && "$OLDPWD"/evalsite report 2>&1 >/dev/null | tail -n 2
    """

    def said():
        done = subprocess.run(["bash", "-c", script], env=environment, cwd=tmp_path, capture_output=True)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    by_fork = said()
    (tmp_path / "evalsite").write_text(f'#!/bin/sh\nexec {sys.executable} -m evalsite "$@"\n')
    assert by_fork == said()
    assert "EVALSITE, VERSION" in by_fork[1]
    assert "no body" in by_fork[1]


@WAYS
def test_a_signal_ends_it(way, environment):
    """And says so, as does Ctrl-C that nobody takes."""
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
        code = "import time; print('here', flush=True); time.sleep(60)"
        with way.Popen([sys.executable, "-c", code], env=environment, stdout=-1, stderr=-1) as process:
            assert process.stdout.readline() == b"here\n"
            assert process.poll() is None
            process.send_signal(number)
            process.communicate()
        assert process.returncode == -number


def test_nothing_is_carried_over(environment):
    """What one process changes, imports or draws by chance is none of the next one's."""
    code = "import random as r, evalsite as e; print(hasattr(e, 'left'), r.random()); e.left = 1"
    words = [sys.executable, "-c", code]
    said = {preloaded.run(words, env=environment, capture_output=True, check=True).stdout for _ in range(3)}
    assert len(said) == 3
    assert all(each.startswith(b"False ") for each in said)


def test_a_long_wait_ends_in_time(environment):
    """With the process killed, as ``subprocess.run`` does it."""
    words = [sys.executable, "-c", "import os, time; os.write(1, b'%d' % os.getpid()); time.sleep(60)"]
    with pytest.raises(subprocess.TimeoutExpired) as told:
        preloaded.run(words, env=environment, capture_output=True, timeout=2)
    assert not Path(f"/proc/{int(told.value.stdout)}").exists()


def test_servers_end_with_whoever_started_them(environment):
    """However that ended."""
    code = (
        "import os, signal, subprocess, sys\nfrom tests import preloaded\n"
        "preloaded.run([sys.executable, '-c', 'pass'])\n"
        "print(*preloaded.servers(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    server = Path(f"/proc/{int(done.stdout)}/cmdline")
    for _ in range(1000):
        if not server.exists() or not server.read_bytes():
            break
        time.sleep(0.01)
    assert not server.exists() or not server.read_bytes(), "it has ended, if only its parent knows"


def test_whoever_ends_a_process_that_forks_is_told(environment, tmp_path):
    """Its neighbours get another one."""
    run = {"env": {**environment, "MORE": "2"}, "cwd": tmp_path, "capture_output": True, "text": True}
    before = preloaded.servers()
    assert preloaded.run([sys.executable, "-c", "print(1)"], **run).stdout == "1\n"
    assert preloaded.ended() == 0
    (new,) = preloaded.servers() - before
    os.kill(new, signal.SIGKILL)
    os.waitid(os.P_PID, new, os.WEXITED | os.WNOWAIT)
    assert preloaded.ended() == 1
    assert new not in preloaded.servers()
    assert preloaded.run([sys.executable, "-c", "print(2)"], **run).stdout == "2\n"
