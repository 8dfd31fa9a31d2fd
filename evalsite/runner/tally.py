"""Answers on disk -> their symptoms, and a run's counts, told anew; nothing is asked, and nothing graded."""

from dataclasses import dataclass

from msgspec.structs import replace

from evalsite.counts.tally import rebuild_summary
from evalsite.extraction import extract
from evalsite.rundir.schema import Completion, Problem, Program, Verdict
from evalsite.rundir.store import VERDICTS, RunDir
from evalsite.symptoms import find_symptoms


@dataclass(frozen=True)
class Tallied:
    """What came of it."""

    looked_at: int
    """Answers."""
    changed: int
    """Verdicts whose symptoms are others than before, or were not known."""


def tally_run(run_dir: RunDir) -> Tallied:
    """Look at all graded answers of a run for symptoms; write its summary, and its rows where any changes.

    Verdicts and programs stay as they are, and packed files packed. Must be called with the run's lock held.
    """
    problems = {problem.task_id: problem for problem in run_dir.problems()}
    rows = {(row.problem, row.sample): row for row in run_dir.verdicts()}
    looked_at = changed = 0
    for completion in run_dir.completions():
        key = (completion.problem, completion.sample)
        before = rows.get(key)
        if before is None or completion.problem not in problems:
            continue
        looked_at += 1
        after = _told(problems[completion.problem], completion, before)
        changed += after != before
        rows[key] = after
    if changed:
        packed = any(path.name != name for name, path in run_dir.files() if name == VERDICTS)
        run_dir.write_verdicts(rows.values())
        if packed:
            run_dir.pack()
    run_dir.write_summary(rebuild_summary(run_dir))
    return Tallied(looked_at, changed)


def _told(problem: Problem, completion: Completion, verdict: Verdict) -> Verdict:
    if completion.again:  # the verdict's program is the second answer's
        program = extract(problem, completion)
    else:
        program = Program(
            problem=verdict.problem, sample=verdict.sample, source=verdict.program, rule=verdict.rule
        )
    return replace(verdict, symptoms=find_symptoms(problem, completion, program))
