"""Profiles: tables of ``evalsite.toml`` that hold options of ``evalsite run``."""

from typing import Any

import click

from evalsite.cli.parameters import options_by_word
from evalsite.errors import UsageError
from evalsite.publish.config import NAME, find_config

SECRET = ("header", "proxy")
"""Options whose values may be secret; a file that is committed names environment variables."""


_META = "evalsite.profile"


def profile_named() -> str | None:
    """Return the profile that the current command was given."""
    name: str | None = click.get_current_context().meta.get(_META)
    return name


def _apply(context: click.Context, _argument: click.Parameter, name: str | None) -> None:
    if name is None or context.resilient_parsing:
        return
    profiles = find_config(None).run or {}
    if name not in profiles:
        known = f"It has {', '.join(profiles)}." if profiles else f"Write a table [run.{name}] into {NAME}."
        raise UsageError(f"{NAME} in this folder has no profile called {name!r}", hint=known)
    context.meta[_META] = name
    found = _checked(_run_command(context), name, profiles[name])
    context.default_map = {
        str(own.name): value if own.multiple or not isinstance(value, list) else value[0]
        for own in context.command.params
        if isinstance(own, click.Option) and (value := found.get(str(own.name))) not in (None, [])
    }


profile_argument = click.argument(
    "profile", required=False, is_eager=True, expose_value=False, callback=_apply
)
"""The argument PROFILE, whose options hold where the command line gives none."""


def _run_command(context: click.Context) -> click.Command:
    """Return the command whose options a profile holds, whichever command is given it."""
    if context.command.name == "run":
        return context.command
    group = context.find_root().command
    found = group.get_command(context, "run") if isinstance(group, click.Group) else None
    assert found is not None
    return found


def _checked(command: click.Command, name: str, table: dict[str, Any]) -> dict[str, Any]:
    """Return a table's options by their parameters' names; raises UsageError for what is none."""
    known = options_by_word(command)
    found: dict[str, Any] = {}
    for key, value in table.items():
        option = key.replace("_", "-")
        place = f"{NAME}: run.{name}.{key}"
        if option in SECRET and value != "env":
            raise UsageError(
                f"{place}: may hold a secret, and has no place in a file (not repeated)",
                hint='Name an environment variable: header-env = ["NAME=VARIABLE"], or proxy = "env".',
            )
        if option not in known:
            raise UsageError(f"{place}: 'evalsite run' has no such option", hint="See: evalsite run --help")
        parameter = known[option]
        if parameter.multiple and not isinstance(value, list):
            value = [value]
        off = f"--{option}" in parameter.secondary_opts
        found[str(parameter.name)] = (not value) if off else value
    return found
