"""Every data set of the catalogue that lies here is graded by the command that users give.

``python -m tests.datasets.commanded [NAME...]`` (in a checkout with ../shared) imports the references of the
first and the last problem that can be judged, and prints what came of each; it ends with 1 where a command
failed, or not all that models did not write passed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from evalsite.datasets import KNOWN, load_dataset
from evalsite.errors import DatasetError
from evalsite.rundir.store import RunDir

SHARED = Path(__file__).parents[2] / ".." / "shared" / "datasets"


def here() -> Iterator[str]:
    """Names of data sets of programs that lie in the folder."""
    for name, known in KNOWN.items():
        if "calls" in known.kinds or "agent" in known.kinds or "exercise" in known.kinds:
            continue
        try:
            load_dataset(name)
        except DatasetError:
            continue
        yield name


def imported(name: str, folder: Path) -> tuple[bool, str]:
    """Whether the command ended well, and what it came to."""
    unjudged = KNOWN[name].unjudged
    problems = [each for each in load_dataset(name).problems if each.task_id not in unjudged]
    rows = [{"task_id": each.task_id, "solution": each.reference} for each in (problems[0], problems[-1])]
    (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    words = ["import", "answers.jsonl", "--dataset", name, "--model-name", "m", "--as", "solution"]
    done = subprocess.run(
        [sys.executable, "-m", "evalsite", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return False, done.stderr.strip()
    verdicts = [row.verdict.value for row in RunDir(folder / done.stdout.strip()).verdicts()]
    shape = KNOWN[name].shape
    doubtful = shape is not None and shape.by_models
    return doubtful or verdicts == ["passed", "passed"], " and ".join(verdicts)


def main(names: list[str]) -> int:
    """Print a line for each data set."""
    os.environ.setdefault("EVALSITE_DATA", str(SHARED.resolve()))
    wrong = 0
    for name in names or here():
        with TemporaryDirectory() as folder:
            well, told = imported(name, Path(folder))
        wrong += not well
        print(f"{name}: {told}" + ("" if well else "  <- not as it should be"), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
