"""``evalsite new-suite``: five questions, and a plan of who is asked what."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from evalsite.cli.console import as_typed, asking, is_somebody_there, say
from evalsite.cli.parameters import FILE
from evalsite.errors import EvalsiteError, UsageError
from evalsite.formats.files import write_file
from evalsite.rundir.json_schema import encode_schema, schema_of, schema_path
from evalsite.sweep.asked import SCHEMA, plan_text, read_candidates, read_datasets, read_served
from evalsite.sweep.plan import SweepPlan, read_plan
from evalsite.words.commands import command as as_command


@dataclass(frozen=True)
class Question:
    """One question, which an option answers beforehand."""

    option: str
    text: str
    default: str | None
    read: Callable[[str], Any]
    """Raises an error of ours, or click's, for an answer that is none."""

    def ask(self, given: str | None) -> Any:
        """Return what was given, or what somebody answers, who is asked again as long as it is none."""
        if given is not None:
            return self._read(given)
        while True:
            answer = self._answer()
            try:
                return self._read(answer)
            except EvalsiteError as exc:
                if not is_somebody_there():
                    raise
                say(f"  {exc.message}\n  {exc.hint}".rstrip())

    def _read(self, answer: str) -> Any:
        try:
            return self.read(answer)
        except click.BadParameter as exc:
            raise UsageError(f"{self.option}: {exc.message}") from exc

    def _answer(self) -> str:
        with asking(f"nothing was written: {self.option}", as_command("new-suite", *_EXAMPLE)):
            answer = str(click.prompt(self.text, default=self.default, err=True))
        if not is_somebody_there():
            click.echo(err=True)  # the end of the line that nobody typed
        return answer


_EXAMPLE = (
    "--baseline", "fp8 http://localhost:8000", "--candidates", "ternary http://localhost:8001",
    "--datasets", "humaneval", "--num-samples", "10", "--margin", "10",
)  # fmt: skip


def _number(kind: "click.ParamType[Any]") -> Callable[[str], Any]:
    return lambda text: kind.convert(text.strip(), None, None)


def questions(folder: Path) -> tuple[Question, ...]:
    """The five, for a plan in ``folder``."""
    several = "more than one with commas between them"
    return (
        Question("--baseline", "The baseline: its name, and its server's address", None, read_served),
        Question(
            "--candidates", f"What is held against it, likewise; {several}", None, read_candidates
        ),
        Question(
            "--datasets", f"Data sets, by name or as a file; {several}", "humaneval",
            lambda text: read_datasets(text, folder),
        ),
        Question("--num-samples", "Samples of each problem", "10", _number(click.IntRange(1, 1000))),
        Question("--margin", "Points of pass@1 that may be lost", "10", _number(click.FloatRange(0, 100))),
    )  # fmt: skip


@click.command("new-suite")
@click.argument("file", type=FILE, default=Path("suite.toml"))
@click.option("--baseline", metavar="'NAME ADDRESS'", help="The model that others are held against.")
@click.option("--candidates", metavar="'NAME ADDRESS'", help="The others, with commas between them.")
@click.option("--datasets", metavar="NAMES", help="Data sets, with commas between them.")
@click.option("--num-samples", metavar="N", help="Samples of each problem.")
@click.option("--margin", metavar="POINTS", help="Points of pass@1 that may be lost.")
def command(file: Path, **given: str | None) -> None:
    """Ask five questions, and write FILE (default: suite.toml), a plan for 'evalsite sweep'.

    What an option answers is not asked. Answers may come by a pipe, a line each. Nothing is written
    before all are there. The plan's JSON Schema goes into schemas/ beside it, for editors.
    """
    if file.exists() or file.is_symlink():
        raise UsageError(
            f"{file}: is there already, and left as it is",
            hint=f"{as_command('sweep', file, '--dry-run')}, or name another file.",
        )
    answers = {
        each.option: each.ask(given[each.option.removeprefix("--").replace("-", "_")])
        for each in questions(file.parent)
    }
    text = plan_text(
        file.name,
        (answers["--baseline"], *answers["--candidates"]),
        answers["--datasets"],
        num_samples=answers["--num-samples"],
        margin=answers["--margin"],
    )
    _refuse_unsound(text, file)
    schema = Path(schema_path(SCHEMA))
    if not (file.parent / schema).exists():
        write_file(file.parent, str(schema), encode_schema(schema_of(SweepPlan, SCHEMA)).encode())
    click.echo(write_file(file.parent, file.name, text.encode()))
    say(f"next: {as_typed('sweep', file, '--dry-run')}")


def _refuse_unsound(text: str, file: Path) -> None:
    """Raise UsageError for answers that do not fit together, such as two models of one name."""
    with tempfile.TemporaryDirectory(prefix="evalsite-") as folder:
        trial = Path(folder) / file.name
        trial.write_text(text, "utf-8")
        try:
            read_plan(trial)
        except UsageError as exc:
            said = exc.message.partition(f"{trial}:")[2].partition(": ")[2] or exc.message
            raise UsageError(f"nothing was written: {said}", hint=exc.hint) from exc
