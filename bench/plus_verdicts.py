"""Are base and plus verdicts those of EvalPlus, sample by sample?

Run ``python bench/plus_verdicts.py RESULTS``, a file that EvalPlus 0.3.1 wrote (``*_eval_results.json``): it
holds the programs with its status of each. They are graded by EvalPlus' own form of HumanEval+ (``--data``),
and what differs is printed. EvalPlus gives each input a second of wall time: on a busy machine some that fail
there only took longer.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from evalsite.datasets import load_dataset
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.verdicts import Ungraded
from evalsite.rundir.schema import Limits, Program

DATA = Path(__file__).resolve().parents[2] / "shared/datasets/HumanEvalPlus.jsonl.gz"


def main() -> None:
    """Compare all, and end with status 1 where one differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    problems = {each.task_id: each for each in load_dataset("humaneval-plus", options.data).problems}
    entries = {
        (task, number): entry
        for task, found in json.loads(options.results.read_bytes())["eval"].items()
        for number, entry in enumerate(found)
    }
    jobs = [
        Job(Program(problem=task, sample=n, source=entry["solution"], rule="bench"), problems[task])
        for (task, n), entry in entries.items()
    ]
    differing = 0
    with Grader(LocalExecutor(Limits(), workers=options.workers)) as grader:
        for verdict in grader.grade(jobs):
            entry = entries[verdict.problem, verdict.sample]
            theirs = tuple(part for part in ("base", "plus") if entry[f"{part}_status"] == "pass")
            ours = None if isinstance(verdict, Ungraded) else verdict.parts
            if ours != theirs:
                differing += 1
                print(f"{verdict.problem} {verdict.sample}: passed {ours}, by EvalPlus {theirs}")
    print(f"{len(jobs)} samples, {differing} of which differ")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
