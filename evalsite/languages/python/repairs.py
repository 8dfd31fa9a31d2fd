"""Named repairs for code that a server or a page has damaged, tried on code that does not compile."""

import ast
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from evalsite.languages.python.code import compiles, loaded_names, parse
from evalsite.languages.repairs import (
    diff,
    in_turn,
    markdown,
    numbers,
    quotes,
    spaces,
    unescaped,
    without_tags,
)

_ESCAPED = frozenset({"lt", "gt", "amp", "quot"})


def repair(source: str) -> tuple[str, tuple[str, ...]]:
    """Return source that compiles and the repairs that it took, or the source as it was and none.

    Repairs are tried one by one, then on top of each other in the order of :data:`REPAIRS`.
    """
    if "<<" in source and (written := _heredoc(source)) != source:
        mended, more = repair(written)
        return mended, ("heredoc", *more)
    if (tree := parse(source)) is not None:
        if "&" in source and _reads_escapes(tree) and compiles(plain := unescaped(source)):
            return plain, ("unescaped",)
        return source, ()
    for name, mend in REPAIRS.items():
        if (mended := mend(source)) != source and compiles(mended):
            return mended, (name,)
    if (found := in_turn(source, REPAIRS, compiles)) is not None:
        return found
    if (plain := without_tags(source)) != source:
        if compiles(plain):
            return plain, ("tags",)
        if (found := in_turn(plain, REPAIRS, compiles)) is not None:
            return found[0], ("tags", *found[1])
    return source, ()


def _tabs(source: str) -> str:
    """With tabs as wide as editors have them, or as Python once took them, if only that is a program."""
    editors, pythons = (_expanded(source, width) for width in (4, 8))
    return pythons if compiles(pythons) and not compiles(editors) else editors


def _expanded(source: str, width: int) -> str:
    return "\n".join(_indent_of(line).expandtabs(width) + line.lstrip(" \t") for line in source.split("\n"))


def _indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _prompts(source: str) -> str:
    """Keep what was typed at an interpreter's or a notebook's prompt, and code around; drop what it printed.

    Where that is no program, the code alone is kept; never is a definition lost.
    """
    session: list[str] = []
    code: list[str] = []
    at_prompt = in_shell = False
    for line in source.split("\n"):
        prompt = _PROMPT.match(line)
        if prompt:
            typed = line[prompt.end() :]
            if _CELL.match(line):
                in_shell = _SHELL_CELL.match(typed) is not None
            session.append("" if in_shell else typed)
            at_prompt = bool(typed.strip()) or not _CELL.match(line)  # a cell's code stands below its prompt
            continue
        in_shell = in_shell and not _DEFINES.match(line)
        at_prompt = in_shell or _PRINTED.match(line) is not None or (at_prompt and not _DEFINES.match(line))
        if not at_prompt:
            session.append(line)
            code.append(line)
    if len(session) == len(code):
        return source
    for kept in (session, code):
        text = "\n".join(kept).rstrip("\n") + "\n"
        if _DEFINED.findall(text) == _DEFINED.findall(source) and (compiles(text) or compiles(_magics(text))):
            return text
    return source


_PROMPT = re.compile(r"[ \t]*(?:(?:>>>|\.\.\.)(?:[ ]|$)|In ?\[\d*\]: ?|\.{3,}: ?)")
_CELL = re.compile(r"[ \t]*In ?\[")
_PRINTED = re.compile(r"[ \t]*Out ?\[\d*\]:")
_DEFINES = re.compile(r"(?:(?:async +)?def|class) +\w|@\w|import +\w|from +\w")
_ASSIGNS = re.compile(r"(?m)^[A-Za-z_]\w*(?: *:[^=\n]+)? *=(?!=)")
_DEFINED = re.compile(r"\bdef +(\w+)")


def _magics(source: str) -> str:
    """Lines such as ``!pip install x`` and ``%time`` are a notebook's, not Python's; nor is what stands below
    ``%%bash`` and the like, up to the next cell, or what plainly is Python again.
    """
    if "%%" in source:
        lines, in_shell = [], False
        for line in source.split("\n"):
            begins = _SHELL_CELL.match(line) is not None
            in_shell = begins or (in_shell and not line.startswith("%%") and not _DEFINES.match(line))
            lines.append(f"# {line}" if in_shell and not begins and line.strip() else line)
        source = "\n".join(lines)
    return _MAGIC.sub(r"\1# \2", source)


_MAGIC = re.compile(r"(?m)^([ \t]*)([!%?]\S)")
_SHELL_CELL = re.compile(
    r"%%(?:bash|sh|script|cmd|system|sx|html|javascript|js|latex|markdown|svg|perl|ruby|cython|sql|R)\b"
)


def _heredoc(source: str) -> str:
    """Keep what a shell's command writes into a file, or hands to Python, up to the word that ends it.

    Lines such as ``cat > a.py << 'EOF'`` are Python, too: a comparison of things that nobody defined.
    """
    lines = source.split("\n")
    for number, line in enumerate(lines):
        begins = _HEREDOC.match(line)
        if begins is None:
            continue
        end = next((n for n in range(number + 1, len(lines)) if lines[n].strip() == begins[1]), len(lines))
        text = "\n".join(lines[number + 1 : end]) + "\n"
        if _DEFINED.search(text) or (
            (_DEFINES.match(text.lstrip()) or _ASSIGNS.search(text)) and compiles(text)
        ):
            return text
    return source


def written_files(source: str) -> list[str]:
    """Part a shell's commands, or a diff, of several files before each; the source alone where it is code."""
    lines = source.split("\n")
    begins = _heredocs(lines) if "<<" in source else _diffs(lines) if "+++ " in source else []
    if len(begins) < 2 or _DEFINED.search("\n".join(lines[: begins[0]])):
        return [source]
    ends = [*begins[1:], len(lines)]
    return ["\n".join(lines[a:b]) + "\n" for a, b in zip([0, *begins[1:]], ends, strict=True)]


def _heredocs(lines: Sequence[str]) -> list[int]:
    """The lines with commands that write what stands below, but for those within such a text."""
    found: list[int] = []
    word = None
    for number, line in enumerate(lines):
        if word is not None:
            word = None if line.strip() == word else word
        elif (begins := _HEREDOC.match(line)) is not None:
            found.append(number)
            word = begins[1]
    return found


def _diffs(lines: Sequence[str]) -> list[int]:
    """The lines that name the old file, where the new one's name follows."""
    return [n for n, (old, new) in enumerate(pairwise(lines)) if old[:4] == "--- " and new[:4] == "+++ "]


_HEREDOC = re.compile(
    r"[ \t$#]*(?:sudo +)?(?:cat|tee|python[\d.]*|ipython|py)\b[^\n]{0,200}<<-?[ \t]*[\"'\\]?(\w{1,40})[\"']?"
)


def _reads_escapes(tree: ast.Module) -> bool:
    """Return whether code such as ``a = b &lt; c`` compiled only because ``lt`` looks like a name."""
    return bool(loaded_names(tree) & _ESCAPED)


REPAIRS: Mapping[str, Callable[[str], str]] = {
    "unescaped": unescaped,
    "spaces": spaces,  # also those that were escaped
    "quotes": quotes,
    "tabs": _tabs,
    "dedented": textwrap.dedent,
    "prompts": _prompts,
    "magics": _magics,
    "diff": diff,
    "numbers": numbers,
    "markdown": markdown,
}
"""Name -> repair. Each returns the source as it was where there is nothing to mend."""
