"""``evalsite check-dataset``: is this file a data set, and does it ask what you mean?"""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from evalsite import api
from evalsite.cli.console import as_typed, printable, say
from evalsite.cli.options import GradingOptions
from evalsite.cli.parameters import PATH
from evalsite.cli.progress import progress, progress_option
from evalsite.cli.rehearsing import rehearsal
from evalsite.errors import DatasetError, UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.prompts import STYLES
from evalsite.kinds.showing import shown_tests
from evalsite.report.documents import as_document
from evalsite.rundir.schema import Problem
from evalsite.runner.proving import DatasetReport, Proven
from evalsite.words.sentences import count, names
from evalsite.words.text import one_line

SHOWN = 5
"""Problems of a file that are shown with prompt and tests, unless some are named or all are asked for."""


@click.command("check-dataset")
@click.argument("file", type=PATH)
@click.argument("problem", nargs=-1)
@click.option(
    "--prompt",
    "style",
    type=click.Choice(list(STYLES)),
    help="Show the prompt in this style.  [default: the chat API's current one]",
)
@click.option("--full", is_flag=True, help=f"Show every problem, not only the first {SHOWN}.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@progress_option
@GradingOptions.options
def command(
    file: Path, problem: tuple[str, ...], style: str | None, *, full: bool, as_json: bool, **options: Any
) -> None:
    """Try a data set of your own before a model is asked.

    Reads FILE (a folder of exercises, or the known data set of this name) to its end, runs each
    problem's reference solution, which has to pass, and programs in its place that do nothing, which
    have to fail; then shows what the model is asked and how the tests are read. Name PROBLEMs to see
    these alone.
    Whatever is wrong is told with file, line and field, and the exit code is then 3.
    """
    grading = GradingOptions.take(options)
    with progress() as listener:
        found = api.check_dataset(file, style, grading.grader() if grading.preflight else None, listener)
    if as_json:
        click.echo(as_document(_document(found)))
    else:
        for part in _parts(found, _chosen(found, problem, full=full)):
            click.echo(printable(part))
    if found.faults:
        wrong = len(found.unreadable) + sum(bool(one.faults) for one in found.problems)
        total = len(found.problems) + len(found.unreadable)
        raise DatasetError(
            f"{file}: {wrong} of {count(total, 'record')} cannot be used",
            hint="Mend each as told above, or leave it out. docs/datasets.md describes the fields.",
        )
    of_own = ("--data-path", file, "--dataset", file.name.partition(".")[0])
    chosen = of_own if file.exists() else ("--dataset", file)
    say(f"next: {as_typed(*rehearsal(*chosen))}")


def _chosen(found: DatasetReport, wanted: tuple[str, ...], *, full: bool) -> list[Proven]:
    """The problems to show in full."""
    by_id = {one.entry.problem.task_id: one for one in found.problems}
    if unknown := [name for name in wanted if name not in by_id]:
        raise UsageError(f"{found.path} has no problem {unknown[0]!r}", hint=f"It has {names(list(by_id))}.")
    if wanted:
        return [by_id[name] for name in wanted]
    return list(found.problems) if full else list(found.problems[:SHOWN])


def _parts(found: DatasetReport, shown: list[Proven]) -> Iterator[str]:
    for one in shown:
        yield "\n".join(_problem(one, found.style, tried=found.tried)) + "\n"
    if rest := len(found.problems) - len(shown):
        yield f"{count(rest, 'more problem')} not shown: name them, or add --full.\n"
    told = [remark for one in found.problems for remark in _remarks(one)]
    yield from (f"note: {remark}" for remark in told)
    yield from (f"error: {fault}" for fault in found.faults)
    right = "whose reference solution passes and whose tests fail programs that do nothing"
    sound = sum(not (one.faults or one.remarks) for one in found.problems)
    total = len(found.problems) + len(found.unreadable)
    of_these = f"{sound} {right if found.tried else 'that can be read'}"
    yield f"{found.path}: {count(total, 'record')}, {of_these}"


def _remarks(one: Proven) -> Iterator[str]:
    yield from (f"{_name(one)}: {remark}" for remark in one.remarks)


def _name(one: Proven) -> str:
    return f"{one.entry.place}: {one_line(one.entry.problem.task_id)}"


def _problem(one: Proven, style: str, *, tried: bool) -> Iterator[str]:
    problem = one.entry.problem
    yield _name(one)
    yield f"  asked, {style}:"
    yield _quoted(one.prompt.text)
    if one.prompt.stop:
        yield f"  the answer ends at one of {', '.join(map(repr, one.prompt.stop))}"
    yield f"  tests, {_how(problem)}:"
    yield _quoted(shown_tests(problem))
    if tried:
        faults = (fault.partition(": field ")[2] or fault for fault in one.faults)
        verdict = "; ".join((*faults, *one.remarks))
        yield f"  tried: {verdict or 'the reference solution passes, programs that do nothing fail'}"


def _how(problem: Problem) -> str:
    """How the tests of a problem are read."""
    function = f", with {problem.entry_point}" if problem.entry_point else ""
    seen = (
        f"; the model sees {count(len(problem.shown_tests), 'assertion')} of them"
        if problem.shown_tests
        else ""
    )
    kind = kind_of(problem)
    as_they_are = kind.runs and shown_tests(problem) == kind.judging(problem).tests
    return f"{'run behind the program' if as_they_are else f'judged as {kind.title}'}{function}{seen}"


def _quoted(text: str) -> str:
    return textwrap.indent(text.rstrip("\n"), "    | ", lambda _line: True)


def _document(found: DatasetReport) -> dict[str, Any]:
    return {
        "file": str(found.path),
        "sha256": found.sha256,
        "style": found.style,
        "tried": found.tried,
        "sound": not found.faults,
        "errors": found.faults,
        "problems": [_problem_document(one) for one in found.problems],
    }


def _problem_document(one: Proven) -> dict[str, Any]:
    problem = one.entry.problem
    return {
        "problem": problem.task_id,
        "place": one.entry.place,
        "kind": problem.kind,
        "language": problem.language,
        "entry_point": problem.entry_point,
        "asked": one.prompt.text,
        "stop": one.prompt.stop,
        "tests": problem.tests,
        "shown_tests": problem.shown_tests,
        "errors": one.faults,
        "remarks": one.remarks,
    }
