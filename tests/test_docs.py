"""Docs agree with the code: generated parts are current, links and anchors resolve, commands exist."""

import re

import click
import pytest

from evalsite.cli.main import COMMANDS, cli
from scripts.generate_docs import DOCS, generate
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "runs" / "README.md"])


def anchors(text):
    """Return the ids that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def parameters(command):
    """Return a command's arguments and options."""
    return cli.get_command(click.Context(cli), command).params


@pytest.mark.parametrize("name", generate())
def test_generated_docs_are_current(name):
    """If this fails, run scripts/generate_docs.py."""
    assert (DOCS / name).read_text("utf-8") == generate()[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_anchors_resolve(page):
    """Every relative link of every page leads somewhere."""
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http:", "https:")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found.read_text("utf-8")), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_docs_name_exist(page):
    """``evalsite WORD`` in a code span or block is a command, and ``make WORD`` a target."""
    text = page.read_text("utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL))
    for word in re.findall(r"(?:^|[`/ ])evalsite ([a-z]+)\b", code, re.MULTILINE):
        assert word in COMMANDS, word
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for word in re.findall(r"(?:^|`)make ([a-z-]+)", code, re.MULTILINE):
        assert word in targets, word


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_options_in_sentences_exist(page):
    """A code span such as ``evalsite build --budget 900MB`` names options that the command has."""
    prose = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for command, rest in re.findall(r"`evalsite ([a-z]+)([^`]*)`", prose):
        known = {option for each in parameters(command) for option in (*each.opts, *each.secondary_opts)}
        for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest):
            assert option in known | {"--help"}, f"evalsite {command} {option}"


def test_every_command_is_documented():
    """docs/cli.md has a section for each."""
    text = (DOCS / "cli.md").read_text("utf-8")
    for command in COMMANDS:
        assert f"## evalsite {command}\n" in text


def test_every_option_has_help():
    """Somebody tired should not have to guess."""
    for name in COMMANDS:
        for parameter in parameters(name):
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"
