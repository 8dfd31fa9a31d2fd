"""``evalsite doctor``: what this machine's sandbox gives, and what a model's server can do."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evalsite.cli.asking import AskingOptions, api_option
from evalsite.cli.connecting import ConnectionOptions
from evalsite.cli.console import as_typed, printable, say
from evalsite.cli.distance import same_weights
from evalsite.cli.options import dataset_options, read_dataset
from evalsite.cli.parameters import NAME, flag_word, given_options
from evalsite.cli.profiles import profile_argument, profile_named
from evalsite.cli.progress import progress, progress_option
from evalsite.cli.sampling import SamplingOptions
from evalsite.client.endpoints import Endpoint, names_api, parse_endpoint
from evalsite.client.examination import conclusion, examine, flags, speaks
from evalsite.client.inquiry import Finding
from evalsite.client.patience import Patience
from evalsite.client.route import FROM_ENVIRONMENT
from evalsite.errors import EXIT_OK, EndpointError, SandboxError, UsageError
from evalsite.events import remark
from evalsite.grading.languages_here import languages_here
from evalsite.grading.probe import probe_layers
from evalsite.kinds.prompts import prompt_for

FILE_WIDTH = 160
WORDS = {True: "yes", False: "NO", None: "-"}


@click.command("doctor")
@profile_argument
@click.option(
    "--model-endpoint", metavar="URL", help="Examine this server too: about twenty short questions."
)
@click.option("--model-name", type=NAME, metavar="NAME", help="The model, as the server knows it.")
@click.option(
    "--same-as",
    metavar="URL",
    help="Say whether this server has the same weights: both are asked for the next token at some places.",
)
@click.option("--languages", is_flag=True, help="Say which languages' compilers and interpreters are here.")
@api_option
@dataset_options
@SamplingOptions.options
@AskingOptions.options
@ConnectionOptions.options
@progress_option
def command(
    model_endpoint: str | None,
    model_name: str | None,
    dataset: str,
    data_path: Path | None,
    languages: bool,
    same_as: str | None,
    **options: Any,
) -> int:
    """Try every layer of the sandbox for real, and say what to change where one is refused.

    With --model-endpoint and --model-name also see what the model's server can do when it is
    asked with the options of 'evalsite run', which all go here too, and which others follow.
    A server that loads its model is waited for. Exit code 4 where one of its answers is NO.
    With --languages say instead which languages' programs can run here, and what to install.
    PROFILE is a table of evalsite.toml, such as [run.candidate], whose options hold; of
    several servers the first is examined.
    """
    if languages:
        _languages()
        return EXIT_OK
    if model_endpoint and not model_name:
        raise UsageError("--model-endpoint needs --model-name", hint="Name the model as the server knows it.")
    sandboxed = _sandbox()
    if same_as and not model_endpoint:
        raise UsageError("--same-as is another server than --model-endpoint", hint="Give both.")
    if not model_endpoint or not model_name:
        if not sandboxed:
            raise SandboxError("the sandbox does not start here", hint="See the table above.")
        return EXIT_OK
    asking, reached = AskingOptions.take(options), ConnectionOptions.take(options)
    loaded = read_dataset(dataset, data_path)
    suited = options.pop("api") or asking.suited_api(loaded.problems[0])
    endpoint = parse_endpoint(model_endpoint, suited or (None if names_api(model_endpoint) else "chat"))
    settings = asking.settings(endpoint.api, loaded, **SamplingOptions.take(options).of_samples(1))
    connection = reached.connection((endpoint,))
    with progress() as listener:
        findings = asyncio.run(
            examine(
                connection.endpoints[0],
                settings,
                model=model_name,
                prompts=[prompt_for(problem, settings) for problem in loaded.problems],
                headers=connection.headers,
                api_key=connection.api_key,
                patience=Patience(
                    connection.timeouts.patience_s,
                    lambda notice: remark(listener, f"note: {notice.sentence}"),
                ),
            )
        )
    if same_as:
        findings = [*findings, same_weights(loaded, model_name, (model_endpoint, same_as), reached)]
    return _told(findings, endpoint, model_name)


def _told(findings: Sequence[Finding], endpoint: Endpoint, model_name: str) -> int:
    """Print what was found of a server, and the run's command; returns the exit code."""
    click.echo()
    _show(
        ("server", "works", "what was seen", "so"),
        ((each.check, WORDS[each.ok], each.detail, each.flag) for each in findings),
    )
    if findings[0].ok is False:
        raise EndpointError(
            f"{endpoint.url}: {findings[0].detail}", hint="Is the server up, and this its address?"
        )
    say(f"\n{conclusion(findings)}")
    if speaks(findings):
        _say_next(flags(findings), endpoint.to_show, model_name)
    return EndpointError.exit_code if any(each.ok is False for each in findings) else EXIT_OK


def _say_next(found: Sequence[str], address: str, model_name: str) -> None:
    """Print the run's command with these flags, and what was given here as well."""
    named = [] if "--model-name" in found or _stands("model_name") else ["--model-name", model_name]
    asked = [] if _stands("model_endpoint") else ["--model-endpoint", address]
    profile = filter(None, [profile_named()])
    say(f"next: {as_typed('run', *profile, *asked, *named, *_given(found), *found)}")


def _stands(name: str) -> bool:
    """Whether an option's value is that of the profile, and need not be repeated beside it."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.DEFAULT_MAP


def _given(replaced: Sequence[str]) -> list[str]:
    """The options of this command that ``run`` is to be given as well, as words; no secret is repeated."""
    words: list[str] = []
    for option, value in given_options():
        name = str(option.name)
        if name.startswith("model_") or {*option.opts, *option.secondary_opts} & set(replaced):
            continue
        if isinstance(value, bool):
            words.append(flag_word(option, value))
        elif name == "header":
            words += [word for each in value for word in ("--header", f"{each.partition('=')[0]}=VALUE")]
        elif name == "proxy" and value != FROM_ENVIRONMENT:
            words += ["--proxy", "URL"]
        else:
            every = value if isinstance(value, tuple) else (value,)
            words += [word for each in every for word in (option.opts[-1], _as_word(each))]
    return words


def _as_word(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _sandbox() -> bool:
    rows = probe_layers()
    _show(
        ("sandbox layer", "works", "what was tried", "to change"),
        ((row.layer, WORDS[row.works], row.detail, row.setting) for row in rows),
    )
    return any(row.works for row in rows if row.is_sandbox)


def _languages() -> None:
    _show(
        ("language", "works", "what was found", "to change"),
        ((row.language, WORDS[row.works], row.detail, row.setting) for row in languages_here()),
    )


def _show(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Print a table that wraps long cells to the terminal's width; a file gets a wide one."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = FILE_WIDTH
    table = Table(*header, box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*(escape(printable(cell)) for cell in row))
    console.print(table)
