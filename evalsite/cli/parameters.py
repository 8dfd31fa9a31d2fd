"""What parameters of commands are made of: types of their values, options in groups, and which were given."""

import math
from collections.abc import Callable, Iterator
from dataclasses import Field, field, fields
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

import click
from click.core import ParameterSource

from evalsite.publish.values import parse_size

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class _Name(click.ParamType):  # type: ignore[type-arg]  # not generic in older click
    """A name that will be written down: some text, and text that UTF-8 can hold."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value.strip():
            self.fail("is empty", param, ctx)
        if any("\ud800" <= char <= "\udfff" for char in value):
            self.fail("is not text in UTF-8", param, ctx)
        return value


class Number(click.FloatRange):
    """A number that JSON can hold: NaN lies in every range, and would be written as null."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: D102 - click's
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is no finite number", param, ctx)
        return number


NAME = _Name()
POINTS = Number(min=0, max=100)
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
PATH = click.Path(path_type=Path)
"""A file or a folder, or what names a run."""
MAY_FOLLOW = "[COMMAND] [ARGS]..."
"""How help names commands that may be left out; older click has other words."""

run_argument = click.argument("run", type=PATH)
runs_argument = click.argument("run", nargs=-1, required=True, type=PATH)
"""One run or several, all as ``run``."""


def size(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """Read an option's value such as ``900MB``."""
    try:
        return None if text is None else parse_size(text)
    except ValueError as exc:
        raise click.BadParameter(str(exc)) from exc


def together(*decorators: Decorator) -> Callable[[Command], Command]:
    """Return what adds several options to a command, in this order."""

    def add(command: Command) -> Command:
        for decorate in reversed(decorators):
            decorate(command)
        return command

    return add


_OPTION = "option"


def set_by(option: Decorator, usual: Any = None) -> Any:
    """A field of a :class:`Taken` that an option sets; ``usual`` is what it is where nobody says."""
    return field(default=usual, metadata={_OPTION: option})


def option(*words: str, **about: Any) -> Callable[[Command], Command]:
    """An option as of ``click.option``, whose help tells a default that is a number, a word or a path."""
    usual = about.get("default")
    about.setdefault("show_default", usual not in (None, "") and not isinstance(usual, bool))
    return click.option(*words, **about)


def taken(*words: str, **about: Any) -> Any:
    """A field of a :class:`Taken` with an option of its own."""
    usual = about.get("default", () if about.get("multiple") else False if about.get("is_flag") else None)
    return set_by(option(*words, **about), usual)


class Taken:
    """Options that are given together: a record with a field for each, which :func:`taken` makes."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @classmethod
    def options(cls, command: Command) -> Command:
        """Add the options to a command, in the order of their fields."""
        return together(*(each.metadata[_OPTION] for each in fields(cls) if each.metadata))(command)

    @classmethod
    def take(cls, options: dict[str, Any]) -> Self:
        """Take these options out of a command's options."""
        return cls(**{each.name: options.pop(each.name) for each in fields(cls) if each.name in options})


def given_options() -> Iterator[tuple[click.Option, Any]]:
    """The options that were given on the command line, with their values; not those that only tell how to say
    it, such as ``--progress``.
    """
    context = click.get_current_context()
    for option in context.command.params:
        name = str(option.name)
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if isinstance(option, click.Option) and option.expose_value and given:
            yield option, context.params[name]


def flag_word(option: click.Option, value: bool) -> str:
    """Return the word by which a flag was set, or unset."""
    return option.opts[0] if value else option.secondary_opts[0]


def options_by_word(command: click.Command) -> dict[str, click.Option]:
    """Return a command's options by the words that they are given by, without the hyphens before these."""
    return {
        word.lstrip("-"): option
        for option in command.params
        if isinstance(option, click.Option)
        for word in (*option.opts, *option.secondary_opts)
    }
