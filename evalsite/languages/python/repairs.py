"""Named repairs for code that a server or a page has damaged, tried on code that does not compile."""

import ast
import html
import re
import textwrap
from collections.abc import Callable, Mapping

from evalsite.languages.python.code import compiles, loaded_names, parse

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "′": "'", "″": '"'})
_ESCAPED = frozenset({"lt", "gt", "amp", "quot"})


def repair(source: str) -> tuple[str, tuple[str, ...]]:
    """Return source that compiles and the repairs that it took, or the source as it was and none.

    Repairs are tried one by one, then on top of each other in the order of :data:`REPAIRS`.
    """
    if (tree := parse(source)) is not None:
        if "&" in source and _reads_escapes(tree) and compiles(plain := _unescaped(source)):
            return plain, ("unescaped",)
        return source, ()
    for name, mend in REPAIRS.items():
        if (mended := mend(source)) != source and compiles(mended):
            return mended, (name,)
    mended, names = source, []
    for name, mend in REPAIRS.items():
        if (better := mend(mended)) != mended:
            mended = better
            names.append(name)
            if compiles(mended):
                return mended, tuple(names)
    return source, ()


def _unescaped(source: str) -> str:
    try:
        return html.unescape(source)
    except ValueError:  # a number of thousands of digits, which Python does not read
        return source


def _spaces(source: str) -> str:
    return _INVISIBLE.sub("", _SPACES.sub(" ", source))


def _tabs(source: str) -> str:
    return "\n".join(_indent_of(line).expandtabs(4) + line.lstrip(" \t") for line in source.split("\n"))


def _indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _prompts(source: str) -> str:
    """Keep what was typed at an interpreter's prompt and drop what it printed."""
    lines = source.split("\n")
    if not any(line.lstrip().startswith(">>> ") for line in lines):
        return source
    typed = [line.lstrip()[4:] for line in lines if line.lstrip()[:4] in {">>> ", "... "}]
    return "\n".join(typed) + "\n"


def _reads_escapes(tree: ast.Module) -> bool:
    """Return whether code such as ``a = b &lt; c`` compiled only because ``lt`` looks like a name."""
    return bool(loaded_names(tree) & _ESCAPED)


REPAIRS: Mapping[str, Callable[[str], str]] = {
    "spaces": _spaces,
    "unescaped": _unescaped,
    "quotes": lambda source: source.translate(_QUOTES),
    "tabs": _tabs,
    "dedented": textwrap.dedent,
    "prompts": _prompts,
}
"""Name -> repair. Each returns the source as it was where there is nothing to mend."""
