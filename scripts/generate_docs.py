"""Writes what follows in ``docs/`` from the code: JSON Schemas of the run format, CLI reference, tables.

Run it after changing a struct or an option: ``.venv/bin/python scripts/generate_docs.py``. A test compares.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import click

from evalsite.cli.main import cli
from evalsite.datasets import KNOWN
from evalsite.extraction import ADDED, FOUND_BY
from evalsite.extraction.thoughts import MARKUPS
from evalsite.kinds import KINDS
from evalsite.languages import title_of
from evalsite.publish.scaffold import SCHEMAS
from evalsite.rundir.json_schema import encode_schema, schema_of, schema_path
from evalsite.rundir.looks import Look
from evalsite.rundir.schema import Completion, Problem, Run, SecondAnswer, Summary, Verdict
from evalsite.sweep.plan import SweepPlan
from evalsite.words.cells import DASH, size
from evalsite.words.terms import TERMS

DOCS = Path(__file__).resolve().parent.parent / "docs"

FILES = {
    "run.json": Run,
    "problems.jsonl": Problem,
    "completions.jsonl": Completion,
    "turns.jsonl": SecondAnswer,
    "verdicts.jsonl": Verdict,
    "summary.json": Summary,
    "looks.jsonl": Look,
    "plan.toml": SweepPlan,
}
"""File of a run directory, or a plan of a sweep -> the struct of the document, or of each line."""


def generate() -> dict[str, str]:
    """Return path below ``docs/`` -> content."""
    pages = {schema_path(name): encode_schema(schema_of(kind, name)) for name, kind in FILES.items()}
    for name, schema in SCHEMAS.items():
        pages[schema_path(name)] = encode_schema(schema())
    pages["cli.md"] = "\n".join(cli_reference()) + "\n"
    for name in ("datasets.md", "extraction.md", "glossary.md"):
        pages[name] = with_tables((DOCS / name).read_text("utf-8"))
    return pages


def with_tables(page: str) -> str:
    """Return a page with its generated tables made anew."""
    tables = {
        "found-by": table(
            ("rule", "what it finds"), ((f"`{name}`", what) for name, what in FOUND_BY.items())
        ),
        "added": table(("added", "what it does"), ((f"`{name}`", what) for name, what in ADDED.items())),
        "terms": table(("word", "what it means"), ((f"**{each.word}**", each.meaning) for each in TERMS)),
        "markups": table(
            ("family", "thought", "one mark alone"),
            ((each.written_by, f"`{each.example}`", "counts" if each.alone else "") for each in MARKUPS),
        ),
        "catalogue": table(
            ("name", "language", "kind", "problems", "licence", "size", "where it comes from"),
            catalogue_rows(),
        ),
        "catalogue-notes": "".join(catalogue_notes()),
    }
    return re.sub(
        r"(<!-- generated: ([\w-]+) -->\n).*?(?=<!-- end -->)",
        lambda found: found[1] + tables[found[2]],
        page,
        flags=re.DOTALL,
    )


def catalogue_rows() -> Iterator[tuple[str, ...]]:
    """Yield what a table tells of each known data set."""
    for name, known in KNOWN.items():
        problems = DASH if known.problems is None else f"{known.problems:,}"
        origin = f"[{known.origin.removeprefix('https://')}]({known.origin})"
        language = title_of(known.language)
        kinds = ", ".join(dict.fromkeys(KINDS[kind].title for kind in known.kinds))
        yield f"`{name}`", language, kinds, problems, known.licence, size(known.size), origin


def catalogue_notes() -> Iterator[str]:
    """Yield an item for each known data set, or for neighbours of which the same is to be said."""
    for notes, names in groupby(KNOWN, lambda name: (KNOWN[name].prompt, KNOWN[name].numbers)):
        told = ", ".join(f"`{name}`" for name in names)
        yield f"- {told}: *Prompt:* {notes[0]} *Numbers:* {notes[1]}\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table, a line a row."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    cells.insert(1, ["---"] * len(cells[0]))
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def cli_reference() -> Iterator[str]:
    """Yield the lines of ``docs/cli.md``: every command's own help."""
    yield "# Command line reference"
    yield ""
    yield "Generated from the program's own help by `scripts/generate_docs.py`."
    wide = cli.context_settings | {"terminal_width": 96, "max_content_width": 96}
    context = click.Context(cli, info_name="evalsite", **wide)
    yield from _section("evalsite", cli.get_help(context))
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        sub = click.Context(command, info_name=name, parent=context, **(command.context_settings | wide))
        yield from _section(f"evalsite {name}", command.get_help(sub))
        for part, below in (command.commands if isinstance(command, click.Group) else {}).items():
            inner = click.Context(below, info_name=part, parent=sub, **(below.context_settings | wide))
            yield from _section(f"evalsite {name} {part}", below.get_help(inner))


def _section(title: str, text: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield "```text"
    yield from (line.rstrip() for line in text.splitlines())
    yield "```"


if __name__ == "__main__":
    for path, content in generate().items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(content, "utf-8")
        print(f"docs/{path}")
