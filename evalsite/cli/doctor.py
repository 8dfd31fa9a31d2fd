"""``evalsite doctor``: what this machine's sandbox gives, and what a model's server can do."""

import asyncio
import os
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evalsite.cli.connecting import access_options, headers_of
from evalsite.cli.console import as_typed, printable, say
from evalsite.client import names_api, parse_endpoint
from evalsite.client.examination import conclusion, examine, flags
from evalsite.datasets import load_dataset
from evalsite.errors import EXIT_OK, EndpointError, SandboxError, UsageError
from evalsite.grade.probe import SANDBOXES, probe_layers
from evalsite.kinds.prompts import build_prompt, style_for
from evalsite.rundir.schema import Api, Settings

FILE_WIDTH = 160
WORDS = {True: "yes", False: "NO", None: "-"}


@click.command("doctor")
@click.option(
    "--model-endpoint", metavar="URL", help="Examine this server too: about twenty short questions."
)
@click.option("--model-name", metavar="NAME", help="The model, as the server knows it.")
@click.option(
    "--api", type=click.Choice(["completions", "chat"]), help="Where the endpoint's path leaves it open."
)
@click.option(
    "--max-tokens", type=click.IntRange(min=1), default=1024, show_default=True, help="As in 'run'."
)
@access_options
def command(
    model_endpoint: str | None,
    model_name: str | None,
    api: Api | None,
    max_tokens: int,
    api_key_env: str,
    **access: Any,
) -> int:
    """Try every layer of the sandbox for real, and say what to change where one is refused.

    With --model-endpoint and --model-name also see what the model's server can do, and which
    flags follow. Exit code 4 where one of its answers is NO.
    """
    if model_endpoint and not model_name:
        raise UsageError("--model-endpoint needs --model-name", hint="Name the model as the server knows it.")
    sandboxed = _sandbox()
    if not model_endpoint or not model_name:
        if not sandboxed:
            raise SandboxError("the sandbox does not start here", hint="See the table above.")
        return EXIT_OK
    endpoint = parse_endpoint(model_endpoint, api or (None if names_api(model_endpoint) else "chat"))
    settings = Settings(
        api=endpoint.api, prompt=style_for(endpoint.api), temperature=0.0, top_p=1.0, max_tokens=max_tokens
    )
    findings = asyncio.run(
        examine(
            endpoint,
            settings,
            model=model_name,
            prompts=[
                build_prompt(problem, settings.prompt) for problem in load_dataset("humaneval").problems
            ],
            headers=headers_of(access),
            api_key=os.environ.get(api_key_env, ""),
        )
    )
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
    found = flags(findings)
    named = [] if "--model-name" in found else ["--model-name", model_name]
    say(f"next: {as_typed('run', '--model-endpoint', endpoint.base, *named, *found)}")
    return EndpointError.exit_code if any(each.ok is False for each in findings) else EXIT_OK


def _sandbox() -> bool:
    rows = probe_layers()
    _show(
        ("sandbox layer", "works", "what was tried", "to change"),
        ((row.layer, WORDS[row.works], row.detail, row.setting) for row in rows),
    )
    return any(row.works for row in rows if row.layer in SANDBOXES)


def _show(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Print a table that wraps long cells to the terminal's width; a file gets a wide one."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = FILE_WIDTH
    table = Table(*header, box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*(escape(printable(cell)) for cell in row))
    console.print(table)
