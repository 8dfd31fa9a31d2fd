"""Samples made elsewhere -> a run directory, graded."""

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalsite.datasets import LoadedDataset
from evalsite.errors import DatasetError
from evalsite.events import UNWATCHED, SampleCount, Watched, remark
from evalsite.formats.reading import ForeignFile
from evalsite.grade.engine import Grader
from evalsite.rundir.schema import Completion, Grading, Model, Run, Verdict
from evalsite.rundir.store import RunDir, new_run_id
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.runner.grade import describe_grading, finish, grade_pending, note, preflight_remark
from evalsite.runner.plan import describe_dataset, this_environment, utc_now


@dataclass(frozen=True)
class Adopted:
    """A run made of samples from elsewhere, and what their file claimed of them."""

    run_dir: RunDir
    claims: Mapping[tuple[str, int], bool]
    """(problem, sample) -> whether the file says that it passed."""
    differing: tuple[Verdict, ...]
    """The verdicts that differ from their claim; empty where nothing was graded."""


def adopt(
    found: ForeignFile,
    dataset: LoadedDataset,
    model: Model,
    grading: Grading,
    grader: Grader | None,
    runs_dir: Path,
    watched: Watched = UNWATCHED,
) -> Adopted:
    """Write a run directory of samples that were made elsewhere, and grade them.

    ``grader`` is not yet started; with None nothing is graded now. Raises :class:`DatasetError` where there
    are no samples, and :class:`SandboxError` where grading does not work here; then no run is left behind.
    """
    listener = watched.listener
    completions = [sample.completion for sample in found.samples]
    asked = {completion.problem for completion in completions}
    problems = tuple(problem for problem in dataset.problems if problem.task_id in asked)
    remark(listener, f"{found.name}: {len(completions)} samples ({found.form})")
    if completions and len(problems) < len(dataset.problems):
        part = f"{found.name} has samples for {len(problems)} of {len(dataset.problems)} problems"
        remark(listener, note(f"{part}; scores are over those, and say so"))
    with grader or contextlib.nullcontext():
        if grader is not None and grading.preflight:
            remark(listener, preflight_remark(grader, problems))
        described = describe_grading(grading, grader) if grader is not None else None
        run_dir = begin_import(dataset, model, completions, described, origin=found.name, runs_dir=runs_dir)
        with watched.within(run_dir.path), run_dir.lock():
            if grader is not None:
                count = SampleCount("importing", model.name, len(completions), listener, len(completions))
                grade_pending(run_dir, grader, count)
            finish(run_dir, "complete")
    claims = {
        (sample.completion.problem, sample.completion.sample): sample.claimed
        for sample in found.samples
        if sample.claimed is not None
    }
    differing = tuple(disagreements(run_dir, claims)) if grader is not None else ()
    return Adopted(run_dir, claims, differing)


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
