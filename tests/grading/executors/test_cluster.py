"""Grading on a real Dask scheduler and real workers: what comes back, who is left out, who may die."""

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

import evalsite
from evalsite.errors import IncompleteError, SandboxError
from evalsite.events import ignore
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors import cluster, remote
from evalsite.grading.executors.base import Conditions, Task
from evalsite.grading.executors.cluster import ClusterExecutor
from evalsite.rundir.schema import Grading, Program
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.runner.trial import try_grading
from tests.grading.helpers import QUICK, RIGHT, SLOW, WRONG, make_job, verdict_of
from tests.languages.judged import lacking
from tests.machine import refusing
from tests.make import make_problem

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("cluster")]

ROOT = str(Path(evalsite.__file__).parents[1])
NO_LANDLOCK = sys.executable, refusing.__file__, "landlock_restrict_self", str(errno.EPERM)
"""What a command is started by where the kernel is to have no Landlock."""
PASSED, WRONG_ANSWER = VerdictClass.PASSED, VerdictClass.WRONG_ANSWER


@contextlib.contextmanager
def dask_cluster(workers=2):
    """A scheduler and workers in processes of their own."""
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", memory_limit=0
    ) as made:
        yield made


@pytest.fixture(scope="module")
def running():
    with dask_cluster() as made:
        yield made


@contextlib.contextmanager
def further_worker(address, folder, *through, **variables):
    """A worker that was started by hand, as 'dask worker' does, in a folder that holds no evalsite.

    ``through``: a command that starts it. What it says is in the file ``said`` of the process.
    """
    command = [
        *through,
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--no-nanny",
        "--no-dashboard",
    ]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            [*command, "--nthreads", "1"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": ROOT, **variables},
            stdout=said,
            stderr=said,
        ) as process,
    ):
        process.said = said
        try:
            yield process
        finally:
            process.kill()


def wait_for_workers(address, number, *further):
    """However long that takes, but not for one that has ended: then with what it said."""
    with Client(address, set_as_default=False) as client:
        while True:
            with contextlib.suppress(TimeoutError):
                return client.wait_for_workers(number, timeout=5)
            for process in further:
                process.said.seek(0)
                assert process.poll() is None, process.said.read().decode("utf-8", "replace")


def test_verdicts_are_those_of_this_machine(running):
    """Right, wrong, broken, endless: each comes back under its own sample."""
    sources = [RIGHT, WRONG, "def double(x:\n", "import sys\nsys.exit(0)\n"] * 6 + [SLOW.format(seconds=9)]
    jobs = [make_job(source, sample) for sample, source in enumerate(sources)]
    with Grader(ClusterExecutor(running.scheduler_address, QUICK), dedupe=False) as grader:
        verdicts = {verdict.sample: verdict for verdict in grader.grade(jobs)}
        assert "seccomp" in grader.conditions.layers
        assert grader.conditions.python.startswith("3.")
    here = [PASSED, WRONG_ANSWER, VerdictClass.SYNTAX_ERROR, VerdictClass.EARLY_EXIT]
    found = [verdicts[sample].verdict for sample in range(len(sources))]
    assert found == here * 6 + [VerdictClass.TIMEOUT]


@pytest.mark.skipif(bool(lacking("perl")), reason="needs perl")
def test_tools_of_workers_are_recorded_and_packages_are_found_there(running, tmp_path_factory):
    """Where a worker lacks the folder, it is left out, by name."""
    folder = tmp_path_factory.mktemp("packages", numbered=True)
    for each in (folder, *list(folder.parents)[:-1]):
        if not each.stat().st_mode & 0o001:
            each.chmod(each.stat().st_mode | 0o055)  # programs are users of their own
    (folder / "Tiny.pm").write_text("package Tiny; sub two { 2 } 1;\n")
    problem = make_problem(language="perl", tests="die 'not two' unless f(1) == 2;\n", entry_point="f")
    program = Program(problem=problem.task_id, sample=0, source="use Tiny; sub f { Tiny::two() }", rule="t")
    with Grader(ClusterExecutor(running.scheduler_address, QUICK, packages=str(folder))) as grader:
        assert grader.submit(Job(program, problem)).result().verdict == PASSED
        assert [name for name, _ in grader.conditions.toolchains] == ["perl"]
        assert grader.conditions.toolchains[0][1].startswith("perl 5.")
    elsewhere = ClusterExecutor(running.scheduler_address, QUICK, packages="/no/such/folder")
    with pytest.raises(SandboxError, match="it has no folder /no/such/folder"), elsewhere:
        pass


def test_different_tools_of_workers_are_all_recorded():
    """Each once, in an order of their own."""
    executor = ClusterExecutor("tcp://localhost:1", QUICK)
    for version in ("node 20.1.0", "node 18.2.0", "node 20.1.0"):
        executor._note_tools((("javascript", version),))
    assert executor.conditions.toolchains == (("javascript", "node 18.2.0, node 20.1.0"),)


def test_a_worker_that_dies_loses_nothing(running):
    """Its batches go to another worker, and no sample is judged twice or by its death."""
    jobs = [make_job(SLOW.format(seconds=0.02) + f"# {n}\n", n) for n in range(60)]
    with Grader(ClusterExecutor(running.scheduler_address, QUICK)) as grader:
        seen = []
        for verdict in grader.grade(jobs):
            seen.append(verdict)
            if len(seen) == 5:
                os.kill(next(iter(running.workers.values())).pid, signal.SIGKILL)
    assert sorted(verdict.sample for verdict in seen) == list(range(60))
    assert {verdict.verdict for verdict in seen} == {PASSED}


def test_a_worker_without_a_safe_sandbox_or_with_another_evalsite_is_left_out(running, tmp_path):
    """It is named with the reason, and everything is graded by those that are fit."""
    other = tmp_path / "other"
    shutil.copytree(Path(evalsite.__file__).parent, other / "evalsite")
    with (other / "evalsite" / "errors.py").open("a") as file:
        file.write("# changed\n")
    address = running.scheduler_address
    with (
        further_worker(address, tmp_path, *NO_LANDLOCK, PATH="/nowhere") as unsafe,
        further_worker(address, tmp_path, PYTHONPATH=str(other)) as different,
    ):
        wait_for_workers(address, 4, unsafe, different)
        executor = ClusterExecutor(address, QUICK)
        with Grader(executor) as grader:
            assert verdict_of(grader).verdict is PASSED
            assert executor.workers == 2
            reasons = sorted(executor.unfit.values())
    assert len(reasons) == 2
    assert any("another evalsite" in reason for reason in reasons)


def test_without_a_fit_worker_the_reasons_are_told(tmp_path):
    """A cluster of workers without a sandbox is refused as a machine without one is."""
    with (
        dask_cluster(0) as made,
        further_worker(made.scheduler_address, tmp_path, *NO_LANDLOCK, PATH="/nowhere") as unsafe,
    ):
        wait_for_workers(made.scheduler_address, 1, unsafe)
        with pytest.raises(SandboxError, match=r"no worker of tcp://.* can run programs\n  tcp://") as caught:
            ClusterExecutor(made.scheduler_address, QUICK).__enter__()
    assert "dask worker" in caught.value.hint


@pytest.fixture
def without_namespaces(tmp_path):
    """A PATH whose bubblewrap fails as it does in an ordinary container."""
    refusing = tmp_path / "bin" / "bwrap"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\necho 'bwrap: no namespaces for you' >&2\nexit 1\n")
    refusing.chmod(0o755)
    return f"{refusing.parent}:{os.environ['PATH']}"


def test_workers_in_ordinary_containers_grade_in_the_sandbox_that_they_have(tmp_path, without_namespaces):
    """Without a word from the user, who is told; and the run records it."""
    with (
        dask_cluster(0) as made,
        further_worker(made.scheduler_address, tmp_path, PATH=without_namespaces) as worker,
    ):
        wait_for_workers(made.scheduler_address, 1, worker)
        with Grader(ClusterExecutor(made.scheduler_address, QUICK)) as grader:
            assert verdict_of(grader).verdict is PASSED
            described = try_grading(Grading(sandbox="bubblewrap"), grader, [make_problem()], ignore)
            (note,) = grader.conditions.notes
        with pytest.raises(SandboxError, match="no namespaces for you"):
            ClusterExecutor(made.scheduler_address, QUICK, sandbox="bubblewrap").__enter__()
    assert described.sandbox == "landlock"
    assert "landlock, for bubblewrap does not start here: bwrap: no namespaces for you" in note


def test_of_two_sandboxes_that_of_most_threads_counts():
    """All samples are graded in one; who has another is named, with the way to have all alike."""

    def worker(sandbox):
        return remote.Worker(evalsite="", python="", sandbox=sandbox, note=f"in {sandbox}")

    workers = {"a": worker("bubblewrap"), "b": worker("landlock"), "c": worker("landlock"), "d": "broken"}
    executor = ClusterExecutor("tcp://127.0.0.1:9", QUICK)
    executor.conditions = cluster._commonest(workers, {"a": 3, "b": 2, "c": 2, "d": 9})
    assert (executor.conditions.sandbox, executor.conditions.notes) == ("landlock", ("in landlock",))
    assert executor._why_not(workers["b"]) == ""
    assert "in the sandbox bubblewrap, those of others in landlock (--sandbox" in executor._why_not(
        workers["a"]
    )
    assert cluster._commonest({"d": "broken"}, {"d": 9}) == Conditions()


def test_no_scheduler_is_one_message(monkeypatch):
    """An address at which nobody answers is told at once."""
    monkeypatch.setattr(cluster, "_CONNECT_S", 0.5)
    with pytest.raises(SandboxError, match=r"no scheduler answers at tcp://127.0.0.1:9"):
        ClusterExecutor("tcp://127.0.0.1:9", QUICK).__enter__()


def test_a_scheduler_that_goes_ends_the_work_as_incomplete():
    """What was obtained is kept by the writer; what was not is said to be missing, and can be resumed."""
    with dask_cluster(1) as made:
        with Grader(ClusterExecutor(made.scheduler_address, QUICK)) as grader:
            first = verdict_of(grader)
            future = grader.submit(make_job(SLOW.format(seconds=0.5), 1))
            made.close(timeout=5)
            with pytest.raises(IncompleteError, match=r"scheduler|did not come back"):
                future.result(60)
    assert first.verdict is PASSED


def test_what_travels_holds_no_secret(monkeypatch):
    """A batch is made of programs and tests alone."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    task = Task(source=RIGHT, tests="assert True", cpu_s=1, memory_mib=64)
    executor = ClusterExecutor("tcp://127.0.0.1:9", QUICK)
    sent = remote.pack_tasks([task]) + executor._settings
    assert RIGHT.encode() in sent
    assert b"secret" not in sent


def test_batches_are_shared_out_and_one_that_runs_alone_goes_by_itself():
    """Nobody waits for a neighbour that needs the machine; the last tasks go to as many workers as can be."""
    executor = ClusterExecutor("tcp://127.0.0.1:9", QUICK)
    executor._fit = {"tcp://a": 2, "tcp://b": 2}
    tasks = [Task(source=str(n), tests="", cpu_s=1, memory_mib=1, alone=n == 3) for n in range(24)]
    for task in tasks:
        executor.submit(task)
    batches = list(iter(executor._next_batch, None))
    sizes = [len(batch.entries) for batch in batches]
    assert len(batches) == 8
    assert max(sizes) == 3
    assert [
        [entry.task.source for entry in batch.entries] for batch in batches if batch.entries[0].task.alone
    ] == [["3"]]
