"""What parameters of commands are made of: groups of options, and what was given of them."""

from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from evalsite.cli.parameters import (
    FILE,
    FOLDER,
    NAME,
    PATH,
    POINTS,
    Taken,
    flag_word,
    given_options,
    options_by_word,
    size,
    taken,
)
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


def test_what_a_path_leads_to_is_asked_where_that_matters(tmp_path):
    """A file for a folder, or the reverse, is refused by the option that names it, not where it is opened."""
    for kind, fits, refused in ((FILE, __file__, tmp_path), (FOLDER, tmp_path, __file__)):
        assert kind.convert(str(fits), None, None) == Path(fits)
        assert kind.convert(str(tmp_path / "not yet"), None, None) == tmp_path / "not yet"
        with pytest.raises(click.BadParameter, match="is a"):
            kind.convert(str(refused), None, None)
        assert PATH.convert(str(refused), None, None) == Path(refused)


def test_values_that_no_record_could_hold_are_refused():
    """Each with what is wrong with it; the least and the most that may be given pass."""
    assert [POINTS.convert(text, None, None) for text in ("0", "100")] == [0.0, 100.0]
    assert NAME.convert("a b", None, None) == "a b"
    assert (size(None, None, None), size(None, None, "2KB")) == (None, 2000)
    for kind, text, said in (
        (POINTS, "-0.1", "range"),
        (POINTS, "100.1", "range"),
        (POINTS, "nan", "no finite number"),
        (NAME, " ", "is empty"),
        (NAME, "a\udc80", "is not text"),
    ):
        with pytest.raises(click.BadParameter, match=said):
            kind.convert(text, None, None)
    with pytest.raises(click.BadParameter):
        size(None, None, "much")


def test_help_tells_a_usual_value_that_is_one():
    """A number, a word or a path; not that a flag is down, nor that nothing is meant."""
    shown = [each.show_default for each in greet.params[:3]]
    assert shown == [True, False, False]


@pytest.mark.parametrize("told", [("--progress", "json"), ("-q",), ("--quiet",)])
def test_what_was_given_is_known(told):
    """Not what says how to tell it, which has no value that another command could be handed."""
    given, _, _ = greeted("--soft", "--often", "3", *told)
    assert given == ["--soft", "--often"]
