"""``evalsite import``: samples made elsewhere -> a graded run directory."""

import contextlib
from pathlib import Path
from typing import Any

import click

from evalsite.cli.console import printable, progress_bar, resumable, say
from evalsite.cli.options import (
    FILE,
    NAME,
    GradingOptions,
    dataset_options,
    grade_option,
    grading_options,
    runs_dir_option,
)
from evalsite.datasets import load_dataset
from evalsite.formats.reading import READERS, ForeignFile, read_file
from evalsite.rundir.modelcard import read_model_card
from evalsite.rundir.schema import Model, ModelCard
from evalsite.rundir.store import RunDir
from evalsite.runner.adopt import begin_import, disagreements
from evalsite.runner.grade import Progress, check_sandbox, describe_grading, finish, grade_pending

SHOWN = 10
"""Disagreements that are listed one by one."""


@click.command("import")
@click.argument("file", type=FILE)
@dataset_options
@click.option(
    "--format",
    "form",
    type=click.Choice(list(READERS)),
    help="What FILE is.  [default: found out from its content]",
)
@click.option(
    "--model-name", type=NAME, required=True, metavar="NAME", help="The model that made the samples."
)
@click.option("--model-card", type=FILE, help="TOML: family, quantization, bits_per_weight, ...")
@grade_option
@runs_dir_option
@grading_options
def command(
    file: Path,
    dataset: str,
    data_path: Path | None,
    form: str | None,
    model_name: str,
    model_card: Path | None,
    runs_dir: Path,
    **options: Any,
) -> None:
    """Grade samples that were made elsewhere, and write a run directory.

    FILE is one of: plain samples (JSONL, each line with a task_id and one of 'solution', a whole
    program, 'completion', which continues the prompt, or 'response', a raw chat answer);
    EvalPlus' eval_results.json; generations of bigcode-evaluation-harness;
    samples_*.jsonl of lm-evaluation-harness; a log of Inspect (.eval or .json). All may be .gz.

    What the file itself says of its samples does not count: they are graded anew, and where the
    two differ it is told. The run's path is the last line on standard output.
    """
    grade = options.pop("grade")
    grading = GradingOptions.take(options)
    loaded = load_dataset(dataset, data_path)
    found = read_file(file, loaded, form)
    completions = [sample.completion for sample in found.samples]
    card = read_model_card(model_card) if model_card else ModelCard()
    asked = {completion.problem for completion in completions}
    problems = tuple(problem for problem in loaded.problems if problem.task_id in asked)
    say(f"{file.name}: {len(completions)} samples ({found.form})")
    if completions and len(problems) < len(loaded.problems):
        say(
            f"note: {file.name} has samples for {len(problems)} of {len(loaded.problems)} problems; "
            "scores are over those, and say so"
        )
    with grading.grader() if grade else contextlib.nullcontext() as grader:
        if grader is not None and grading.preflight and (warning := check_sandbox(grader, problems)):
            say(f"preflight: {warning}")
        run_dir = begin_import(
            loaded,
            Model(name=model_name, card=card),
            completions,
            describe_grading(grading.grading(), grader) if grader is not None else None,
            origin=file.name,
            runs_dir=runs_dir,
        )
        progress = Progress(total=len(completions), answered=len(completions))
        with resumable(run_dir.path), run_dir.lock():
            if grader is not None:
                with progress_bar(printable(model_name)) as watch:
                    grade_pending(run_dir, grader, progress, watch)
            finish(run_dir, "complete")
    if grader is not None:
        _tell_disagreements(run_dir, found)
    click.echo(run_dir.path)


def _tell_disagreements(run_dir: RunDir, found: ForeignFile) -> None:
    """Hold the file's own word on its samples against the verdicts."""
    claims = {
        (sample.completion.problem, sample.completion.sample): sample.claimed
        for sample in found.samples
        if sample.claimed is not None
    }
    if not claims:
        return
    differing = disagreements(run_dir, claims)
    say(f"the file's own results: {len(claims) - len(differing)} of {len(claims)} agree with the verdicts")
    for verdict in differing[:SHOWN]:
        word = "passed" if claims[verdict.problem, verdict.sample] else "failed"
        say(f"  {verdict.problem} sample {verdict.sample}: {word} there, {verdict.verdict} here")
    if len(differing) > SHOWN:
        say(f"  and {len(differing) - SHOWN} more")
