"""Every attack ends with the verdict it declares, and leaves the host, its neighbours and its successors
unharmed.

An attack is a file ``FAMILY/NAME.py``: a program that is asked for ``add(a, b)``. Its first line says which
verdicts are right (``# expect: A|B``), ``# expect in landlock: C`` which others are in that sandbox;
``# source: EXPRESSION`` gives the program where no file can hold it; behind ``# the tests:`` stand tests of
its own. ``@CANARY@`` stands for the path of a file of the host's, ``@PORT@`` for the port of a service of the
host's.
"""

import os
import re
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from _pytest.mark import ParameterSet
from msgspec import structs

from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits, Problem, Program
from tests.grading.helpers import IN_EACH_SANDBOX, read_if_there
from tests.grading.ordinary import USER, ordinary_user

FOLDER = Path(__file__).parent
ATTACKS = sorted(path for path in FOLDER.glob("*/*.py"))
LIMITS = Limits(cpu_s=0.5, wall_factor=3.0, memory_mib=256, file_mib=8, disk_mib=24)
PROBLEM = Problem(
    task_id="add",
    prompt="",
    kind="code",
    entry_point="add",
    tests="""
import math
from math import isclose

def check(candidate):
    assert candidate(1, 2) == 3
    assert math.isclose(candidate(0.1, 0.2), 0.3)
    assert abs(candidate(5, 7) - 12) < 1e-6
    assert len([candidate(1, 1)]) == 1 and all([candidate(1, 1) in (2, 3)])
    assert isclose(candidate(0.5, 0.25), 0.75)
    assert 6 < candidate(3, 4) < 8
    assert candidate(2, 2) in {4, 5}

check(add)
""",
    reference="def add(a, b):\n    return a + b\n",
)
Started = Callable[[str], tuple[Grader, str]]
AS_USER = "landlock-of-a-user"
OUTWARDS = frozenset({"escapes", "persistence", "interference"})
KNOWING = "def add(a, b, *others):\n    return a + b\n"
"""For a problem whose tests an attack brings along."""
WITNESS = """
import builtins, collections, os, random, resource, signal, sys, threading, time

folder = os.getcwd()
assert os.listdir(folder) == [], os.listdir(folder)
assert os.stat(folder).st_mode & 0o7777 == 0o700
assert (os.getpid() == 2) == (folder == "/tmp") and not os.environ and threading.active_count() == 1
assert not hasattr(os, "listxattr") or "user.mark" not in os.listxattr(folder)
assert sum([1, 2]) == 3 and collections.OrderedDict is not dict and "left" not in sys.modules
assert random.random() == 0.8444218515250481 and sys.getrecursionlimit() == 1000
for descriptor in range(3, 64):
    try:
        os.fstat(descriptor)
    except OSError:
        continue
    raise AssertionError(f"descriptor {descriptor} is open")
time.sleep(0.02)
assert os.listdir(folder) == [], os.listdir(folder)
print(os.nice(0), os.sched_getaffinity(0), os.umask(0o22), os.getcwd(), os.getppid(), os.getuid())
print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.getitimer(signal.ITIMER_REAL), sys.flags)
print([(number, signal.getsignal(number) == signal.SIG_DFL) for number in signal.valid_signals()])
print([resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")])

def add(a, b):
    return a + b
"""


@dataclass
class Host:
    """What an attack must not reach."""

    canary: Path
    made: float
    """When the canary was written."""
    listener: socket.socket

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def assert_unharmed(self) -> None:
        assert self.canary.read_text() == "unharmed"
        found = self.canary.stat()
        assert (found.st_mode & 0o7777, found.st_mtime, os.listxattr(self.canary)) == (0o666, self.made, [])
        assert [path.name for path in self.canary.parent.iterdir()] == ["canary"]
        with pytest.raises(BlockingIOError):
            self.listener.accept()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Nothing but the sandbox keeps programs from the canary: every user may reach and write it."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    canary = folder / "canary"
    canary.write_text("unharmed")
    canary.chmod(0o666)
    if os.geteuid() == 0:
        os.chown(canary, USER, USER)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield Host(canary, canary.stat().st_mtime, listener)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def grader() -> Iterator[Started]:
    """The grader of a sandbox, and what an honest program found there before any attack.

    It is the same for all attacks, which come in any order: after each an honest program finds that again,
    and so it does before the next.
    """
    started: dict[str, tuple[Grader, str]] = {}
    with ExitStack() as stack:

        def find(name: str) -> tuple[Grader, str]:
            if name not in started:
                executor = LocalExecutor(LIMITS, sandbox=sandbox_of(name), workers=1)
                with ordinary_user() if name == AS_USER else nullcontext():  # all that is started meanwhile
                    grader = stack.enter_context(Grader(executor, dedupe=False))
                    grader.submit(job("import numpy\n" + PROBLEM.reference, 0)).result()  # has its own server
                first = grader.submit(job(WITNESS, 0)).result()
                assert first.verdict == "passed", first.traceback
                started[name] = grader, first.output
            return started[name]

        yield find


def read_attack(path: Path, host: Host, sandbox: Sandbox) -> tuple[str, set[str], str]:
    """Its program, the verdicts that are right, and its own tests, if it has any."""
    text, _, tests = path.read_text().partition("\n# the tests:\n")
    expected = re.match(r"# expect: (\S+)\n", text)
    assert expected is not None, f"{path} does not say which verdict is right"
    source = re.search(r"^# source: (.+)$", text, re.MULTILINE)
    program = eval(source[1]) if source else text
    program = program.replace("@CANARY@", str(host.canary)).replace("@PORT@", str(host.port))
    there = re.search(rf"^# expect in {sandbox}: (\S+)$", text, re.MULTILINE)
    return program, {*expected[1].split("|"), *(there[1].split("|") if there else ())}, tests


def sandbox_of(name: str) -> Sandbox:
    return "bubblewrap" if name == "bubblewrap" else "landlock"


def in_sandbox(path: Path, name: str, sandbox: str, *marks: pytest.MarkDecorator) -> ParameterSet:
    """One attack there; those in one sandbox have one grader."""
    together = pytest.mark.xdist_group(f"attacks in {sandbox}")
    return pytest.param(path, sandbox, id=f"{sandbox}-{name}", marks=[together, *marks])


def attacks_in_each_sandbox() -> list[ParameterSet]:
    """All attacks in both sandboxes; what leads outside, also where programs belong to an ordinary user."""
    found = []
    for path in ATTACKS:
        name = str(path.relative_to(FOLDER))[:-3]
        found.append(in_sandbox(path, name, "bubblewrap", pytest.mark.namespaces))
        found.append(in_sandbox(path, name, "landlock"))
        if path.parent.name in OUTWARDS:
            found.append(in_sandbox(path, name, AS_USER))
    return found


def job(source: str, sample: int, tests: str = "") -> Job:
    problem = structs.replace(PROBLEM, tests=tests, reference=KNOWING) if tests else PROBLEM
    return Job(Program(problem="add", sample=sample, source=source, rule="attack"), problem)


def children() -> set[int]:
    """Processes that this process has started and that are still there."""
    found: set[int] = set()
    for thread in Path("/proc/self/task").iterdir():
        found.update(int(pid) for pid in read_if_there(thread / "children").split())
    return found


@pytest.mark.sandbox
@pytest.mark.parametrize(("path", "sandbox"), attacks_in_each_sandbox())
def test_attack_is_contained(path: Path, sandbox: str, host: Host, grader: Started) -> None:
    """The verdict is a declared one; an honest sample after it, in the same worker, passes, and finds what it
    found before; the host is as it was.
    """
    program, expected, tests = read_attack(path, host, sandbox_of(sandbox))
    graded_by, found_before = grader(sandbox)
    before = children()
    jobs = [job(program, 1, tests), job(WITNESS, 2)]
    attack, later = [future.result() for future in map(graded_by.submit, jobs)]
    assert attack.verdict.value in expected, (attack.verdict, attack.traceback, attack.message, attack.output)
    assert later.verdict == "passed", later.traceback
    assert later.output == found_before, "a later sample found something else than an earlier one"
    assert children() == before, "the worker was replaced, or something was left behind"
    assert len(attack.output) <= 4096
    assert len(attack.message) <= 5000
    assert len(msgspec.json.encode(structs.replace(attack, program=""))) < 64 << 10
    host.assert_unharmed()


def test_there_are_attacks_of_every_family() -> None:
    """At least forty attacks, in seven families."""
    assert len(ATTACKS) >= 40
    assert {path.parent.name for path in ATTACKS} == {
        "early_exits",
        "forged_results",
        "escapes",
        "denial_of_service",
        "persistence",
        "interference",
        "ways_to_the_tests",
    }


@pytest.mark.sandbox
@IN_EACH_SANDBOX
def test_siblings_keep_their_verdicts(sandbox: Sandbox, host: Host) -> None:
    """Two workers grade every quick attack between honest samples: the honest ones all pass."""
    quick = [path for path in ATTACKS if "timeout" not in path.read_text().partition("\n")[0]]
    jobs = []
    before = children()
    for number, path in enumerate(quick):
        program, _, tests = read_attack(path, host, sandbox)
        jobs.append(job(program, 2 * number, tests))
        if number % 2:  # one of two workers has it while the other is at an attack
            jobs.append(job(WITNESS, 2 * number + 1))
    with Grader(LocalExecutor(LIMITS, sandbox=sandbox, workers=2), dedupe=False) as grader:
        verdicts = {verdict.sample: verdict for verdict in grader.grade(jobs)}
    honest = [verdict for sample, verdict in verdicts.items() if sample % 2]
    assert len(honest) == len(quick) // 2 > 50
    assert {verdict.verdict.value for verdict in honest} == {"passed"}, [
        v.traceback for v in honest if v.traceback
    ]
    assert children() == before
    host.assert_unharmed()
