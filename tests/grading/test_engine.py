"""Programs in, verdicts out."""

import signal

import pytest
from msgspec import structs

from evalsite.errors import DatasetError, SandboxError
from evalsite.grading import engine
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits, Program
from tests.grading.helpers import QUICK, RIGHT, SLOW, WRONG, make_job, verdict_of
from tests.make import make_problem

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("engine")]  # one grader for all of them


@pytest.fixture(scope="module")
def grader():
    with Grader(LocalExecutor(QUICK, workers=2)) as grader:
        yield grader


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


def test_a_result_that_keeps_the_tests_busy_is_the_programs_fault():
    """The tests have a limit of their own, which the verdict names; the next sample is judged as ever."""
    tests = "assert len(set(double(2))) == 4\n"
    problem = make_problem(tests=tests, reference="def double(x):\n    return range(2 * x)\n")
    hostile = "def double(x):\n    return [each * (2**61 - 1) for each in range(200_000)]\n"
    limits = structs.replace(QUICK, cpu_s=0.4)
    with Grader(LocalExecutor(limits, workers=1)) as grader:
        verdict = verdict_of(grader, hostile, problem=problem)
        assert verdict.verdict == "timeout"
        assert verdict.message == (
            "returned what its tests do not come to an end with: they may use 0.8 s of CPU time"
        )
        assert verdict.cpu_s < limits.cpu_s
        assert verdict_of(grader, problem.reference, sample=1, problem=problem).verdict == "passed"


def test_a_program_that_forks_has_done_what_python_does_at_a_fork(grader):
    """Our own forks leave that out; a child of the program's knows that its threads are gone."""
    source = """
import os, threading

def double(x):
    done = threading.Event()
    threading.Thread(target=done.wait, daemon=True).start()
    child = os.fork()
    if child == 0:
        os._exit(threading.active_count())
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    done.set()
    return 2 * x if status == 1 else status
"""
    assert verdict_of(grader, source).verdict == "passed"


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
    with Grader(LocalExecutor(QUICK, workers=1), dedupe=False) as grader:
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


def test_a_timeout_counts_at_once(grader):
    """Its reference solution needs no more than the limit."""
    verdict = verdict_of(grader, "def double(x):\n    while True:\n        pass\n")
    assert (verdict.verdict, verdict.retried) == ("timeout", False)
    assert verdict.cpu_s >= QUICK.cpu_s  # by the process's own clock: ticks may say so a tenth too early
    assert verdict.exit_status == -signal.SIGKILL
    assert "CPU time" in verdict.message


def test_limits_on_cpu_time_need_not_be_whole_seconds():
    """Half a second is half a second, with output in between or without."""
    noisy = "def double(x):\n    while True:\n        print(x, flush=True)\n"
    silent = "def double(x):\n    while True:\n        pass\n"
    with Grader(LocalExecutor(Limits(cpu_s=0.5, output_kib=1 << 20), workers=1)) as grader:
        for sample, source in enumerate((silent, noisy)):
            verdict = verdict_of(grader, source, sample=sample)
            assert verdict.verdict == "timeout"
            assert verdict.message == "used up its 0.5 s of CPU time"
            assert verdict.cpu_s >= 0.5


def test_limits_grow_with_the_reference():
    """A problem whose own solution is slow gives everybody more time: four times what it took."""
    problem = make_problem(reference=SLOW.format(seconds=0.1), task_id="Demo/slow")
    slow, again = SLOW.format(seconds=0.3), SLOW.format(seconds=0.3) + "# again"
    with Grader(LocalExecutor(structs.replace(QUICK, cpu_s=0.2, wall_factor=10.0), workers=1)) as grader:
        first, second = (verdict_of(grader, source, problem=problem) for source in (slow, again))
        assert [(one.verdict, one.retried) for one in (first, second)] == [
            ("passed", True),
            ("passed", False),
        ]
        assert verdict_of(grader, SLOW.format(seconds=9), problem=problem).verdict == "timeout"


def test_memory_grows_with_the_reference(grader):
    """So it does where the reference needs more memory than the limit; elsewhere the limit stands."""
    hungry = "hoard = bytearray({mib} << 20)\nhoard[::4096] = b'x' * len(hoard[::4096])\n" + RIGHT
    problem = make_problem(reference=hungry.format(mib=300), task_id="Demo/hungry")
    assert verdict_of(grader, hungry.format(mib=290), problem=problem).verdict == "passed"
    assert verdict_of(grader, hungry.format(mib=900), problem=problem).verdict == "memory_limit"
    assert verdict_of(grader, hungry.format(mib=290)).verdict == "memory_limit"


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
    """They raise, with the problem and the line; neither a model nor the machine is blamed."""
    with pytest.raises(DatasetError) as told:
        verdict_of(grader, problem=make_problem(tests="x = 1\nassert (\n", task_id="Demo/broken"))
    assert (
        told.value.message
        == "Demo/broken: its tests, line 2, do not compile: SyntaxError: '(' was never closed"
    )
    assert verdict_of(grader).verdict == "passed"


def test_the_layers_and_the_interpreter_are_told(grader):
    """For the run's record."""
    assert {"rlimits", "no-new-privileges", "seccomp"} <= set(grader.conditions.layers)
    assert grader.conditions.python.count(".") == 2


def test_a_lone_surrogate_in_tests_and_names_harms_nobody(grader):
    """Text that can't be encoded is passed on and refused by Python itself."""
    with pytest.raises(DatasetError, match="Demo/surrogate: its tests do not compile: UnicodeEncodeError"):
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
    with (
        Grader(LocalExecutor(impossible, workers=1)) as grader,
        pytest.raises(SandboxError, match="OverflowError"),
    ):
        verdict_of(grader)


def test_memory_of_shared_programs_is_bounded(monkeypatch):
    """The oldest executions are forgotten; what comes after that is executed again, with the same end."""
    monkeypatch.setattr(engine, "_REMEMBERED", 2)
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        verdicts = [
            grader.submit(make_job(f"x = {number}\n{RIGHT}", sample)).result()
            for sample, number in enumerate((1, 1, 2, 3, 1))
        ]
    assert [verdict.shared_with for verdict in verdicts] == [None, 0, None, None, None]
    assert {str(verdict.verdict) for verdict in verdicts} == {"passed"}


NESTED = (
    "".join(f"{' ' * n}try:\n{' ' * n} pass\n{' ' * n}finally:\n" for n in range(19)) + " " * 19 + "x = 1\n"
)
BOMBS = {
    "comprehensions": f"[0 {'for x in y ' * 200_000}]",
    "finally in finally": NESTED + (" " * 19 + "x = 1\n") * 50,
    "sums of texts": "x = " + "+".join(['("a" * 4000)'] * 900),
    "operators": f"x = {'-' * 300_000}1",
}


@pytest.mark.parametrize("name", BOMBS)
def test_source_that_the_compiler_does_not_survive_is_no_crash_of_the_program(grader, name):
    """It never began; the sample beside it passes."""
    verdict, beside = grader.submit(make_job(f"{RIGHT}\n{BOMBS[name]}")), grader.submit(make_job())
    assert verdict.result().verdict in ("syntax_error", "memory_limit")
    assert beside.result().verdict == "passed"
