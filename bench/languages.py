"""How many programs of other languages are compiled and run a second in the sandbox, and how many are bare.

Run ``python bench/languages.py``. Both grade the reference solutions of HumanEvalPack (``--data``;
``../shared/datasets`` by default) with two workers, in turns of a few problems each; "bare" runs the very
same commands, without any isolation or limit. The ratio is the median over the rounds. What a reference needs
that this machine lacks (a crate, a package) is graded as ever and counts; Go/95 passes seven times in eight,
as it goes through a map. ``--languages`` and ``--count`` measure less.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from evalsite.datasets import load_dataset
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.toolchains import find
from evalsite.rundir.schema import Limits, Problem, Program, Verdict

SHARED = Path(__file__).resolve().parents[2] / "shared" / "datasets"
ENOUGH = {"javascript": 12.0, "cpp": 3.0, "go": 3.0, "java": 1.5, "rust": 2.0}
"""References a second, on two processors."""
FILES = {"javascript": "js"}
AT_LEAST = 0.8
"""Of the rate of the same commands run bare."""
WORKERS = 2
TURN = 41
"""Problems that are run bare, then in the sandbox."""


def bare(problems: list[Problem]) -> float:
    """Seconds that the commands of all take without a sandbox."""
    start = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(_run_bare, problems))
    return time.monotonic() - start


def _run_bare(problem: Problem) -> None:
    found = find(problem.language)
    work = tempfile.mkdtemp(prefix="bench-work-")
    built = tempfile.mkdtemp(prefix="bench-built-")
    place = replace(found.place, work=work, built=built, memory_mib=Limits().memory_mib)
    home = {"HOME": work, "TMPDIR": work, "PATH": f"{place.cache}/bin", "LANG": "C.UTF-8"}
    for step in found.toolchain.steps(problem.reference, problem.tests, place):
        for name, content in step.files.items():
            Path(work, name).write_bytes(content)
        for words in filter(None, (step.words, step.otherwise)):
            done = subprocess.run(
                ["/bin/sh", "-c", 'exec "$@" 3>/dev/null', "sh", *words],
                input=(b"proof\n" if step.is_told else b"") + step.stdin,
                capture_output=True,
                cwd=work,
                env=home | dict(step.variables),
                check=False,
            )
            if done.returncode == 0:
                break
        if done.returncode:
            break
        for name in step.keeps:
            shutil.move(f"{work}/{name}", f"{built}/{name}")
    shutil.rmtree(work)
    shutil.rmtree(built)


def measured(problems: list[Problem]) -> tuple[float, float, int]:
    """Seconds that all take bare, and in the sandbox once its workers have started; how many pass there.

    They take turns, so that what else the machine does meets both.
    """
    jobs = [
        Job(Program(problem=each.task_id, sample=0, source=each.reference, rule="bench"), each)
        for each in problems
    ]
    alone = within = 0.0
    passed = 0
    with Grader(LocalExecutor(Limits(), workers=WORKERS), dedupe=False) as grader:
        list(grader.grade(jobs[: WORKERS * 2]))
        for first in range(0, len(jobs), TURN):
            alone += bare(problems[first : first + TURN])
            start = time.monotonic()
            found = [each for each in grader.grade(jobs[first : first + TURN]) if isinstance(each, Verdict)]
            within += time.monotonic() - start
            passed += sum(each.verdict == "passed" for each in found)
    return alone, within, passed


def main() -> int:
    """Print a row a language; 1 where one is slower than it has to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--languages", nargs="*", default=list(ENOUGH), choices=list(ENOUGH))
    parser.add_argument("--count", type=int, default=164)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    slow = []
    for language in options.languages:
        path = options.data / f"humanevalpack-{FILES.get(language, language)}.jsonl.gz"
        problems = list(load_dataset(f"humanevalpack-{language}", path).problems)[: options.count]
        ratios, rates = [], []
        for _ in range(options.rounds):
            alone, within, passed = measured(problems)
            ratios.append(alone / within)
            rates.append(len(problems) / within)
        rate, ratio = statistics.median(rates), statistics.median(ratios)
        print(
            f"{language:<12} {rate:6.1f} a second (at least {ENOUGH[language]:g}), {ratio:.2f} of bare "
            f"({min(ratios):.2f} to {max(ratios):.2f}; at least {AT_LEAST}), "
            f"{passed} of {len(problems)} pass",
            flush=True,
        )
        if rate < ENOUGH[language] or ratio < AT_LEAST:
            slow.append(language)
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
