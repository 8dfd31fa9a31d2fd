"""The sandbox without namespaces: by itself where bubblewrap does not start, whoever runs it, on every kernel
that can keep its promises, and on no other.
"""

import contextlib
import functools
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evalsite.grading import isolation
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor, Server
from evalsite.grading.inside.setup import PROMISED
from evalsite.languages.running import PLAIN
from tests.grading import container
from tests.grading.helpers import IN_EACH_SANDBOX, QUICK, RIGHT, Offspring, belonging_to, make_job, verdict_of
from tests.grading.ordinary import ordinary_user

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize("whom", ["users of their own", "a user"])
def test_the_doctor_tries_every_promise(outside, whom):
    """From inside, each in a process that is confined as a program is."""
    with belonging_to(whom):
        server = Server("landlock", QUICK, environment=PLAIN, index=0)
        found = server.probe(str(outside))
        server.close()
    assert PROMISED.keys() <= found.keys()
    assert set(found.values()) == {""}


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


@IN_EACH_SANDBOX
@pytest.mark.parametrize(
    "asked",
    [
        "multiprocessing.Pool(2)",
        "multiprocessing.pool.ThreadPool(2)",
        "multiprocessing.Lock()",
        "concurrent.futures.ProcessPoolExecutor(2).submit(abs, 1)",
        "multiprocessing.shared_memory.SharedMemory(create=True, size=9)",
    ],
)
def test_what_has_a_name_for_all_processes_is_lacking_alike(sandbox_of, sandbox, asked):
    """With one error and one verdict, though it is absent from one sandbox, and forbidden in the other."""
    modules = "concurrent.futures, multiprocessing.pool, multiprocessing.shared_memory"
    verdict = verdict_of(sandbox_of(sandbox), f"import {modules}\n{asked}\n{RIGHT}")
    assert (verdict.verdict, verdict.exception) == ("runtime_error", "OSError")
    assert "no named semaphores" in verdict.message


@pytest.fixture(scope="module")
def sandbox_of():
    """A grader in each sandbox, started when it is asked for first."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def grader(sandbox):
            return stack.enter_context(Grader(LocalExecutor(QUICK, sandbox=sandbox, workers=1)))

        yield grader


def test_a_user_may_have_as_many_processes_as_root_grants():
    """Counted among the program's own, whatever else runs for that user."""
    forks = "import os, time\nfor _ in range({}):\n    if os.fork() == 0:\n        time.sleep(9)\n"
    with ordinary_user(), Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        verdict = verdict_of(grader, forks.format(QUICK.processes + 20) + "time.sleep(9)\n" + RIGHT)
        assert verdict.verdict == "process_limit"
        assert verdict.message == "had more processes and threads than it may"
        assert verdict_of(grader, forks.format(QUICK.processes // 2) + RIGHT).verdict == "passed"


def in_a_container(*command, **kept):
    """A finished command that had an ordinary container's rights."""
    words = [sys.executable, container.__file__, sys.executable, "-m", "evalsite", *map(str, command)]
    return subprocess.run(words, capture_output=True, text=True, check=False, **kept)


@pytest.mark.parametrize("whom", ["users of their own", "a user", "who started us"])
def test_a_program_finds_the_modules_of_its_library(monkeypatch, whom):
    """Python lists the folder for that, also in a process that the program starts; in a copy, or where it
    lies.
    """
    if whom == "who started us":
        monkeypatch.setattr(isolation, "has_own_users", lambda: False)
    importing = """
import os, subprocess, sys
assert "wave.py" in os.listdir(os.path.dirname(os.__file__))
subprocess.run([sys.executable, "-c", "import wave"], check=True)
"""
    with belonging_to(whom), Grader(LocalExecutor(QUICK, sandbox="landlock", workers=1)) as grader:
        assert verdict_of(grader, importing + RIGHT).verdict == "passed"


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
