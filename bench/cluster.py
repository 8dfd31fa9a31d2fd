"""What grading on a cluster costs: beside local workers, with more workers, with a million samples.

Run ``python bench/cluster.py`` (some ten minutes; ``--samples`` and ``--rounds`` for less). Needs the extra
``dask``. The first part grades reference solutions with two workers of a real cluster on this machine and
with two local ones, in turns. The other parts simulate the programs, which sleep or take no time at all, so
that scheduler, batches and streaming are measured and not this machine's processors. Ends with 1 where a
figure is out of what docs/scaling.md promises.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from distributed import Client, LocalCluster

from evalsite.datasets import load_dataset
from evalsite.grading.engine import Grader, Job
from evalsite.grading.execution import Execution
from evalsite.grading.executors import remote
from evalsite.grading.executors.base import Conditions, Executor, Task
from evalsite.grading.executors.cluster import ClusterExecutor
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits, Problem, Program, Verdict

ENOUGH = 0.9
"""Of the local grader's speed, and of a linear speed-up."""
MOST_GROWTH = 1.2
"""Times the client's memory after a tenth of the samples."""
PROGRAM_S = 0.05


class Sleeping:
    """An executor whose programs take as long as they may, without using a processor."""

    conditions = Conditions(("simulated",), "3")

    def __init__(self, _limits: Limits, *, workers: int, **_: object) -> None:
        self._pool = ThreadPoolExecutor(workers)

    def __enter__(self) -> "Sleeping":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def submit(self, task: Task) -> "Future[Execution]":
        """Sleep as long as the task may take; one that may take nothing is done at once."""
        if task.cpu_s < 1e-3:
            done: Future[Execution] = Future()
            done.set_result(Execution(proven=True))
            return done
        return self._pool.submit(_sleep, task.cpu_s)


def _sleep(for_s: float) -> Execution:
    time.sleep(for_s)
    return Execution(proven=True)


def simulate(kind: type) -> None:
    """On a worker: let programs be simulated from now on."""
    vars(remote)["LocalExecutor"] = kind


def cluster(workers: int) -> LocalCluster:
    """A scheduler and workers of one thread each, in processes of their own."""
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", memory_limit=0
    )


def simulated(made: LocalCluster) -> None:
    """Let all workers of a cluster simulate their programs."""
    with Client(made.scheduler_address, set_as_default=False) as client:
        client.run(simulate, Sleeping)


def jobs(problems: list[Problem], number: int) -> Iterator[Job]:
    """Reference solutions, over and over, each a text of its own."""
    for sample in range(number):
        problem = problems[sample % len(problems)]
        source = f"{problem.reference}\n# {sample}\n"
        yield Job(Program(problem=problem.task_id, sample=sample, source=source, rule="bench"), problem)


def seconds(executor: Executor, make: Callable[[], Iterator[Job]]) -> float:
    """How long all take once the workers are ready."""
    with Grader(executor, dedupe=False) as grader:
        for _ in grader.grade(make()):
            break
        begun = time.monotonic()
        for verdict in grader.grade(make()):
            assert isinstance(verdict, Verdict), verdict
            assert verdict.verdict == "passed", verdict
        return time.monotonic() - begun


def beside_local(rounds: int, copies: int) -> Iterator[str]:
    """Two workers of a cluster against two local ones."""
    problems = list(load_dataset("humaneval").problems)
    number = copies * len(problems)
    ratios = []
    with cluster(2) as made:
        for _ in range(rounds):
            local = seconds(LocalExecutor(Limits(), workers=2), lambda: jobs(problems, number))
            far = seconds(ClusterExecutor(made.scheduler_address, Limits()), lambda: jobs(problems, number))
            ratios.append(local / far)
            print(f"| {number / local:.0f} a second | {number / far:.0f} a second | {ratios[-1]:.2f} |")
    ratio = statistics.median(ratios)
    print(f"\nA cluster of two is {ratio:.2f} times as fast as two local workers ({ENOUGH} wanted).")
    if ratio < ENOUGH:
        yield f"cluster / local {ratio:.2f}"


def speed_up(each: int) -> Iterator[str]:
    """More workers, programs that sleep."""
    problems = list(load_dataset("humaneval").problems)
    limits = Limits(cpu_s=PROGRAM_S)
    rates = {}
    for workers in (2, 4, 8):
        with cluster(workers) as made:
            simulated(made)
            number = each * workers
            taken = seconds(ClusterExecutor(made.scheduler_address, limits), lambda: jobs(problems, number))  # noqa: B023
            rates[workers] = number / taken
        linear = rates[workers] / rates[2] / (workers / 2)
        print(f"| {workers} | {rates[workers]:.0f} | {linear:.2f} |")
        if linear < ENOUGH:
            yield f"{workers} workers reach {linear:.2f} of a linear speed-up"


def many(number: int) -> Iterator[str]:
    """So many samples that take no time: what is left is the cluster's own cost."""
    problems = list(load_dataset("humaneval").problems)
    with cluster(2) as made:
        simulated(made)
        executor = ClusterExecutor(made.scheduler_address, Limits(cpu_s=1e-6))
        begun, early = time.monotonic(), 0
        with Grader(executor, dedupe=False) as grader:
            for seen, _ in enumerate(grader.grade(jobs(problems, number)), 1):
                if seen == number // 10:
                    early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        taken = time.monotonic() - begun
    late = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"| {number:,} | {1e6 * taken / number:.0f} | {early >> 10} | {late >> 10} |")
    if late > MOST_GROWTH * early:
        yield f"memory grew from {early >> 10} to {late >> 10} MiB"


def main() -> int:
    """Measure all parts, print their tables, and say what is out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--copies", type=int, default=10, help="of each reference solution")
    parser.add_argument("--each", type=int, default=200, help="sleeping programs for each worker")
    parser.add_argument("--samples", type=int, default=1_000_000)
    given = parser.parse_args()
    parts: list[tuple[str, str, Any]] = [
        (
            "local | cluster | ratio",
            "Reference solutions, two workers",
            beside_local(given.rounds, given.copies),
        ),
        (
            "workers | programs a second | of linear",
            f"Programs that sleep {PROGRAM_S} s",
            speed_up(given.each),
        ),
        (
            "samples | microseconds each | client MiB after a tenth | at the end",
            "Programs that take no time",
            many(given.samples),
        ),
    ]
    out = []
    for head, title, part in parts:
        print(f"\n## {title}\n\n| {head} |\n|{'---|' * (head.count('|') + 1)}", flush=True)
        out += list(part)
    print("\n" + ("Out: " + "; ".join(out) if out else "All as promised."))
    return 1 if out else 0


if __name__ == "__main__":
    sys.exit(main())
