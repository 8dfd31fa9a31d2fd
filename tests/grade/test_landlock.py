"""The sandbox without namespaces: by itself where bubblewrap does not start, whoever runs it, on every kernel
that can keep its promises, and on no other.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from evalsite.errors import SandboxError
from evalsite.grade import in_place, isolation
from evalsite.grade.engine import Grader
from evalsite.grade.executors.local import LocalExecutor, Server
from evalsite.grade.inside.plan import PROMISED
from evalsite.grade.likeness import likeness
from evalsite.languages.running import PLAIN
from tests.grade import container
from tests.grade.helpers import QUICK, RIGHT, Offspring, make_job, verdict_of
from tests.grade.ordinary import ordinary_user

pytestmark = pytest.mark.sandbox

KERNEL = 7
"""The newest version of Landlock whose rights are used here; later ones add none."""
WITH_HONEST_CHILDREN = """
import os, shutil, subprocess, sys, tempfile, threading

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "a"), "w") as file:
        file.write("text")
    shutil.copy2(file.name, file.name + "2")
    os.truncate(file.name, 2) if {truncates} else None
    assert os.stat(file.name).st_size == (2 if {truncates} else 4)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
if {signals}:
    child.kill()
    assert child.wait() == -9
os.kill(os.getpid(), 0)
threads = [threading.Thread(target=sum, args=([],)) for _ in range(10)]
for thread in threads:
    thread.start()
"""
REACHING_OUT = """
import os

def tried(action, *arguments):
    try:
        action(*arguments)
    except OSError:
        return
    raise SystemExit(f"{action} {arguments}")

tried(os.kill, os.getppid(), 0)
tried(os.truncate, "OUTSIDE", 0)
tried(open, "OUTSIDE", "rb")
tried(os.open, "OUTSIDE", os.O_WRONLY)
tried(os.open, os.__file__, os.O_RDONLY | os.O_TRUNC)
"""


@contextlib.contextmanager
def belonging_to(whom):
    """Let programs be users of their own, as root can, or belong to an ordinary user."""
    with ordinary_user() if whom == "a user" else contextlib.nullcontext():
        yield


def with_landlock(monkeypatch, version, more=""):
    """Let fork servers know no more than this version."""
    begin = f"{more}server.lockdown.landlock_version = lambda: {version}; server.main()"
    monkeypatch.setattr(isolation, "_BOOTSTRAP", isolation._BOOTSTRAP.replace("server.main()", begin))


@pytest.fixture
def outside(tmp_path):
    """A file that everybody may read and write, as far as its mode goes."""
    path = tmp_path / "outside"
    path.write_text("whole")
    path.chmod(0o666)
    return path


@pytest.mark.parametrize("whom", ["users of their own", "a user"])
@pytest.mark.parametrize("version", range(1, KERNEL + 1))
def test_every_version_keeps_every_promise(monkeypatch, outside, version, whom):
    """What a version lacks is refused by the filter, at the price of some honest calls; nothing gets out."""
    with_landlock(monkeypatch, version)
    with belonging_to(whom), Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        assert f"landlock-{version}" in grader.conditions.layers
        honest = WITH_HONEST_CHILDREN.format(truncates=version >= 3, signals=version >= 6) + RIGHT
        verdict = verdict_of(grader, honest)
        assert (verdict.verdict, verdict.traceback) == ("passed", "")
        verdict = verdict_of(grader, REACHING_OUT.replace("OUTSIDE", str(outside)) + RIGHT)
        assert (verdict.verdict, verdict.message) == ("passed", "")
    assert outside.read_text() == "whole"
    assert Path(os.__file__).stat().st_size > 1000


@pytest.mark.parametrize("whom", ["users of their own", "a user"])
def test_the_doctor_tries_every_promise(outside, whom):
    """From inside, each in a process that is confined as a program is."""
    with belonging_to(whom):
        server = Server("landlock", QUICK, environment=PLAIN, index=0)
        found = server.probe(str(outside))
        server.close()
    assert PROMISED.keys() <= found.keys()
    assert set(found.values()) == {""}


@pytest.mark.parametrize(
    ("version", "more", "promise"),
    [
        (0, "", "files"),
        (KERNEL, "server.filtering.platform.machine = lambda: 'z80'; ", "network"),
        (KERNEL, "server.lockdown.enter_landlock = lambda _: None; ", "files"),
        (KERNEL, "server.filtering.calls.OF_ANOTHER.clear(); ", "signals"),
        (KERNEL, "server.filtering.calls.GROUPS.clear(); ", "leftovers"),
        (KERNEL, "del server.filtering.calls.KILLED['ptrace']; ", "tracing"),
        (KERNEL, "del server.filtering.calls.REFUSED['shmget']; ", "shared-objects"),
        (KERNEL, "del server.filtering.calls.REFUSED['socket']; ", "network"),
    ],
)  # fmt: skip
def test_a_promise_that_cannot_be_kept_is_refused_by_its_name(monkeypatch, version, more, promise):
    """Nothing is graded there."""
    with_landlock(monkeypatch, version, more)
    with (
        ordinary_user(),
        pytest.raises(SandboxError, match=f"cannot keep the promise '{promise}'"),
        Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)),
    ):
        pass


@pytest.mark.parametrize("whom", ["users of their own", "a user"])
def test_what_a_program_starts_ends_with_it(whom):
    """Also what has gone through two forks, a session of its own, and ignores every signal that it can."""
    leaving = """
import os, signal, time
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        os.setpgid(0, 0)
        if os.fork():
            os._exit(0)
        for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(10)
"""
    with belonging_to(whom), Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        offspring = Offspring()
        before = offspring()
        assert verdict_of(grader, leaving + RIGHT).verdict == "passed"
        assert offspring() == before


@pytest.mark.parametrize("whom", ["users of their own", "a user"])
def test_nothing_is_left_in_the_folder_for_temporary_files(monkeypatch, whom):
    """Neither the private folder nor what a program has hidden in it; and deep folders are no way to stay."""
    deep = "import os\nfor _ in range(600):\n    os.mkdir('deep', 0o700)\n    os.chdir('deep')\n"
    hidden = "import os\nos.makedirs('a/b')\nopen('a/b/.c', 'w')\nos.chmod('a', 0)\n"
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(in_place.tempfile, "tempdir", folder)
        with belonging_to(whom), Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
            assert verdict_of(grader, hidden + RIGHT).verdict == "passed"
            assert verdict_of(grader, deep + RIGHT).verdict in ("passed", "file_limit")
            assert verdict_of(grader, "import os\nassert not os.listdir('.')\n" + RIGHT).verdict == "passed"
            assert len(list(Path(folder).iterdir())) == 1
        assert list(Path(folder).iterdir()) == []


def test_a_user_may_have_as_many_processes_as_root_grants():
    """Counted among the program's own, whatever else runs for that user."""
    forks = "import os, time\nfor _ in range({}):\n    if os.fork() == 0:\n        time.sleep(9)\n"
    with ordinary_user(), Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        verdict = verdict_of(grader, forks.format(QUICK.processes + 20) + "time.sleep(9)\n" + RIGHT)
        assert verdict.verdict == "process_limit"
        assert verdict.message == "had more processes and threads than it may"
        assert verdict_of(grader, forks.format(QUICK.processes // 2) + RIGHT).verdict == "passed"


def test_a_copy_of_the_interpreter_is_made_once_and_used_again(monkeypatch, tmp_path):
    """Where users of their own cannot enter its folder. A folder that others may write is not trusted."""
    monkeypatch.setattr(in_place, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(in_place, "_is_open", lambda _: False)
    monkeypatch.setattr(in_place, "_can_be_entered", lambda _: True)
    in_place.house.cache_clear()
    try:
        found = in_place.house(PLAIN, for_others=True)
        assert Path(found.python).is_relative_to(tmp_path / "cache")
        said = subprocess.run(
            [found.python, "-s", "-S", "-c", "import os, json, ssl; print(os.__file__)"],
            env={"LD_LIBRARY_PATH": found.libraries}, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert Path(said.strip()).is_relative_to(tmp_path / "cache")
        made = Path(found.python).stat().st_mtime_ns, Path(found.python).stat().st_ino
        in_place.house.cache_clear()
        again = in_place.house(PLAIN, for_others=True)
        assert again == found
        assert (Path(again.python).stat().st_mtime_ns, Path(again.python).stat().st_ino) == made
        (tmp_path / "cache").chmod(0o777)
        monkeypatch.setattr(in_place.tempfile, "tempdir", str(tmp_path / "nowhere"))
        (tmp_path / "nowhere").write_text("")
        in_place.house.cache_clear()
        with pytest.raises(SandboxError, match="is not ours alone"):
            in_place.house(PLAIN, for_others=True)
    finally:
        in_place.house.cache_clear()


def in_a_container(*command, **kept):
    """A finished command that had an ordinary container's rights."""
    words = [sys.executable, container.__file__, sys.executable, "-m", "evalsite", *map(str, command)]
    return subprocess.run(words, capture_output=True, text=True, check=False, **kept)


def test_an_ordinary_container_grades_by_itself(environment, tmp_path):
    """Without a word from anybody but a note; and the run says in which sandbox."""
    samples = tmp_path / "samples.jsonl"
    samples.write_text(
        json.dumps({"task_id": "HumanEval/2", "completion": "    return number % 1.0\n"}) + "\n"
    )
    said = in_a_container(
        "import", samples, "--dataset", "humaneval", "--model-name", "m", cwd=tmp_path, env=environment
    )
    assert said.returncode == 0, said.stderr
    assert "note: graded in the sandbox landlock, for bubblewrap does not start here" in " ".join(
        said.stderr.split()
    )
    run = tmp_path / said.stdout.strip()
    graded = json.loads((run / "run.json").read_text())["grading"]
    assert graded["sandbox"] == "landlock"
    assert {"process-group", "seccomp", "no-new-privileges"} <= set(graded["layers"])
    assert json.loads((run / "verdicts.jsonl").read_text())["verdict"] == "passed"


def test_a_container_that_is_asked_for_namespaces_says_what_else_there_is(environment, tmp_path):
    """Both other sandboxes, by their option."""
    samples = tmp_path / "samples.jsonl"
    samples.write_text(json.dumps({"task_id": "HumanEval/2", "completion": "    pass\n"}) + "\n")
    said = in_a_container(
        "import", samples, "--dataset", "humaneval", "--model-name", "m", "--sandbox", "bubblewrap",
        cwd=tmp_path, env=environment,
    )  # fmt: skip
    assert said.returncode == 6
    assert "--sandbox landlock" in said.stderr
    assert "--sandbox process" in said.stderr


def test_the_first_that_starts_is_chosen(monkeypatch):
    """Bubblewrap, then landlock; without isolation only for whoever asks."""
    assert isolation.choose("process") == "process"
    monkeypatch.setattr(isolation, "refusal_of_bubblewrap", lambda: "")
    assert isolation.choose(None) == "bubblewrap"
    monkeypatch.setattr(isolation, "refusal_of_bubblewrap", lambda: "no")
    assert isolation.choose(None) == "landlock"
    assert isolation.choose("bubblewrap") == "bubblewrap"


def test_programs_that_try_what_may_differ_find_both_sandboxes_alike():
    """On a kernel that knows Landlock 6 or newer, so that runs of both can be compared."""
    with Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        here = likeness(grader)
    assert here == {
        "files": "passed", "processes": "passed", "signals": "passed", "threads": "passed",
        "network": "sandbox_violation", "large-file": "file_limit",
    }  # fmt: skip


@pytest.mark.namespaces
def test_the_usual_sandbox_gives_the_same_verdicts():
    """To the same programs."""
    with Grader(LocalExecutor(QUICK, sandbox="bubblewrap", workers=1)) as grader:
        expected = likeness(grader)
    with Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        assert likeness(grader) == expected


def test_an_older_landlock_shows(monkeypatch):
    """In what it refuses for want of rights."""
    with_landlock(monkeypatch, 1)
    with Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        found = likeness(grader)
    assert (found["signals"], found["threads"]) == ("sandbox_violation", "passed")
    assert found["files"] != "passed"


def called(name):
    """Numbers of all processes of this name."""
    found = []
    for told in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if told.read_text().strip() == name:
                found.append(told.parent.name)
    return found


@pytest.mark.parametrize("whom", ["users of their own", "a user"])
def test_what_is_broken_off_leaves_nothing_running(whom):
    """Neither the program, which is not waited for, nor what it has started."""
    name = f"left-{os.getpid()}"
    source = f"""
import ctypes, os, time
ctypes.CDLL(None).prctl(15, b"{name}")
os.fork() or os.setsid()
os.fork()
time.sleep(100)
"""
    with belonging_to(whom), Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        grader.submit(make_job(source + RIGHT))
        for _ in range(1000):
            if len(called(name)) >= 4:
                break
            time.sleep(0.01)
        assert len(called(name)) == 4
    assert called(name) == []


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
