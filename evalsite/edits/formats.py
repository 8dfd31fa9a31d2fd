"""Formats of edits: how a model is asked to write one, and how what it wrote is read.

Their form is that of aider's edit formats (https://aider.chat/docs/more/edit-formats.html), which models
know; the words are our own. An answer is read strictly: what is no edit in the format that was asked for is
told.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evalsite.edits.applying import EditError, FileEdit, Piece, apply_edits, malformed
from evalsite.edits.exercise import Files
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.text import shorten

_FENCE = re.compile(r"[ ]{0,3}(`{3,}+|~{3,}+)[ \t]*+([^`\n]*+)$")
_MOST_LINES = 200_000
"""Lines of an answer that are read."""
_LONGEST_NAME = 400
"""Characters of a line that may name a file."""
_LABEL = re.compile(
    r"^(?:[#>*\-\s]+|\d+[.)]\s+|(?:in\s+)?(?:new\s+)?(?:file|path|filename)\s*:\s*)+", re.IGNORECASE
)
_LIKE_A_PATH = re.compile(r"[^\s`'\"*<>|]*[./\\~][^\s`'\"*<>|]*")


def parse_whole(text: str, files: Files) -> list[FileEdit]:
    """Each fenced block is all of the file that the line before it names.

    A block without a name is the only file there is, or else a mere illustration.
    """
    found: list[FileEdit] = []
    nameless: list[str] = []
    lines = _lines(text)
    at = 0
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        if fence is None:
            at += 1
            continue
        end = _closing(lines, at, fence[1])
        name = _name_before(lines, at, files) or _name_in(fence[2], files)
        if end is None:
            raise malformed(f"the block that begins at line {at + 1} of the answer is never closed")
        body = "".join(f"{line}\n" for line in lines[at + 1 : end])
        if name:
            found.append(FileEdit(name, whole=body))
        else:
            nameless.append(body)
        at = end + 1
    if found or not nameless:
        return found
    sources = [path for path in files if not path.endswith((".toml", ".mod", ".json", ".md", ".txt"))]
    if len(sources) == 1 and len(nameless) == 1:
        return [FileEdit(sources[0], whole=nameless[0])]
    raise malformed("no block of the answer has the path of a file on the line before it")


def parse_search_replace(text: str, files: Files) -> list[FileEdit]:
    """Blocks between marks: what is searched for, and what takes its place."""
    lines = _lines(text)
    found: list[FileEdit] = []
    path = ""
    at = 0
    while at < len(lines):
        mark = _MARK.match(lines[at])
        if mark is None:
            at += 1
            continue
        if not _SEARCH.match(lines[at]):
            raise malformed(f"line {at + 1} of the answer, {lines[at].strip()!r}, ends what was not begun")
        path = _name_before(lines, at, files) or path
        if not path:
            raise malformed(f"no line before line {at + 1} of the answer names the file")
        middle = _next(lines, at + 1, _DIVIDER, at, "'======='")
        end = _next(lines, middle + 1, _REPLACE, at, "'>>>>>>> REPLACE'")
        before, after = lines[at + 1 : middle], lines[middle + 1 : end]
        found.append(FileEdit(path, (Piece(_joined(before), _joined(after)),)))
        at = end + 1
    return found


_SEARCH = re.compile(r"[ \t]*<{5,9}[ \t]*SEARCH\b[ \t]*$")
_DIVIDER = re.compile(r"[ \t]*={5,9}[ \t]*$")
_REPLACE = re.compile(r"[ \t]*>{5,9}[ \t]*REPLACE\b[ \t]*$")
_MARK = re.compile(rf"(?:{_SEARCH.pattern})|(?:{_REPLACE.pattern})")


def _next(lines: Sequence[str], start: int, wanted: re.Pattern[str], begun: int, name: str) -> int:
    for at in range(start, len(lines)):
        if wanted.match(lines[at]):
            return at
        if _SEARCH.match(lines[at]):
            break
    raise malformed(f"the block that begins at line {begun + 1} of the answer has no {name}")


def parse_udiff(text: str, files: Files) -> list[FileEdit]:
    """Unified diffs. Numbers of lines only tell places apart that read the same: models cannot count."""
    lines = _lines(text)
    found: list[FileEdit] = []
    at = 0
    fenced = ""
    while at < len(lines):
        line = lines[at]
        if _FENCE.match(line):
            fenced = "" if fenced else line
        if link := _LINK.match(line):
            raise EditError(VerdictClass.WRONG_FILE, f"the diff makes a link or a device ({link[0]})")
        if line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ "):
            path = _path_of(lines[at], lines[at + 1], files)
            pieces, at = _hunks(lines, at + 2, path)
            found.append(FileEdit(path, pieces))
            continue
        if line.startswith("@@") and fenced:
            raise malformed(f"the hunk at line {at + 1} of the answer belongs to no file: --- and +++ lack")
        at += 1
    return found


_LINK = re.compile(r"(?:new file mode|new mode) (?:12|02|06|04|01)\d{4}\b")


def _path_of(old: str, new: str, files: Files) -> str:
    """The path that a diff names: behind ``a/`` and ``b/``, unless a file is called so."""
    named = [line[4:].split("\t")[0].strip() for line in (new, old)]
    path = named[1] if named[0] == "/dev/null" and named[1] in files else named[0]
    if path == "/dev/null":
        raise EditError(VerdictClass.WRONG_FILE, f"the diff removes {shorten(named[1], 120)!r}")
    return path[2:] if path not in files and path[:2] in ("a/", "b/", "i/", "w/") else path


def _hunks(lines: Sequence[str], at: int, path: str) -> tuple[tuple[Piece, ...], int]:
    """The hunks of a file, and where they end."""
    pieces: list[Piece] = []
    while at < len(lines) and (head := _HUNK.match(lines[at])):
        old: list[str] = []
        new: list[str] = []
        begun = at
        at += 1
        while at < len(lines) and not _ends_hunk(lines, at):
            line = lines[at]
            if line[:1] not in ("", " ", "-", "+", "\\"):
                raise malformed(f"line {at + 1} of the answer begins with none of ' ', '-' and '+'")
            if line[:1] in ("", " ", "-"):
                old.append(line[1:])
            if line[:1] in ("", " ", "+"):
                new.append(line[1:])
            at += 1
        last = at
        while old and new and last > begun + 1 and lines[last - 1] == "":  # blank lines behind the diff
            old.pop()
            new.pop()
            last -= 1
        if not old and not new:
            raise malformed(f"the hunk at line {begun + 1} of the answer holds no line")
        pieces.append(Piece(_joined(old), _joined(new), int(head[1]) if head[1] else None))
    if not pieces:
        raise malformed(f"no hunk (@@) follows the names of {shorten(path, 120)!r} in the diff")
    return tuple(pieces), at


_HUNK = re.compile(r"@@(?:[ \t]*-(\d{1,9}))?")


def _ends_hunk(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if line.startswith(("@@", "diff --git ")) or _FENCE.match(line):
        return True
    return line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ ")


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > _MOST_LINES:
        raise malformed(f"the answer has more than {_MOST_LINES:,} lines")
    return lines


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _closing(lines: Sequence[str], at: int, fence: str) -> int | None:
    """Index of the line that closes a fence; None where none does."""
    for place in range(at + 1, len(lines)):
        found = _FENCE.match(lines[place])
        if found and found[1][0] == fence[0] and len(found[1]) >= len(fence) and not found[2].strip():
            return place
    return None


def _name_before(lines: Sequence[str], at: int, files: Files) -> str:
    """The path on the line before, beyond blank lines and the opening of a fence; empty where none is."""
    for place in range(at - 1, max(at - 5, -1), -1):
        line = lines[place].strip()
        fence = _FENCE.match(line)
        if fence and (name := _name_in(fence[2], files)):
            return name
        if line and not fence:
            return _named(line, files)
    return ""


def _name_in(info: str, files: Files) -> str:
    """A path behind a fence: ``python add.py``, ``python:add.py``, ``title="add.py"``."""
    words = [word for word in re.split(r"[\s:=\"']+", info.strip()) if word]
    return next((word for word in words if word in files), "")


def _named(line: str, files: Files) -> str:
    """The path that a line consists of, in whatever markup; empty where it is a sentence."""
    if len(line) > _LONGEST_NAME:
        return ""
    name: str = _LABEL.sub("", line.strip()).strip().rstrip(":").strip("*_`'\" ").rstrip(":")
    if name in files:
        return name
    quoted: list[str] = [path for path in re.findall(r"`([^`]+)`", line) if path in files]
    if len(quoted) == 1:
        return quoted[0]
    return name if _LIKE_A_PATH.fullmatch(name) and not name.endswith(".") else ""


@dataclass(frozen=True)
class Format:
    """One format of edits."""

    name: str
    title: str
    asked: str
    """How it is asked for; ``{path}`` and ``{language}`` stand for those of an example."""
    parse: Callable[[str, Files], list[FileEdit]]


_WHOLE = """Answer with every file that you change, whole: its path alone on a line, and behind it all \
of its new text in one fenced code block. Leave nothing out of a file, and change nothing else. Such as:

{path}
```{language}
(all lines of the file)
```"""
_SEARCH_REPLACE = """Answer with blocks that each replace some lines of a file: its path alone on a \
line, and behind it, between these marks, lines exactly as they stand in the file, and the lines that \
take their place:

{path}
```{language}
<<<<<<< SEARCH
(lines as they are)
=======
(lines as they shall be)
>>>>>>> REPLACE
```

The lines between SEARCH and ======= have to be whole lines, with all their blanks, and to stand in the \
file only once: take lines around them where they would not. Several blocks are applied one after the \
other."""
_UDIFF = """Answer with a unified diff, as `diff -U` writes it, in one fenced block for each file that \
you change:

```diff
--- {path}
+++ {path}
@@ -1,3 +1,3 @@
 (a line that stays)
-(a line that goes)
+(a line that comes)
 (a line that stays)
```

Every line of a hunk begins with a blank, `-` or `+`. Lines that stay or go have to be exactly those of \
the file, and to stand there only once: take more lines around them where they would not. The numbers \
behind @@ need not be right."""

FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("whole", "whole file", _WHOLE, parse_whole),
        Format("search-replace", "search and replace", _SEARCH_REPLACE, parse_search_replace),
        Format("udiff", "unified diff", _UDIFF, parse_udiff),
    )
}
"""Name -> format."""


def guess_format(text: str) -> str:
    """The format that an answer seems to be written in, where nobody knows which was asked for."""
    if re.search(rf"^{_SEARCH.pattern}", text, re.MULTILINE):
        return "search-replace"
    return "udiff" if re.search(r"^\+\+\+ .*\n@@", text, re.MULTILINE) else "whole"


def read_edit(text: str, name: str, files: Files, given: Sequence[str] = ()) -> dict[str, str]:
    """Return the files as an answer in a format makes them.

    Raises :class:`EditError`, whose class tells an answer without an edit from one that cannot be read, one
    that names another file, and one that does not apply.
    """
    edits = FORMATS[name].parse(text, files)
    if not edits:
        raise EditError(VerdictClass.NO_EDIT, f"the answer holds no edit as {FORMATS[name].title}")
    return apply_edits(files, edits, given)
