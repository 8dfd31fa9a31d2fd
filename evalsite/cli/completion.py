"""``evalsite completion``: the shell's completion script."""

import click
from click.shell_completion import get_completion_class

from evalsite.errors import UsageError


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for a shell.

    \b
    For bash, add this to ~/.bashrc:
      eval "$(evalsite completion bash)"
    """  # noqa: D301
    from evalsite.cli.main import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"no completion for {shell}")
    click.echo(kind(cli, {}, "evalsite", "_EVALSITE_COMPLETE").source())
