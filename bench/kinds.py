"""Do all references of the data sets of other kinds pass, and do all stubs fail? With the CPU time it takes.

Run ``python bench/kinds.py``; the files lie in ``../shared/datasets``, unless ``--data`` says otherwise.
"""

import argparse
import os
import sys
from pathlib import Path

from evalsite.datasets import cruxeval, load_dataset
from evalsite.datasets.records import decode_record, read_records
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.preflight import preflight
from evalsite.rundir.schema import Limits, Problem

DATA = Path(__file__).resolve().parents[2] / "shared/datasets"


def main() -> None:
    """Try them all, and end with status 1 where one came out otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    good = True
    for name, problems in data_sets(options.data).items():
        before = os.times()
        with Grader(LocalExecutor(Limits(), workers=options.workers)) as grader:
            report = preflight(grader, problems)
        after = os.times()
        wrong = [f"{each.problem} ({each.kind}: {each.verdict.verdict})" for each in report.failures]
        spent = sum(after[:4]) - sum(before[:4])
        print(
            f"{name}: {report.num_problems} references, {len(wrong)} failures, {spent:.0f} s of CPU time",
            *wrong,
        )
        good = good and not wrong
    sys.exit(0 if good else 1)


def data_sets(folder: Path) -> dict[str, tuple[Problem, ...]]:
    """Name -> problems."""
    crux = folder / "cruxeval.jsonl.gz"
    rows = [decode_record(place, raw, cruxeval.CruxEvalRecord) for place, raw in read_records(crux)]
    found = {
        "cruxeval-output": tuple(map(cruxeval.to_output_problem, rows)),
        "cruxeval-input": tuple(map(cruxeval.to_input_problem, rows)),
    }
    for kind in ("SingleLine", "RandomSpan"):
        path = next(folder.glob(f"HumanEval-{kind}Infilling*"))
        found[path.name.partition(".")[0]] = load_dataset(path.name, path).problems
    return found


if __name__ == "__main__":
    main()
