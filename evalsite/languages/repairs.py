"""Named repairs for code that a server or a page has damaged, whatever its language."""

import html
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "′": "'", "″": '"'})

RULES: Mapping[str, str] = {
    "spaces": "non-breaking and other unusual spaces became plain ones, invisible characters went",
    "unescaped": "HTML escapes became the characters that they stand for",
    "tags": "a page's tags within code (`<span>`, `<br>`) and its escapes were taken away",
    "quotes": "typographic quotation marks became straight ones",
    "diff": "a diff or patch became the file that it leads to",
    "numbers": "numbers before the lines were taken away",
    "typed": "what was typed at an interpreter's prompts was taken without these and what it printed",
    "markdown": "characters that Markdown had escaped (`\\_`) became what they stand for",
}
"""Name -> what it does."""


def in_turn(
    source: str, repairs: Mapping[str, Callable[[str], str]], compiles: Callable[[str], bool]
) -> tuple[str, tuple[str, ...]] | None:
    """Apply repairs on top of each other until source compiles; None where it never does."""
    names: list[str] = []
    for name, mend in repairs.items():
        if (better := mend(source)) != source:
            source = better
            names.append(name)
            if compiles(source):
                return source, tuple(names)
    return None


def without_tags(source: str) -> str:
    """Without a highlighter's tags, with line ends for those of a page, and unescaped as a page's text is.

    Tried last, as a text of the program's own may hold tags.
    """
    return unescaped(_TAG.sub("", _LINE_TAG.sub("\n", source))) if _TAG_ENDS.search(source) else source


_TAG_ENDS = re.compile(r"</[a-zA-Z]|<br\b", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:span|code|pre|a|b|i|u|s|em|strong|font|mark|ins|var|kbd|samp|tt|small|sup|sub|div|li|ol|p)"
    r"(?:\s[^<>]{0,400})?/?>",
    re.IGNORECASE,
)
_LINE_TAG = re.compile(r"(?:<br\b[^<>\n]{0,200}>|</(?:div|li|p)>)(?:[ \t]*\n)?", re.IGNORECASE)


def unescaped(source: str) -> str:
    """With the characters that a page's escapes stand for."""
    try:
        return html.unescape(source)
    except ValueError:  # a number of thousands of digits, which Python does not read
        return source


def spaces(source: str) -> str:
    """With plain blanks, and without what is invisible."""
    return _INVISIBLE.sub("", _SPACES.sub(" ", source))


def quotes(source: str) -> str:
    """With straight quotation marks."""
    return source.translate(_QUOTES)


def diff(source: str) -> str:
    """Keep what a diff leads to."""
    lines = [line for line in source.split("\n") if line.strip() and not _DIFF_HEAD.match(line)]
    if (
        not lines
        or not all(line[0] in "+- \\" for line in lines)
        or not any(line[0] == "+" for line in lines)
    ):
        return source
    return textwrap.dedent("\n".join(line[1:] for line in lines if line[0] in "+ ")) + "\n"


_DIFF_HEAD = re.compile(
    r"\+\+\+ |--- |@@|diff |index [0-9a-f]|(?:new|deleted) file|(?:old|new) mode|\*\*\* [A-Z]"
)


def numbers(source: str) -> str:
    """Lines that are all numbered, one by one."""
    lines = [line for line in source.split("\n") if line.strip()]
    found = [_NUMBER.match(line) for line in lines]
    numbers = [int(each[1]) for each in found if each]
    if (
        not numbers
        or len(numbers) < len(lines)
        or numbers != list(range(numbers[0], numbers[0] + len(lines)))
    ):
        return source
    width = max(each.end() for each in found if each)
    aligned = all(
        not line[each.end() : width].strip() for line, each in zip(lines, found, strict=True) if each
    )
    cut = [line[width if aligned else each.end() :] for line, each in zip(lines, found, strict=True) if each]
    return textwrap.dedent("\n".join(cut)) + "\n"


_NUMBER = re.compile(r"[ \t]*(\d{1,5})[ \t]?[.:|)]?(?=[ \t]|$)")


def typed(source: str) -> Iterator[str]:
    """Yield what was typed at an interpreter's prompts, where source begins with one: the lines behind
    prompts alone, and with others that go on, but for what is printed behind ``=>``.
    """
    lines = source.strip("\n").split("\n")
    if not _FIRST_TYPED.match(lines[0]):
        return
    found = [(line, _TYPED.match(line)) for line in lines]
    yield "\n".join(match[1] for _, match in found if match) + "\n"
    yield "\n".join(match[1] if match else line for line, match in found if not line.startswith("=>")) + "\n"


_FIRST_TYPED = re.compile(r"[ \t]*(?:irb[>(]|(?:ruby|php) >|>> )")
_TYPED = re.compile(
    r"[ \t]*(?:irb(?:\([\w.#]{1,40}\)(?::\d{1,5}){0,3})?[>*\"']|(?:ruby|php) [>{(\"']|[>?]>|\.\.\.+)"
    r"(?: |$)(.*)"
)


def markdown(source: str) -> str:
    """With what Markdown's escapes stand for."""
    return _MARKDOWN.sub(r"\1", source)


_MARKDOWN = re.compile(r"\\([_*\[\]])")
