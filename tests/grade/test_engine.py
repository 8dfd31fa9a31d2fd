"""Programs in, verdicts out."""

import contextlib
import os
import signal
import threading
import time

import pytest

from evalsite.errors import SandboxError
from evalsite.grade import engine
from evalsite.grade.engine import Grader, Job, own_names, stub
from evalsite.grade.sandbox import layers, pool
from evalsite.rundir.schema import Limits, Program
from tests.grade.helpers import QUICK, RIGHT, WRONG, descendants, make_job, make_problem

pytestmark = pytest.mark.sandbox

SLOW = """
import time

def double(x):
    end = time.process_time() + {seconds}
    while time.process_time() < end:
        pass
    return 2 * x
"""


@pytest.fixture(scope="module")
def grader():
    with Grader(QUICK, workers=2) as grader:
        yield grader


def signal_all(pids, number):
    """Send a signal to processes, some of which may have ended since they were listed."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def verdict_of(grader, *args, **kwargs):
    return grader.submit(make_job(*args, **kwargs)).result()


def test_right_and_wrong_are_told_apart(grader):
    """With what the run directory wants to know of each."""
    right, wrong = verdict_of(grader), verdict_of(grader, WRONG, sample=1)
    assert (right.verdict, right.exit_status, right.output) == ("passed", 0, "")
    assert min(right.cpu_s, right.wall_s, right.peak_mib) > 0
    assert (wrong.verdict, wrong.exception, wrong.failed_test) == (
        "wrong_answer",
        "AssertionError",
        "assert candidate(2) == 4",
    )
    assert "/" not in wrong.traceback


def test_output_keeps_its_end(grader):
    """The last 4 KiB of both streams, in the order of writing."""
    verdict = verdict_of(
        grader, "import sys\nprint('x' * 9000)\nprint('to err', file=sys.stderr)\nprint('end')\n" + RIGHT
    )
    assert verdict.verdict == "passed"
    assert len(verdict.output) == 4096
    assert verdict.output.endswith("x\nto err\nend\n")


def test_nothing_to_run_is_no_code(grader):
    """It is not sent to the sandbox."""
    assert verdict_of(grader, " \n").verdict == "no_code"
    assert verdict_of(grader, "def double(x):\n    retu", truncated=True).verdict == "truncated"


def test_the_same_program_runs_once(grader):
    """Later samples share the verdict and say with whom; another problem's or another program's do not."""
    source = "import os\nprint(os.urandom(8).hex())\n" + RIGHT
    first = verdict_of(grader, source, sample=4)
    second = verdict_of(grader, source, sample=7)
    elsewhere = verdict_of(grader, source, sample=7, problem=make_problem(task_id="Demo/1"))
    assert (first.shared_with, second.shared_with, elsewhere.shared_with) == (None, 4, None)
    assert first.output == second.output != elsewhere.output
    assert second.sample == 7


def test_without_dedupe_it_runs_each_time():
    """As --no-dedupe asks."""
    with Grader(QUICK, workers=1, dedupe=False) as grader:
        outputs = {
            v.output
            for v in grader.grade(make_job("import os\nprint(os.urandom(8))\n" + RIGHT, n) for n in range(3))
        }
    assert len(outputs) == 3


def test_a_shared_failure_is_truncated_only_where_the_answer_was(grader):
    """The execution is shared, what it means is each sample's own."""
    source = WRONG + "# cut"
    assert verdict_of(grader, source, sample=0).verdict == "wrong_answer"
    assert verdict_of(grader, source, sample=1, truncated=True).verdict == "truncated"


def test_a_timeout_runs_again_alone_before_it_counts(grader):
    """The second run is recorded."""
    verdict = verdict_of(grader, "def double(x):\n    while True:\n        pass\n")
    assert (verdict.verdict, verdict.retried) == ("timeout", True)
    assert verdict.cpu_s >= QUICK.cpu_s  # by the process's own clock: ticks may say so a tenth too early
    assert verdict.exit_status == -signal.SIGKILL
    assert "CPU time" in verdict.message


def test_limits_on_cpu_time_need_not_be_whole_seconds():
    """Half a second is half a second, with output in between or without."""
    noisy = "def double(x):\n    while True:\n        print(x, flush=True)\n"
    silent = "def double(x):\n    while True:\n        pass\n"
    with Grader(Limits(cpu_s=0.5, output_kib=1 << 20), workers=1) as grader:
        for sample, source in enumerate((silent, noisy)):
            verdict = verdict_of(grader, source, sample=sample)
            assert verdict.verdict == "timeout"
            assert verdict.message == "used up its 0.5 s of CPU time"
            assert verdict.cpu_s >= 0.5


def test_what_runs_alone_runs_while_nothing_else_does():
    """A task that is to run alone waits for the others, and the others for it."""
    running, most = 0, []
    lock = threading.Lock()

    class Counting:
        layers, python = (), ""

        def __init__(self, *args, **kwargs):
            pass

        def run(self, task):
            nonlocal running
            with lock:
                running += 1
            time.sleep(0.02)
            with lock:
                most.append((task.alone, running))
                running -= 1
            return pool.Execution(proven=True)

        def close(self):
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "Server", Counting)
        with pool.Pool("process", QUICK, 3) as workers:
            tasks = [
                pool.Task(source="", tests="", cpu_s=1, memory_mib=1, alone=n % 3 == 0) for n in range(12)
            ]
            for future in [workers.submit(task) for task in tasks]:
                future.result()
    assert [count for alone, count in most if alone] == [1, 1, 1, 1]
    assert max(count for _, count in most) > 1


def test_limits_grow_with_the_reference(grader):
    """A problem whose own solution is slow gives everybody more time: four times what it took."""
    problem = make_problem(reference=SLOW.format(seconds=0.2), task_id="Demo/slow")
    assert verdict_of(grader, SLOW.format(seconds=0.7), problem=problem).verdict == "passed"
    assert verdict_of(grader, SLOW.format(seconds=0.7) + "# again", problem=problem).retried is False
    assert verdict_of(grader, SLOW.format(seconds=9), problem=problem).verdict == "timeout"


def test_memory_grows_with_the_reference(grader):
    """So it does where the reference needs more memory than the limit; elsewhere the limit stands."""
    hungry = "hoard = bytearray({mib} << 20)\nhoard[::4096] = b'x' * len(hoard[::4096])\n" + RIGHT
    problem = make_problem(reference=hungry.format(mib=300), task_id="Demo/hungry")
    assert verdict_of(grader, hungry.format(mib=290), problem=problem).verdict == "passed"
    assert verdict_of(grader, hungry.format(mib=900), problem=problem).verdict == "memory_limit"
    assert verdict_of(grader, hungry.format(mib=290)).verdict == "memory_limit"


def test_preflight_trusts_a_machine_that_tells_right_from_wrong(grader):
    """References pass and stubs fail; a reference that is wrong itself is named."""
    good = [make_problem(task_id=f"Demo/{n}") for n in range(60)]
    assert grader.preflight(good) == type(grader.preflight([]))(60, ())
    report = grader.preflight([*good, make_problem(WRONG, "Demo/wrong")])
    assert report.sound
    assert [(f.problem, f.kind, f.verdict.verdict) for f in report.failures] == [
        ("Demo/wrong", "reference", "wrong_answer")
    ]


def test_preflight_distrusts_stubs_that_pass_and_references_that_fail(grader):
    """Tests that test nothing, or a machine on which nothing works."""
    assert not grader.preflight([make_problem(tests="pass", task_id="Demo/empty")]).sound
    assert not grader.preflight([make_problem(WRONG, "Demo/a"), make_problem(WRONG, "Demo/b")]).sound
    assert not grader.preflight([make_problem(WRONG, "Demo/alone")]).sound


def test_jobs_are_read_as_needed(grader):
    """An endless stream of programs is graded as it comes."""
    read = 0

    def endless():
        nonlocal read
        while True:
            read += 1
            yield make_job(RIGHT + f"# {read}", sample=read)

    verdicts = grader.grade(endless())
    assert {next(verdicts).verdict for _ in range(20)} == {"passed"}
    assert read < 500


def test_numpy_is_there_for_those_who_import_it(grader):
    """In the program or in the tests, in a fork server of its own."""
    problem = make_problem(
        tests="import numpy as np\nassert np.allclose(double(np.ones(3)), 2)", task_id="Demo/numpy"
    )
    assert verdict_of(grader, problem=problem).verdict == "passed"
    assert verdict_of(grader, "import numpy as np\n" + RIGHT).verdict == "passed"
    assert (
        verdict_of(grader, "def double(x):\n    import numpy\n    return x", problem=problem).verdict
        == "wrong_answer"
    )


def test_modules_that_are_not_warm_can_be_imported(grader):
    """The whole standard library is there, but for what reaches around Python."""
    imports = (
        "import asyncio, glob, subprocess, tempfile, uuid, xml.dom.minidom, zoneinfo, sqlite3, ssl, doctest\n"
    )
    assert verdict_of(grader, imports + RIGHT).verdict == "passed"
    assert verdict_of(grader, "import asyncio\nasyncio.run(asyncio.sleep(0))\n" + RIGHT).verdict == "passed"


def test_dataclasses_and_main_guards_work_as_in_a_module(grader):
    """The program is a module that is not the main one."""
    source = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n\n"
        "@dataclass\nclass A:\n    x: int\n\n"
        "if __name__ == '__main__':\n    raise SystemExit\n\n" + RIGHT
    )
    assert verdict_of(grader, source).verdict == "passed"


def test_sets_of_text_and_random_numbers_are_the_same_every_time(grader):
    """A verdict must not hang on a seed."""
    source = "import random\nprint(random.random(), hash('a'))\n" + RIGHT
    outputs = {verdict_of(grader, source + f"# {n}").output for n in range(4)}
    assert len(outputs) == 1


def test_broken_tests_are_the_data_sets_fault(grader):
    """They raise; no model is blamed."""
    with pytest.raises(SandboxError, match="do not compile"):
        verdict_of(grader, problem=make_problem(tests="assert (", task_id="Demo/broken"))


def test_names_that_the_problem_defines_are_its_own():
    """Those of a right program's top level that are built-ins too."""
    assert own_names("def sum(a):\n    len = 3\n\nmax = 1\nclass list: pass", "") == ("list", "max", "sum")
    assert own_names("", "print") == ("print",)


def test_a_stub_defines_what_is_asked_for():
    """Or just fails, where the data set does not say what that is."""
    assert stub(make_problem()).startswith("def double(")
    assert stub(
        make_problem().__class__(task_id="x", prompt="", kind="text", entry_point="", tests="", reference="")
    ) == ("raise NotImplementedError\n")


def test_a_killed_fork_server_is_replaced_and_its_sample_graded():
    """The sample runs again from the beginning, and is not blamed."""
    with Grader(QUICK, workers=1) as grader:
        assert verdict_of(grader).verdict == "passed"
        slow = grader.submit(make_job(SLOW.format(seconds=0.2)))
        time.sleep(0.2)
        signal_all(reversed(descendants(os.getpid())), signal.SIGKILL)
        assert slow.result().verdict == "passed"
        assert verdict_of(grader, WRONG).verdict == "wrong_answer"


def test_a_worker_prefers_tests_that_it_has_compiled_but_nobody_waits_for_long():
    """What it knows goes ahead of a few others; then it is the first one's turn."""
    waiting = pool.Pool("process", QUICK, workers=1)
    for tests in ("a", "b", "a", *["b"] * 10, "a"):
        waiting.submit(pool.Task(source="", tests=tests, cpu_s=1, memory_mib=1))
    taken = [waiting._next({"a"}).task.tests for _ in range(4)]
    assert taken == ["a", "a", "b", "b"]


def test_a_fork_server_killed_on_its_way_is_started_again(monkeypatch):
    """Once; what the machine itself refuses, it refuses again, and then it is said."""
    commands = [["false"], layers.command("bubblewrap", QUICK, numpy=False, index=0, work="")]
    monkeypatch.setattr(layers, "command", lambda *_, **__: commands.pop(0))
    with Grader(QUICK, workers=1) as grader:
        assert verdict_of(grader).verdict == "passed"
    commands += [["false"], ["false"]]
    with pytest.raises(SandboxError, match="does not start"), Grader(QUICK, workers=1):
        pass
    assert commands == []


def test_a_wedged_fork_server_is_replaced(monkeypatch):
    """A server that does not answer in time is killed."""
    monkeypatch.setattr(pool, "_GRACE_S", 0.2)
    with Grader(Limits(cpu_s=1.0, wall_factor=1.0), workers=1) as grader:
        assert verdict_of(grader).verdict == "passed"
        signal_all(descendants(os.getpid()), signal.SIGSTOP)
        assert verdict_of(grader, WRONG).verdict == "wrong_answer"


def test_a_program_that_takes_the_sandbox_with_it_every_time_has_crashed(monkeypatch):
    """After a few attempts the program is the one to blame."""

    def die(self, task):
        raise pool.WorkerDiedError("gone")

    monkeypatch.setattr(pool.Server, "run", die)
    with Grader(QUICK, workers=1) as grader:
        verdict = verdict_of(grader)
    assert (verdict.verdict, verdict.message) == ("crashed", "the sandbox ended with it, again and again")


def test_leaving_early_cancels_what_waits_and_leaves_nothing_behind():
    """Every future ends; no process stays."""
    before = set(descendants(os.getpid()))
    with Grader(QUICK, workers=1) as grader:
        futures = [grader.submit(make_job(SLOW.format(seconds=0.2) + f"# {n}", sample=n)) for n in range(50)]
    assert all(future.done() for future in futures)
    assert set(descendants(os.getpid())) == before


def test_closing_does_not_wait_for_what_runs():
    """An interrupt is not to wait for a program that sleeps."""
    with Grader(Limits(), workers=1) as grader:
        assert verdict_of(grader).verdict == "passed"
        sleeping = grader.submit(make_job("import time\ntime.sleep(3600)"))
        time.sleep(0.1)
    with pytest.raises(RuntimeError, match="closed"):
        sleeping.result()


def test_without_bubblewrap_the_message_names_the_package(monkeypatch):
    """And the way round."""
    monkeypatch.setattr(layers.shutil, "which", lambda name: None)
    with pytest.raises(SandboxError, match=r"apt install bubblewrap[\s\S]*--sandbox process"), Grader(QUICK):
        pass


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"kernel/apparmor_restrict_unprivileged_userns": "1"}, "apparmor_restrict_unprivileged_userns=0"),
        ({"kernel/unprivileged_userns_clone": "0"}, "unprivileged_userns_clone=1"),
        ({"user/max_user_namespaces": "0"}, "max_user_namespaces=15000"),
        ({}, "--security-opt seccomp=unconfined"),
    ],
)
def test_a_refused_bubblewrap_names_the_setting(monkeypatch, tmp_path, settings, advice):
    """The one of this machine that most likely stands in the way, with bubblewrap's own words."""
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr(layers.shutil, "which", lambda name: str(refusing))
    monkeypatch.setattr(layers, "_sysctl", lambda name: settings.get(name, ""))
    with pytest.raises(SandboxError) as caught, Grader(QUICK, workers=1):
        pass
    assert "No permissions to create new namespace" in caught.value.message
    assert advice in caught.value.hint
    assert "--sandbox process" in caught.value.hint


def test_a_user_namespace_serves_those_who_are_not_root(monkeypatch):
    """The way of an ordinary user, on any machine: the same verdicts, and root in there is nobody."""
    monkeypatch.setattr(layers, "is_real_root", lambda: False)
    with Grader(QUICK, workers=1) as grader:
        assert "user-namespace" in grader.layers
        assert "unprivileged-user" not in grader.layers
        assert verdict_of(grader).verdict == "passed"
        assert verdict_of(grader, "import os\nos.setgroups([5])\n" + RIGHT).verdict == "sandbox_violation"
        assert verdict_of(grader, "import os\nos.listdir('/code')\n" + RIGHT).verdict == "sandbox_violation"
        assert verdict_of(grader, "open('left', 'w')\n" + WRONG).verdict == "wrong_answer"
        assert verdict_of(grader, "import os\nprint(os.listdir('.'))\n" + RIGHT).output == "[]\n"


def test_the_layers_and_the_interpreter_are_told(grader):
    """For the run's record."""
    assert {"mount-namespace", "network-namespace", "pid-namespace", "rlimits", "no-new-privileges"} <= set(
        grader.layers
    )
    assert grader.python.count(".") == 2


def test_a_lone_surrogate_in_tests_and_names_harms_nobody(grader):
    """Text that can't be encoded is passed on and refused by Python itself."""
    with pytest.raises(SandboxError):
        verdict_of(grader, problem=make_problem(tests="assert '\ud800'", task_id="Demo/surrogate"))
    assert verdict_of(grader).verdict == "passed"


def test_samples_of_any_file_are_graded_whatever_their_rule(grader):
    """The verdict carries the program and its rule on."""
    job = Job(Program(problem="Demo/0", sample=9, source=RIGHT, rule="fenced"), make_problem())
    verdict = grader.submit(job).result()
    assert (verdict.rule, verdict.program, verdict.sample) == ("fenced", RIGHT, 9)


def test_a_sample_that_cannot_be_confined_stops_the_grading():
    """Nothing runs with more rights than the record says; the message holds what stood in the way."""
    impossible = Limits(file_mib=1 << 43)
    with Grader(impossible, workers=1) as grader, pytest.raises(SandboxError, match="OverflowError"):
        verdict_of(grader)


def test_memory_of_shared_programs_is_bounded(monkeypatch):
    """The oldest executions are forgotten; what comes after that is executed again, with the same end."""
    monkeypatch.setattr(engine, "_REMEMBERED", 2)
    with Grader(QUICK, workers=1) as grader:
        verdicts = [
            grader.submit(make_job(f"x = {number}\n{RIGHT}", sample)).result()
            for sample, number in enumerate((1, 1, 2, 3, 1))
        ]
    assert [verdict.shared_with for verdict in verdicts] == [None, 0, None, None, None]
    assert {str(verdict.verdict) for verdict in verdicts} == {"passed"}
