"""Samples made elsewhere -> a run directory, graded."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from msgspec import structs

from evalsite.datasets import LoadedDataset
from evalsite.errors import DatasetError
from evalsite.events import UNWATCHED, SampleCount, Watched, remark
from evalsite.extraction import extract, may_compile
from evalsite.formats.reading import ForeignFile
from evalsite.grading.engine import Grader
from evalsite.rundir.schema import Grading, Model, Run, Verdict
from evalsite.rundir.store import RunDir, new_run_id
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.runner.grade import finish, grade_pending, note
from evalsite.runner.recording import describe_dataset, this_environment, utc_now
from evalsite.runner.trial import try_grading
from evalsite.words.sentences import count, names


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
    total = found.num_samples
    if not found.counts:
        raise DatasetError(f"{found.name}: holds no samples")
    problems = tuple(problem for problem in dataset.problems if problem.task_id in found.counts)
    remark(listener, f"{found.name}: {count(total, 'sample')} ({found.form})")
    for told in _told(found, dataset):
        remark(listener, note(told))
    if len(problems) < len(dataset.problems):
        part = f"{found.name} has samples for {len(problems)} of {len(dataset.problems)} problems"
        remark(listener, note(f"{part}; scores are over those, and say so"))
    if grader is not None:
        grader.expect(problems)
    with grader or contextlib.nullcontext():
        about = describe_dataset(dataset)
        described = try_grading(grading, grader, problems, listener, about) if grader else None
        run_dir = begin_import(found, dataset, model, described, runs_dir)
        with watched.within(run_dir.path), run_dir.lock():
            if grader is not None:
                progress = SampleCount("importing", model.name, total, listener, total)
                grade_pending(run_dir, grader, progress)
            finish(run_dir, "complete")
    differing = tuple(disagreements(run_dir, found.claims)) if grader is not None else ()
    return Adopted(run_dir, found.claims, differing)


def _told(found: ForeignFile, dataset: LoadedDataset) -> Iterator[str]:
    """What people should know of how a file was read, as sentences."""
    told = found.told
    for clause, number in told.notes.items():
        yield f"{number} of {count(found.num_samples, 'answer')} {clause}"
    if told.missing:
        samples = count(told.missing.total(), "sample")
        yield f"{samples} without an answer, and missing: {names(list(told.missing))}"
    if told.num_left_out:
        why = names(told.left_out[:MOST_SHOWN])
        yield f"{count(told.num_left_out, 'record')} left out (--strict refuses them): {why}"
    if told.passed_over:
        yield f"passed over, since they are of another form or none: {names(told.passed_over)}"
    wrong, looked_at = _misread(found, dataset)
    if wrong * _FEW >= looked_at and wrong:
        yield (
            f"{wrong} of {count(looked_at, 'solution')} do not compile, but hold the function when they are "
            "read as chat answers: is this a file of raw answers, such as EvalPlus' .raw.jsonl? "
            "Read it so with: --as response"
        )


MOST_SHOWN = 3
MOST_LOOKED_AT = 1000
_FEW = 5


def _misread(found: ForeignFile, dataset: LoadedDataset) -> tuple[int, int]:
    """How many solutions are none, but answers that hold one; and of how many that were looked at."""
    problems = {problem.task_id: problem for problem in dataset.problems}
    solutions = (each.completion for each in found.samples if each.completion.form == "solution")
    wrong = looked_at = 0
    for completion in islice(solutions if "solution" in found.read_as else (), MOST_LOOKED_AT):
        looked_at += 1
        problem = problems[completion.problem]
        if not may_compile(problem, completion.text):
            answer = extract(problem, structs.replace(completion, form="response"))
            wrong += answer.rule.split("+")[0] not in ("broken", "no-code")
    return wrong, looked_at


def begin_import(
    found: ForeignFile, dataset: LoadedDataset, model: Model, grading: Grading | None, runs_dir: Path
) -> RunDir:
    """Create a run directory that holds the completions, none of them graded yet.

    ``grading`` is how they will be graded, or None where that is left for later.

    The run asks the problems that have samples; where these are fewer than the data set's, its record shows
    it (``num_problems`` against ``dataset.num_problems``).
    """
    problems = tuple(problem for problem in dataset.problems if problem.task_id in found.counts)
    created_at = utc_now()
    run = Run(
        id=new_run_id(created_at, model.name, dataset.name),
        kind="imported",
        status="running",
        created_at=created_at,
        model=model,
        dataset=describe_dataset(dataset),
        num_problems=len(problems),
        num_samples=max(number + found.told.missing[problem] for problem, number in found.counts.items()),
        grading=grading,
        environment=this_environment(),
        origin=found.name,
        read_as=found.read_as,
    )
    run_dir = RunDir.create(runs_dir, run, problems)
    with run_dir.append_completions() as appender:
        for sample in found.samples:
            appender.append(sample.completion)
    return run_dir


def disagreements(run_dir: RunDir, claims: Mapping[tuple[str, int], bool]) -> list[Verdict]:
    """Return the verdicts that differ from what is claimed: ``(problem, sample)`` -> whether it passed."""
    return [
        verdict
        for verdict in run_dir.verdicts()
        if claims.get((verdict.problem, verdict.sample), verdict.verdict is VerdictClass.PASSED)
        != (verdict.verdict is VerdictClass.PASSED)
    ]
