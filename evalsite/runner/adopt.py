"""Samples made elsewhere -> a run directory, ready to be graded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from evalsite.datasets import LoadedDataset
from evalsite.errors import DatasetError
from evalsite.rundir.schema import Completion, Grading, Model, Run, Verdict, VerdictClass
from evalsite.rundir.store import RunDir, new_run_id
from evalsite.runner.plan import describe_dataset, this_environment, utc_now


def begin_import(
    dataset: LoadedDataset,
    model: Model,
    completions: Sequence[Completion],
    grading: Grading | None,
    *,
    origin: str,
    runs_dir: Path,
) -> RunDir:
    """Create a run directory that holds the completions, none of them graded yet.

    ``grading`` is how they will be graded, or None where that is left for later.

    The run asks the problems that have samples; where these are fewer than the data set's, its record shows
    it (``num_problems`` against ``dataset.num_problems``).
    """
    if not completions:
        raise DatasetError(f"{origin}: holds no samples")
    samples = Counter(completion.problem for completion in completions)
    problems = tuple(problem for problem in dataset.problems if problem.task_id in samples)
    created_at = utc_now()
    run = Run(
        id=new_run_id(created_at, model.name, dataset.name),
        kind="imported",
        status="running",
        created_at=created_at,
        model=model,
        dataset=describe_dataset(dataset),
        num_problems=len(problems),
        num_samples=max(samples.values()),
        grading=grading,
        environment=this_environment(),
        origin=origin,
    )
    run_dir = RunDir.create(runs_dir, run, problems)
    with run_dir.append_completions() as appender:
        for completion in completions:
            appender.append(completion)
    return run_dir


def disagreements(run_dir: RunDir, claims: Mapping[tuple[str, int], bool]) -> list[Verdict]:
    """Return the verdicts that differ from what is claimed: ``(problem, sample)`` -> whether it passed."""
    return [
        verdict
        for verdict in run_dir.verdicts()
        if claims.get((verdict.problem, verdict.sample), verdict.verdict is VerdictClass.PASSED)
        != (verdict.verdict is VerdictClass.PASSED)
    ]
