"""``evalsite import``: samples made elsewhere -> a graded run directory."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from evalsite.cli.console import resumable, say
from evalsite.cli.options import (
    GradingOptions,
    dataset_options,
    grade_option,
    read_dataset,
    runs_dir_option,
)
from evalsite.cli.parameters import FILE, NAME, PATH, Number, size
from evalsite.cli.progress import progress, progress_option
from evalsite.datasets.catalogue import find
from evalsite.datasets.unpacking import MOST, MULTIPLE, ROOM, Room
from evalsite.events import Watched
from evalsite.formats.reading import READERS, ForeignFile, read_file
from evalsite.kinds import KINDS
from evalsite.machine.garbage import not_looked_for
from evalsite.rundir.levels import Wanted
from evalsite.rundir.modelcard import read_model_card
from evalsite.rundir.schema import AnswerForm, Model, ModelCard
from evalsite.words.sentences import and_more, count
from evalsite.words.text import one_line

if TYPE_CHECKING:
    from evalsite.runner.adopt import Adopted

SHOWN = 10
"""Disagreements that are listed one by one."""


def _room(context: click.Context, option: click.Parameter, text: str | None) -> Room:
    most = size(context, option, text)
    return ROOM if most is None else Room(most, asked_for=True)


@click.command("import")
@click.argument("file", type=PATH)
@dataset_options
@click.option(
    "--format",
    "form",
    type=click.Choice(list(READERS)),
    help="What FILE is.  [default: found out from its content]",
)
@click.option(
    "--as",
    "read_as",
    type=click.Choice(get_args(AnswerForm)),
    help="How all answers are read, whatever FILE says.  [default: as its fields and form say]",
)
@click.option(
    "--strict", is_flag=True, help="Refuse FILE for a record that does not fit, rather than leave it out."
)
@click.option(
    "--model-name", type=NAME, required=True, metavar="NAME", help="The model that made the samples."
)
@click.option("--model-card", type=FILE, help="TOML: family, quantization, bits_per_weight, ...")
@click.option(
    "--api", type=click.Choice(["completions", "chat"]), help="By which API it was asked, if known."
)
@click.option("--prompt", type=NAME, metavar="NAME", help="In what words, if known: a name for them.")
@click.option("--temperature", type=Number(min=0), help="At what temperature, if known.")
@click.option("--top-p", type=Number(min=0, max=1), help="With what top_p, if known.")
@click.option("--max-tokens", type=click.IntRange(min=1), help="With what limit of tokens, if known.")
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
@GradingOptions.options
def command(
    file: Path,
    dataset: str,
    data_path: Path | None,
    model_name: str,
    model_card: Path | None,
    **options: Any,
) -> None:
    """Grade samples that were made elsewhere, and write a run directory.

    FILE is one of: plain samples (JSON lines, each with a task_id and one of 'solution', a whole
    program, 'completion', which continues the prompt, or 'response', a raw chat answer);
    EvalPlus' eval_results.json or folder of programs; generations of bigcode-evaluation-harness;
    samples_*.jsonl of lm-evaluation-harness; a log of Inspect (.eval or .json); reviews or
    predictions of EvalScope; predictions of OpenCompass; outputs of LiveCodeBench; completions or
    results of MultiPL-E; results of BFCL, and chat completions with calls of tools; programs by task;
    or a folder, or a zip file, of such files. All may be packed (.gz, .xz, .zst, .bz2, .zip), or
    Parquet.

    What the file itself says of its samples does not count: they are graded anew, and where the
    two differ it is told. The run's path is the last line on standard output.
    """
    grade, runs_dir = options.pop("grade"), options.pop("runs_dir")
    reading = {name: options.pop(name) for name in ("form", "room", "read_as", "strict")}
    asked = {name: options.pop(name) for name in ("api", "prompt", "temperature", "top_p", "max_tokens")}
    declared = {name: _text(value) for name, value in asked.items() if value is not None}
    grading = GradingOptions.take(options)
    grader = grading.grader() if grade else None
    with grader.begun() if grader and _runs_programs(dataset) else nullcontext():
        with not_looked_for():  # what counts and concludes, and numpy, come while the sandboxes start
            from evalsite import api
            from evalsite.cli.ending import end_with, refuse_ungraded

        loaded = read_dataset(dataset, data_path)
        found = read_file(file, loaded, **reading)
        card = read_model_card(model_card) if model_card else ModelCard()
        with progress() as listener:
            adopted = api.adopt(
                found,
                loaded,
                Model(name=model_name, card=card, declared=declared),
                grading.grading(),
                grader,
                runs_dir,
                Watched(listener, resumable),
            )
    say(_closing(found, adopted, graded=grade))
    if grade:
        _tell_disagreements(adopted)
    end_with(adopted.run_dir.path)
    if grade:
        refuse_ungraded(adopted.run_dir.path)


def _runs_programs(dataset: str) -> bool:
    """Whether a data set has programs to run; one whose name does not tell nearly always has."""
    known = find(Wanted.parse(dataset)[0])
    return known is None or any(KINDS[kind].runs for kind in known.kinds)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _closing(found: ForeignFile, adopted: "Adopted", *, graded: bool) -> str:
    """What was read, how, what is not there, and how many verdicts agree with the file's own."""
    told, claims = found.told, adopted.claims
    fields = " and ".join(f"`{name}`" for name in told.fields)
    read = f", read from {fields} as {' and '.join(found.read_as)}" if told.fields else ""
    run = adopted.run_dir.read_run()
    empty = told.missing.total()
    absent = run.num_problems * run.num_samples - found.num_samples - empty
    parts = [
        f"{count(found.num_samples, 'sample')} ({found.form}){read}",
        f"{empty} without an answer, {absent} not in the file, {count(told.num_left_out, 'record')} left out",
    ]
    if not graded:
        parts.append("nothing graded")
    elif claims:
        agreeing = len(claims) - len(adopted.differing)
        parts.append(f"the file's own results: {agreeing} of {len(claims)} agree with the verdicts")
    else:
        parts.append("no results of its own")
    return f"{found.name}: {'; '.join(parts)}"


def _tell_disagreements(adopted: "Adopted") -> None:
    """Hold the file's own word on its samples against the verdicts."""
    claims, differing = adopted.claims, adopted.differing
    for verdict in differing[:SHOWN]:
        word = "passed" if claims[verdict.problem, verdict.sample] else "failed"
        say(f"  {one_line(verdict.problem)} sample {verdict.sample}: {word} there, {verdict.verdict} here")
    if rest := and_more(len(differing), SHOWN):
        say(f"  {rest}")
