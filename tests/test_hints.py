"""What errors tell people to do next can be done as it is printed: commands, options, packages, pages."""

import difflib
import re
import shlex
import tomllib

import click
import pytest

from evalsite.cli.main import COMMANDS, cli
from tests.conftest import ROOT
from tests.hints import UNKNOWN, hints

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COMMAND = re.compile(r"(?<![\w./-])evalsite ((?:[a-z][a-z-]*)(?:[ \t]+[^\s]+)*)")
ARGUMENT = re.compile(r"--?[a-z]|[A-Z][A-Z-]*\Z|'|\d|[./~]")
"""How a word begins that belongs to a command within a sentence."""
OTHERS = {
    "--logits_all", "--max-logprobs", "--nworkers", "--nthreads", "--rm", "--limit_start", "--upgrade",
    "--force-reinstall", "--to", "--output-dir",
}  # fmt: skip
"""Options of other programs that hints speak of: servers, dask, docker, bigcode's harness, pip, inspect."""


def commands_of(text):
    """The commands of evalsite in a text, each as its words, without the sentence around it."""
    for found in COMMAND.finditer(text):
        words = found[1].split()
        name = words.pop(0)
        rest, wants_value = [], False
        for word in words:
            bare = word.rstrip(".,;:)`" if word.count("'") == 2 else ".,;:)'`")
            if not (ARGUMENT.match(bare) or wants_value):
                break
            rest.append(bare)
            if bare != word:
                break
            wants_value = word.startswith("--")
        yield name, rest


@pytest.fixture(scope="module")
def told():
    """All hints: read once, and by nobody who only collects tests, as it takes a second or two."""
    return list(hints(ROOT / "evalsite"))


@pytest.fixture(scope="module")
def with_commands(told):
    """Each command of a hint, as (place, name, words)."""
    return [
        (hint.place, name, words)
        for hint in told
        for name, words in commands_of(hint.text)
        if name in COMMANDS
    ]


def test_hints_are_found(told):
    """Of each kind: plain ones, with values in them, in a constant, given to what asks a question."""
    texts = {hint.text for hint in told}
    assert len(texts) > 150
    assert "See: evalsite run --help" in texts
    assert f"evalsite validate {UNKNOWN}" in texts
    assert f"evalsite rm {UNKNOWN} --yes" in texts


def test_commands_are_taken_as_they_are_printed(with_commands, tmp_path, monkeypatch):
    """By the parser that reads them: options that it has, all that it needs, and nothing else."""
    monkeypatch.chdir(tmp_path)
    assert len(with_commands) > 40
    assert {place: why for place, name, words in with_commands if (why := refusal(name, words))} == {}


def refusal(name, words):
    """Why the parser does not take a command; empty where it does."""
    trial = [UNKNOWN if re.fullmatch(r"[A-Z][A-Z-]*", word) else word for word in words]
    if "--help" in trial:
        return "" if trial == ["--help"] else f"{name} {' '.join(words)}: more than --help"
    try:
        cli.get_command(click.Context(cli), name).make_context(name, shlex.split(" ".join(trial)))
    except click.UsageError as exc:
        # What is known only when the program runs, for which "1" stands here, may be no value of its option.
        if type(exc) is not click.BadParameter or UNKNOWN not in trial:
            return f"{name} {' '.join(words)}: {exc.format_message()}"
    return ""


def test_nothing_looks_like_a_command_that_is_none(told):
    """A word behind the program's name is a command, or nearly none."""
    strange = {
        f"{hint.place}: evalsite {name}"
        for hint in told
        for name, _ in commands_of(hint.text)
        if name not in COMMANDS and difflib.get_close_matches(name, COMMANDS, cutoff=0.75)
    }
    assert strange == set()


def test_options_are_those_of_a_command(told):
    known = {
        option
        for name in COMMANDS
        for each in cli.get_command(click.Context(cli), name).params
        for option in (*each.opts, *each.secondary_opts)
    }
    named = {
        (option, hint.place) for hint in told for option in re.findall(r"(?<![\w-])--[a-z][\w-]*", hint.text)
    }
    assert len(named) > 60
    assert {(option, place) for option, place in named if option not in known | OTHERS | {"--help"}} == set()


def test_packages_can_be_installed(told):
    """Of evalsite's own extras."""
    extras = {extra for hint in told for extra in re.findall(r"evalsite\[(\w+)\]", hint.text)}
    assert {"dask", "inspect", "parquet"} <= extras
    assert extras <= set(PROJECT["optional-dependencies"])


def test_pages_are_there(told):
    pages = {page for hint in told for page in re.findall(r"docs/[\w-]+\.md", hint.text)}
    assert len(pages) > 4
    assert {page for page in pages if not (ROOT / page).is_file()} == set()
