"""Docs agree with the code: generated parts are current, links and anchors resolve, what is named exists."""

import ast
import re
import tomllib

import click
import pytest

from evalsite.cli.main import COMMANDS, cli
from scripts.generate_docs import DOCS, generate
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "runs" / "README.md"])
assert len(PAGES) > 10


def anchors(text):
    """Return the ids that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def anchors_of(path):
    """The anchors of a page; a folder or another file has none."""
    return anchors(path.read_text("utf-8")) if path.suffix == ".md" else set()


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
    targets = {
        target.partition("#")[::2]
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
        if not target.startswith(("http:", "https:"))
    }
    found = {path: (page.parent / path).resolve() if path else page for path, _ in targets}
    assert {path for path in found if found[path].exists()} == set(found)
    there = {(path, anchor) for path, anchor in targets if anchor in ("", *anchors_of(found[path]))}
    assert there == targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_docs_name_exist(page):
    """``evalsite WORD`` in a code span or block is a command, and ``make WORD`` a target."""
    text = page.read_text("utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL))
    named = re.findall(r"(?:^|[`/ ])evalsite ([a-z][a-z-]*)\b", code, re.MULTILINE)
    assert set(named) <= set(COMMANDS)
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", code, re.MULTILINE)) <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_options_in_sentences_exist(page):
    """A code span such as ``evalsite build --budget 900MB`` names options that the command has."""
    prose = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    unknown = []
    for command, rest in re.findall(r"`evalsite ([a-z][a-z-]*)([^`]*)`", prose):
        known = {option for each in parameters(command) for option in (*each.opts, *each.secondary_opts)}
        options = set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest))
        unknown += [f"evalsite {command} {option}" for option in options - known - {"--help"}]
    assert unknown == []


def test_every_command_is_documented():
    """docs/cli.md has a section for each."""
    text = (DOCS / "cli.md").read_text("utf-8")
    for command in COMMANDS:
        assert f"## evalsite {command}\n" in text


def test_every_option_has_help():
    """Somebody tired should not have to guess."""
    helps = {
        f"{name} {each.opts}": each.help
        for name in COMMANDS
        for each in parameters(name)
        if isinstance(each, click.Option)
    }
    assert len(helps) > 50
    assert [option for option in helps if not helps[option]] == []


def code_names():
    """All that evalsite's modules and classes define, dotted from the room on: ``words.cells.DASH``."""
    for path in sorted((ROOT / "evalsite").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT / "evalsite").with_suffix("").parts).removesuffix(".__init__")
        yield from (f"{module}.{name}" for name in defined(ast.parse(path.read_text("utf-8"))))


def defined(scope):
    """Names that a module or class binds itself, with those of its classes behind them."""
    for node in scope.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for name in defined(node))
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def glossary():
    """The rows of the glossary's first table, each by column."""
    table = (DOCS / "glossary.md").read_text("utf-8").split("## Names that stay")[0]
    head, _, *rows = (
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in re.findall(r"^\|.+$", table, re.MULTILINE)
    )
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_names_of_the_glossary_are_names_of_the_code():
    """Whatever its column of code puts into a code span."""
    known = {
        ".".join(parts[start:])
        for name in code_names()
        if (parts := name.split("."))
        for start in range(len(parts))
    }
    named = [name for row in glossary() for name in re.findall(r"`([^`]+)`", row["code"])]
    assert len(named) > 50
    assert [name for name in named if name not in known] == []


def test_options_and_arguments_of_the_glossary_exist():
    """An option is in small letters, an argument in capitals, a command a word."""
    every = [parameter for name in COMMANDS for parameter in parameters(name)]
    known = {option for each in every for option in (*each.opts, *each.secondary_opts)}
    known |= (
        {each.human_readable_name for each in every}
        | {each.human_readable_name.upper() for each in every}
        | {*COMMANDS}
    )
    named = [span.split()[0] for row in glossary() for span in re.findall(r"`([^`]+)`", row["command line"])]
    assert len(named) > 20
    assert [word for word in named if word not in known] == []


def test_ways_through_the_house_name_what_is_there():
    """A dotted name in docs/architecture.md begins with a room, and is a function, class or constant."""
    known = set(code_names())
    spans = re.findall(r"`([a-z_]+(?:\.\w+)+)`", (DOCS / "architecture.md").read_text("utf-8"))
    named = [span for span in spans if not span.endswith((".py", ".md", ".json", ".jsonl", ".html", ".txt"))]
    assert len(named) > 60
    assert [span for span in named if span not in known] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_and_folders_of_the_checkout_that_docs_name_exist(page):
    """From the root or from evalsite/ on; what lies outside of the known folders is the reader's."""
    tops = {path.name for base in (ROOT, ROOT / "evalsite") for path in base.iterdir() if path.is_dir()}
    ours = tops - {"runs", "site", "demo", ".github"}
    named = re.findall(r"`([\w.-]+/[\w./-]*)`", page.read_text("utf-8"))
    spans = [span for span in named if span.split("/")[0] in ours or span.endswith(".py")]
    lost = [span for span in spans if not any((base / span).exists() for base in (ROOT, ROOT / "evalsite"))]
    assert lost == []


def test_the_table_of_doors_names_what_is_there():
    """Each constant, class and function in a row about a door stands in the file that is named there."""
    text = (DOCS / "architecture.md").read_text("utf-8").split("## Where to put things")[1]
    files = {
        path: (ROOT / "evalsite" / path).read_text("utf-8")
        for path in re.findall(r"`([\w/]+\.py)`", text)
        if (ROOT / "evalsite" / path).exists()
    }
    pairs = re.findall(r"`([\w.]+)` in `([\w/]+\.py)`", text)
    assert len(pairs) > 8
    assert [pair for pair in pairs if pair[0].split(".")[-1] not in files[pair[1]]] == []


def test_every_development_dependency_has_a_reason():
    """In docs/decisions/, by its name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    told = (DOCS / "decisions" / "README.md").read_text("utf-8")
    names = [re.match(r"[\w.-]+", line)[0] for line in project["optional-dependencies"]["dev"]]
    assert len(names) > 10
    assert [name for name in names if f"`{name}`" not in told] == []
