"""``evalsite.toml`` for commands: the option that names it, and who wins."""

from typing import Any, TypeVar

import click
from click.core import ParameterSource

from evalsite.cli.parameters import FILE
from evalsite.publish.config import Config, find_config
from evalsite.site.options import SiteOptions

Value = TypeVar("Value")

SITE_KEYS = (
    "issue_form", "downloads", "max_samples_per_problem", "max_pairs", "exclude", "rules", "redirects",
)  # fmt: skip
"""Settings of the site that ``evalsite build`` takes from the file alone."""


config_option = click.option(
    "--config",
    type=FILE,
    callback=lambda context, _, path: Config() if context.resilient_parsing else find_config(path),
    help="Settings of the site.  [default: evalsite.toml in this folder, where there is one]",
)
"""Adds ``--config``, as a :class:`Config`."""


def settled(name: str, given: Value, configured: Value | None) -> Value:
    """Return an option's value: the command line's (or environment's), else the file's, else the default."""
    source = click.get_current_context().get_parameter_source(name)
    if source in (ParameterSource.DEFAULT, None) and configured is not None:
        return configured
    return given


def settle(config: Config, options: dict[str, Any]) -> dict[str, Any]:
    """Return a command's options, with those that were not given taken from the file of the same name."""
    return {name: settled(name, value, getattr(config, name, None)) for name, value in options.items()}


def site_options(config: Config, **chosen: Any) -> SiteOptions:
    """Return the site that the file describes, with what the command line has settled."""
    filed = {name: getattr(config, name) for name in SITE_KEYS if getattr(config, name) is not None}
    return SiteOptions(**{**filed, **chosen})
