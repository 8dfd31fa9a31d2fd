"""What parameters of commands are made of: groups of options, and what was given of them."""

from dataclasses import dataclass

import click
import pytest

from evalsite.cli.parameters import Taken, flag_word, given_options, options_by_word, taken
from evalsite.cli.progress import progress_option


@dataclass(frozen=True)
class Greeting(Taken):
    """How to greet."""

    name: str = taken("--name", default="you")
    loud: bool = taken("--loud/--soft", default=False)
    often: int | None = taken("--often", type=int)


@click.command("greet")
@Greeting.options
@progress_option
def greet(**options):
    """Return what was given, as words, and what was taken."""
    given = [flag_word(each, value) if each.is_flag else each.opts[0] for each, value in given_options()]
    return given, Greeting.take(options), options


def greeted(*words):
    """Call the command."""
    return greet.main(args=list(words), standalone_mode=False)


def test_a_group_of_options_stands_in_its_order():
    """In help, and each under all of its words."""
    names = [parameter.name for parameter in greet.params]
    assert names == ["name", "loud", "often", "progress", "quiet"]
    assert {"name", "loud", "soft", "often", "progress", "q", "quiet"} == options_by_word(greet).keys()


def test_options_are_taken_out_together():
    """As a record; nothing of them is left for others."""
    _, taken, left = greeted("--often", "3")
    assert (taken, left) == (Greeting("you", loud=False, often=3), {})


@pytest.mark.parametrize("told", [("--progress", "json"), ("-q",), ("--quiet",)])
def test_what_was_given_is_known(told):
    """Not what says how to tell it, which has no value that another command could be handed."""
    given, _, _ = greeted("--soft", "--often", "3", *told)
    assert given == ["--soft", "--often"]
