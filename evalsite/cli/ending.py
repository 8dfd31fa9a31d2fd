"""How a command that made or changed a run ends: what it came to, and the command that comes next."""

from collections.abc import Iterator
from pathlib import Path

import click

from evalsite import api
from evalsite.cli.console import as_typed, say
from evalsite.counts.loaded import LoadedRun
from evalsite.datasets import FILE, file_of, needs_file
from evalsite.errors import IncompleteError
from evalsite.grading.isolation import runs_programs
from evalsite.report.ending import ending
from evalsite.rundir.beside import data_path_in, read_repeat
from evalsite.rundir.finding import find_records
from evalsite.rundir.sizes import too_large
from evalsite.rundir.store import RunDir
from evalsite.runner.grade import ungraded
from evalsite.stats.baseline import pair_to_compare
from evalsite.stats.decision import MARGIN
from evalsite.words.commands import command
from evalsite.words.sentences import count, missing_sentence


def end_with(path: Path, *, next_step: bool = True) -> None:
    """Print the run's path, the last line on standard output; and for people its scores and what comes next.

    ``next_step`` is False where an error message that follows names it.
    """
    click.echo(path)
    run = api.open_run(path)
    for line in ending(run) if run.run.grading is not None else _ungraded(run):
        say(line)
    for told in too_large(run.dir):
        say(f"note: {told}")
    if next_step:
        say(f"next: {as_typed(*_next_step(run))}")


def _ungraded(run: LoadedRun) -> Iterator[str]:
    """What a run came to that nobody graded yet."""
    answers = sum(1 for _ in run.dir.completions())
    yield f"{count(answers, 'answer')}, not graded yet"
    if lost := run.run.num_problems * run.run.num_samples - answers:
        yield missing_sentence(lost)


def refuse_ungraded(path: Path) -> None:
    """Raise IncompleteError where samples have no verdict though the run was graded to its end."""
    left = sum(1 for _ in ungraded(RunDir(path)))
    if left:
        raise IncompleteError(
            f"{count(left, 'sample')} could not be graded here: a sample may use more than this machine has",
            hint="They count neither for nor against the model. Where there is more room: "
            + command("grade", path),
        )


def resuming(path: Path) -> tuple[object, ...]:
    """The words that ask for what a run lacks, with the data set's file where that is not known."""
    run_dir = RunDir(path)
    dataset = run_dir.read_run().dataset
    file = file_of(dataset) if needs_file(dataset) else ""
    if not file or (file == FILE and data_path_in(read_repeat(run_dir))):
        return "resume", path
    return "resume", path, "--data-path", file


def unfinished(run_dir: RunDir) -> tuple[object, ...]:
    """The words that give a run what it lacks of verdicts and samples; none where it is whole."""
    record, path = run_dir.read_run(), run_dir.path
    if record.grading is None:
        return ("grade", path) if runs_programs() else ("grade", path, "--in-container")
    if record.kind == "generated" and record.status != "complete":
        return resuming(path)
    return ()


def _next_step(run: LoadedRun) -> tuple[object, ...]:
    """The words behind ``evalsite``: what the run lacks (verdicts, samples, problems), else a comparison."""
    record, path = run.run, run.dir.path
    if step := unfinished(run.dir):
        return step
    if record.kind == "generated" and not run.asks_enough:
        away = needs_file(record.dataset) and file_of(record.dataset) == FILE
        return ("report", path) if away else (*resuming(path), "--all-problems")
    beside = list(find_records(path.parent))
    paths = {other.id: run_dir.path for run_dir, other in beside}
    if record.looks is not None and record.looks.base in paths:
        margin = () if record.looks.margin == MARGIN else ("--margin", f"{100 * record.looks.margin:g}")
        return ("compare", paths[record.looks.base], path, *margin)
    pair = pair_to_compare(record, (other for run_dir, other in beside if run_dir.path != path))
    return ("compare", *(paths[each.id] for each in pair)) if pair else ("report", path)
