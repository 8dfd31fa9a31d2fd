"""``evalsite import``: samples made elsewhere -> a graded run directory."""

from pathlib import Path
from typing import Any

import click

from evalsite.cli.console import printable, progress_bar, say
from evalsite.cli.options import FILE, GradingOptions, dataset_options, grading_options, runs_dir_option
from evalsite.datasets import load_dataset
from evalsite.formats.samples import read_samples
from evalsite.rundir.schema import Model, ModelCard
from evalsite.runner.grading import Progress, check_sandbox, describe_grading, finish, grade_pending
from evalsite.runner.importing import begin_import
from evalsite.runner.modelcard import read_model_card


@click.command("import")
@click.argument("file", type=FILE)
@dataset_options
@click.option("--model-name", required=True, metavar="NAME", help="The model that made the samples.")
@click.option("--model-card", type=FILE, help="TOML: family, quantization, bits_per_weight, ...")
@runs_dir_option
@grading_options
def command(
    file: Path,
    dataset: str,
    data_path: Path | None,
    model_name: str,
    model_card: Path | None,
    runs_dir: Path,
    **options: Any,
) -> None:
    """Grade samples that were made elsewhere, and write a run directory.

    FILE is JSONL, plain or .gz. Each line has a task_id and one of 'solution' (a whole
    program), 'completion' (continues the prompt, or repeats it whole) or 'response' (a raw
    chat answer). The run's path is the last line on standard output.
    """
    grading = GradingOptions.take(options)
    loaded = load_dataset(dataset, data_path)
    completions = list(read_samples(file, {problem.task_id: problem for problem in loaded.problems}))
    card = read_model_card(model_card) if model_card else ModelCard()
    asked = {completion.problem for completion in completions}
    problems = tuple(problem for problem in loaded.problems if problem.task_id in asked)
    if completions and len(problems) < len(loaded.problems):
        say(
            f"note: {file.name} has samples for {len(problems)} of {len(loaded.problems)} problems; "
            "scores are over those, and say so"
        )
    with grading.grader() as grader:
        if grading.preflight and (warning := check_sandbox(grader, problems)):
            say(f"preflight: {warning}")
        run_dir = begin_import(
            loaded,
            Model(name=model_name, card=card),
            completions,
            describe_grading(grading.grading(), grader),
            origin=file.name,
            runs_dir=runs_dir,
        )
        progress = Progress(total=len(completions), answered=len(completions))
        with run_dir.lock(), progress_bar(printable(model_name)) as watch:
            grade_pending(run_dir, grader, progress, watch)
            finish(run_dir, "complete")
    click.echo(run_dir.path)
