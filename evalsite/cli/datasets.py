"""``evalsite datasets``: which data sets are known by name, and how they get here."""

from pathlib import Path

import click

from evalsite import api
from evalsite.cli.console import printable, show, show_error
from evalsite.cli.options import format_option
from evalsite.cli.parameters import MAY_FOLLOW, PATH
from evalsite.cli.progress import progress, progress_option
from evalsite.datasets import KNOWN
from evalsite.datasets.keeping import find_kept
from evalsite.errors import DatasetError
from evalsite.report.catalogue import FORMATS, Listed
from evalsite.words.sentences import count


@click.group("datasets", invoke_without_command=True, subcommand_metavar=MAY_FOLLOW)
@format_option(FORMATS)
@click.pass_context
def command(context: click.Context, form: str) -> None:
    """List the data sets that are known by name, or fetch some of them.

    Each is looked for in the folder that EVALSITE_DATA names, then in the cache (EVALSITE_DATA is
    for machines without a network: its files may be packed, and are never changed). Sizes are
    those of the published files.
    """
    if context.invoked_subcommand is None:
        listed = [Listed(name, known, find_kept(known)) for name, known in KNOWN.items()]
        text = FORMATS[form](listed)
        show(text, form)


@command.command("fetch")
@click.argument("name", nargs=-1, required=True)
@click.option(
    "--data-path",
    type=PATH,
    help="Take it from this file, or this folder of its files, instead of fetching it.",
)
@progress_option
def fetch(name: tuple[str, ...], data_path: Path | None) -> None:
    """Fetch each NAME into the cache, and see that it is what its project published.

    That is told by a SHA-256 over its problems, whatever the file's compression or line ends. What
    is here already is not fetched again, but looked at all the same.
    """
    failed: list[DatasetError] = []
    for each in name:
        try:
            with progress() as listener:
                found = api.fetch_dataset(each, data_path, listener)
        except DatasetError as exc:
            failed.append(exc)
        else:
            click.echo(printable(_told(each, found)))
    for error in failed[:-1]:
        show_error(error)
    if failed:
        raise failed[-1]


def _told(name: str, found: api.Fetched) -> str:
    done = "fetched" if found.anew else f"already here ({found.kept.where})"
    unsure = "" if found.official else " (evalsite knows none to hold against it)"
    paths = ", ".join(map(str, found.kept.paths))
    return f"{name}: {done}, {count(found.problems, 'problem')}, SHA-256 {found.sha256}{unsure}: {paths}"
