"""The data sets that are known by name, as a table or as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evalsite.datasets.catalogue.base import Known
from evalsite.datasets.keeping import Kept
from evalsite.kinds import KINDS
from evalsite.languages import title_of
from evalsite.report.documents import as_document
from evalsite.report.tables import markdown_table, text_table
from evalsite.words.cells import HYPHEN, size

HEAD = ("data set", "language", "kind", "licence", "here", "where it comes from", "problems", "size")
_TEXTS = 6


@dataclass(frozen=True)
class Listed:
    """A known data set, and where it lies on this machine; None: nowhere."""

    name: str
    known: Known
    kept: Kept | None


def as_text(listed: Iterable[Listed]) -> str:
    """Return a table with a line for each data set."""
    return text_table(HEAD, map(_row, listed), texts=_TEXTS)


def as_markdown(listed: Iterable[Listed]) -> str:
    """Return the same table in Markdown."""
    return markdown_table(HEAD, map(_row, listed), texts=_TEXTS)


def as_json(listed: Iterable[Listed]) -> str:
    """Return all that is known of each, as an object with a list of ``datasets``; sizes in bytes."""
    document = {"datasets": [_document(one) for one in listed]}
    return as_document(document)


FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json}


def _row(one: Listed) -> tuple[str, ...]:
    known = one.known
    problems = HYPHEN if known.problems is None else f"{known.problems:,}"
    here = one.kept.where if one.kept else "no"
    origin = known.origin.removeprefix("https://")
    return (
        one.name,
        title_of(known.language),
        _kinds(known),
        known.licence,
        here,
        origin,
        problems,
        size(known.size),
    )


def _kinds(known: Known) -> str:
    return ", ".join(dict.fromkeys(KINDS[kind].title for kind in known.kinds))


def _document(one: Listed) -> dict[str, Any]:
    known = one.known
    return {
        "name": one.name,
        "language": known.language,
        "kind": _kinds(known),
        "problems": known.problems,
        "licence": known.licence,
        "size": known.size,
        "origin": known.origin,
        "files": [{"name": file.name, "url": file.url, "size": file.size} for file in known.files],
        "sha256": known.sha256 or None,
        "here": [str(path) for path in one.kept.paths] if one.kept else None,
        "prompt": known.prompt,
        "numbers": known.numbers,
    }
