"""How many references of the polyglot exercises pass here, and which files pass as they are given.

``python -m tests.edits.references`` prints a line a language; it needs ../shared and the languages' tools.
"""

from pathlib import Path

from evalsite.datasets.reading import read_problems
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.rundir.schema import Limits, Program

DATA = Path(__file__).parents[2] / ".." / "shared" / "datasets"


def main() -> None:
    """Grade every reference, and every exercise as it is given."""
    with Grader(LocalExecutor(Limits())) as grader:
        for language in ("python", "go", "rust"):
            problems = list(read_problems(DATA / f"polyglot-{language}.jsonl.gz"))
            jobs = [
                Job(Program(problem=each.task_id, sample=n, source=source, rule="reference"), each)
                for each in problems
                for n, source in enumerate(
                    (each.reference, kind_of(each).stubs(each, language_of(each).running)["stub"])
                )
            ]
            verdicts = {(row.problem, row.sample): row.verdict for row in grader.grade(jobs)}
            failing = [
                f"{task} ({kind})" for (task, n), kind in verdicts.items() if not n and kind != "passed"
            ]
            given = [task for (task, n), kind in verdicts.items() if n and kind == "passed"]
            print(f"{language}: {len(problems) - len(failing)} of {len(problems)} references pass")
            print(f"  not {', '.join(sorted(failing)) or 'none'}; as given pass {sorted(given)}")


if __name__ == "__main__":
    main()
