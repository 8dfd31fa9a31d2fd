"""``evalsite import``: samples made elsewhere -> a graded run directory."""

from pathlib import Path
from typing import Any

import click

from evalsite import api
from evalsite.cli.console import resumable, say
from evalsite.cli.ending import end_with, refuse_ungraded
from evalsite.cli.options import (
    FILE,
    NAME,
    GradingOptions,
    dataset_options,
    grade_option,
    grading_options,
    runs_dir_option,
    size,
)
from evalsite.cli.progress import progress, progress_option
from evalsite.datasets import load_dataset
from evalsite.datasets.unpacking import MOST, MULTIPLE, ROOM, Room
from evalsite.events import Watched
from evalsite.formats.reading import READERS, read_file
from evalsite.rundir.modelcard import read_model_card
from evalsite.rundir.schema import Model, ModelCard
from evalsite.runner.adopt import Adopted
from evalsite.words.sentences import and_more

SHOWN = 10
"""Disagreements that are listed one by one."""


def _room(context: click.Context, option: click.Parameter, text: str | None) -> Room:
    most = size(context, option, text)
    return ROOM if most is None else Room(most, asked_for=True)


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
@click.option(
    "--max-unpacked",
    "room",
    callback=_room,
    metavar="SIZE",
    help=f"How much FILE may unpack to, or hold where it has to be read whole, such as 2GB.  "
    f"[default: {MOST // 10**6}MB, and {MULTIPLE} times a packed file's own size]",
)
@progress_option
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
    room: Room,
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
    grade, runs_dir = options.pop("grade"), options.pop("runs_dir")
    grading = GradingOptions.take(options)
    loaded = load_dataset(dataset, data_path)
    found = read_file(file, loaded, form, room)
    card = read_model_card(model_card) if model_card else ModelCard()
    with progress() as listener:
        adopted = api.adopt(
            found,
            loaded,
            Model(name=model_name, card=card),
            grading.grading(),
            grading.grader() if grade else None,
            runs_dir,
            Watched(listener, resumable),
        )
    if grade and adopted.claims:
        _tell_disagreements(adopted)
    end_with(adopted.run_dir.path)
    if grade:
        refuse_ungraded(adopted.run_dir.path)


def _tell_disagreements(adopted: Adopted) -> None:
    """Hold the file's own word on its samples against the verdicts."""
    claims, differing = adopted.claims, adopted.differing
    say(f"the file's own results: {len(claims) - len(differing)} of {len(claims)} agree with the verdicts")
    for verdict in differing[:SHOWN]:
        word = "passed" if claims[verdict.problem, verdict.sample] else "failed"
        say(f"  {verdict.problem} sample {verdict.sample}: {word} there, {verdict.verdict} here")
    if rest := and_more(len(differing), SHOWN):
        say(f"  {rest}")
