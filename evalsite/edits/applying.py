"""Edits, and what files they make of files: pure text, in memory. Nothing is written anywhere.

A piece of text is replaced where it stands in its file once, line by line, and nowhere else: no blank more
or less is forgiven, as whoever applies an edit without looking could not know what was meant.
"""

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from evalsite.edits.exercise import Files
from evalsite.edits.paths import fault_of
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.text import shorten

MOST_PIECES, MOST_TEXT = 2_000, 2_000_000
"""Pieces of one answer, and characters of all files that come of it."""
MOST_LOOKED_THROUGH = 400_000_000
"""Characters that all pieces together are looked for in: a second's work."""
_MOST_COMPARED, _LONGEST_COMPARED = 1_000, 200
"""Lines among which the nearest is looked for, and characters of a line that count."""


class EditError(Exception):
    """An edit that comes to nothing; ``verdict`` is its class."""

    def __init__(self, verdict: VerdictClass, message: str) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.message = message


def malformed(message: str) -> EditError:
    """What is no edit in its format."""
    return EditError(VerdictClass.MALFORMED_EDIT, message)


@dataclass(frozen=True)
class Piece:
    """Lines, and what is to stand in their place."""

    before: str
    after: str
    line: int | None = None
    """Where the lines are said to stand, from 1: tells which are meant where they stand twice."""


@dataclass(frozen=True)
class FileEdit:
    """What becomes of one file."""

    path: str
    pieces: tuple[Piece, ...] = ()
    whole: str | None = None
    """All of its text, in place of pieces."""


def apply_edits(files: Files, edits: Sequence[FileEdit], given: Collection[str] = ()) -> dict[str, str]:
    """Return the files as edits leave them, one after the other. ``given`` are files that may not be changed.

    Raises :class:`EditError` for the first that names another file, or does not apply.
    """
    if sum(max(len(edit.pieces), 1) for edit in edits) > MOST_PIECES:
        raise malformed(f"the edit has more than {MOST_PIECES} pieces")
    changed = dict(files)
    looked_through = 0
    for edit in edits:
        path = _checked(edit.path, files, given)
        looked_through += len(changed[path]) * len(edit.pieces)
        if looked_through > MOST_LOOKED_THROUGH:
            raise malformed("the edit has more pieces than files as large can have")
        changed[path] = _edited(path, changed[path], edit)
        if sum(map(len, changed.values())) > MOST_TEXT + sum(map(len, files.values())):
            raise malformed(f"the files become larger than {MOST_TEXT / 1e6:g} MB")
    return changed


def _checked(path: str, files: Files, given: Collection[str]) -> str:
    plain = path.removeprefix("./")
    if plain in files:
        return plain
    named = shorten(repr(path), 120)
    if fault := fault_of(plain):
        raise EditError(VerdictClass.WRONG_FILE, f"the path {named} {fault}")
    if plain in given:
        raise EditError(VerdictClass.WRONG_FILE, f"{named} is not to be changed")
    close = difflib.get_close_matches(plain, files, n=1, cutoff=0.5)
    meant = f"; {close[0]} is meant, perhaps" if close else ""
    raise EditError(VerdictClass.WRONG_FILE, f"{named} is none of the files that are to be changed{meant}")


def _edited(path: str, text: str, edit: FileEdit) -> str:
    if edit.whole is not None:
        return edit.whole
    for piece in edit.pieces:
        text = _replaced(path, text, piece)
    return text


def _replaced(path: str, text: str, piece: Piece) -> str:
    before, after = piece.before.removesuffix("\n"), piece.after.removesuffix("\n")
    if not piece.before:
        if text.strip():
            raise _does_not_apply(f"nothing is to be replaced in {path}, which is not empty")
        return f"{after}\n" if piece.after else ""
    lined = f"\n{text}" if text.endswith("\n") or not text else f"\n{text}\n"
    found = _places(lined, f"\n{before}\n")
    if not found:
        raise _does_not_apply(_not_found(path, text, before))
    lines = [lined.count("\n", 0, place) + 1 for place in found]
    if len(found) > 1 and piece.line not in lines:
        others = " and more" if len(found) > _MOST_PLACES else ""
        listed = " and ".join(map(str, lines[:2])) + others
        raise _does_not_apply(f"what is to be replaced stands in {path} more than once: at lines {listed}")
    place = found[lines.index(piece.line) if piece.line in lines else 0]
    put = f"{after}\n" if piece.after else ""
    return lined[1 : place + 1] + put + lined[place + len(before) + 2 :]


_MOST_PLACES = 50


def _places(text: str, wanted: str) -> list[int]:
    """Where a text stands in another, at most one more than :data:`_MOST_PLACES`."""
    found: list[int] = []
    at = text.find(wanted)
    while at >= 0 and len(found) <= _MOST_PLACES:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def _does_not_apply(message: str) -> EditError:
    return EditError(VerdictClass.EDIT_DOES_NOT_APPLY, message)


def _not_found(path: str, text: str, before: str) -> str:
    """What lacks, and what is there that comes nearest to it."""
    lines = text.splitlines()
    known, wanted = set(lines), before.splitlines()
    missing = next((line for line in wanted if line not in known and line.strip()), "")
    told = f"what is to be replaced does not stand in {path}"
    if not missing:
        return f"{told}: its lines do, but not in this order" if len(wanted) > 1 else told
    told = f"{told}: no line is {_quoted(missing)}"
    nearest = _nearest(missing, lines)
    if nearest is None:
        return told
    return f"{told}; the nearest is line {nearest + 1}, {_quoted(lines[nearest])}"


def _nearest(wanted: str, lines: Sequence[str]) -> int | None:
    """Index of the line that is most like a wanted one; None where none is at all."""
    short = [_without_blanks(line)[:_LONGEST_COMPARED] for line in lines[:_MOST_COMPARED]]
    close = difflib.get_close_matches(_without_blanks(wanted)[:_LONGEST_COMPARED], short, n=1, cutoff=0.4)
    return short.index(close[0]) if close else None


def _without_blanks(line: str) -> str:
    return re.sub(r"[ \t]+", " ", line.strip())


def _quoted(line: str) -> str:
    return repr(shorten(line, 120))
