"""Finds the blocks of code in a chat answer: Markdown fences as models write them, and what replaces one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from evalsite.extraction.wrappings import OPENED, as_fences
from evalsite.languages.reading import MOST_TRIES, Reading


@dataclass(frozen=True)
class Block:
    """A stretch of an answer that may be code. ``rule`` says how it was found and what it took to compile."""

    source: str
    rule: str
    language: str = ""
    raw: str = ""
    """The source before it was repaired, where somebody tried."""


MOST_BLOCKS = 200
"""Fences that are looked into; a model that opens more of them raves."""
MOST_FALSE_STARTS = 50
"""Lines that look like the beginning of code but are none, after which prose is taken to be prose."""
MOST_QUOTES = 3
"""Levels of ``>`` before a fence."""

_INDENT = " \t"
_WORD = re.compile(r"[\w{][\w{}+#.:/-]*(?<!\.)\Z")
_ATTRIBUTE = re.compile(r"[\w.-]+=(?!=|\s)")
_QUOTE = re.compile(r" {0,3}> ?")
_ESCAPED = re.compile(r"\\([_*])")
_QUOTED = re.compile(r"(?m)^ {0,3}>(?!>) ?")
_SESSION = re.compile(r"(?m)^[ \t]*(?:>>>|\.\.\.|In \[\d+\]:|\.{3,}:)(?: |$)")
_INLINE = re.compile(r"`{1,3}([^`\n]+)`")
_FENCED_LINE = re.compile(r"(?m)^[ \t>]*(?:```|~~~).*$|(?<!`)`{3,}+[ \t]*$")


@dataclass(frozen=True)
class _Fence:
    """A line with a fence: its mark, and what stands behind it."""

    line: int
    mark: str
    info: str
    opens: bool
    """Whether what stands behind it is a language or code, not prose."""
    inline: bool = False
    """Whether prose stands before it, so that it can open a block only."""

    def closes(self, mark: str) -> bool:
        """Whether it ends a block that ``mark`` began."""
        return not self.inline and not self.opens and self.mark.startswith(mark)


def fenced_blocks(answer: str, reading: Reading) -> list[Block]:
    """Return the Markdown fences of an answer. A fence inside a docstring does not end its block.

    One that opens another block within one that is open ends that, and so does one right behind it.
    """
    lines = _lines(answer, reading)
    fences = [fence for n, line in enumerate(lines) if (fence := _fence_in(n, line, reading))]
    blocks: list[Block] = []
    position = 0
    for number, fence in enumerate(fences):
        if fence.line < position:
            continue
        if len(blocks) == MOST_BLOCKS:
            break
        block, position = _block_at(lines, fences, number, reading)
        blocks.append(block)
    return blocks


def _lines(answer: str, reading: Reading) -> list[str]:
    """The answer's lines, with fences for what stands in their place, and without ``>`` before them."""
    if reading.tags:
        answer = reading.tags.sub("\n```\n", answer)
    lines = as_fences(answer, reading).split("\n")
    for _ in range(MOST_QUOTES):
        if not (quoted := _quoted_fences(lines)):
            break
        lines = [_QUOTE.sub("", line, count=1) if n in quoted else line for n, line in enumerate(lines)]
    return lines


def _quoted_fences(lines: Sequence[str]) -> set[int]:
    """The lines of stretches that are quoted, each with a fence in it."""
    found: set[int] = set()
    start = 0
    for number, line in enumerate([*lines, ""]):
        if _QUOTE.match(line):
            continue
        if any(fence_in(each.lstrip("> \t")) for each in lines[start:number]):
            found |= set(range(start, number))
        start = number + 1
    return found


def fence_in(line: str) -> tuple[str, str] | None:
    """Return the mark of a Markdown fence and what stands behind it; None for a line that is no fence."""
    if "```" not in line and "~~~" not in line:
        return None
    text = line.strip(_INDENT)
    info = text.lstrip(text[:1]) if text[:1] in ("`", "~") else text
    mark = text[: len(text) - len(info)]
    return None if len(mark) < 3 or "`" in info else (mark, info.lstrip(_INDENT))


def _fence_in(number: int, line: str, reading: Reading) -> _Fence | None:
    """The fence of a line, which may also stand behind prose."""
    found = fence_in(line)
    inline = found is None and line.count("```") % 2 == 1
    if inline:
        before, _, info = line.rpartition("```")
        found = ("```", info.strip(_INDENT)) if before.strip() and "`" not in info else None
    if found is None:
        return None
    mark, info = found
    opens = bool(reading.fences.match(info) or _WORD.match(info) or reading.begins.match(info))
    return None if inline and info and not opens else _Fence(number, mark, info, opens, inline)


def _block_at(
    lines: Sequence[str], fences: Sequence[_Fence], opening: int, reading: Reading
) -> tuple[Block, int]:
    """Return the block that a fence opens, and the line from which the next one is looked for."""
    mark, start = fences[opening].mark, fences[opening].line + 1
    language, code = _split_info(fences[opening].info, reading)
    language = "" if language == OPENED else language
    if not language and start < len(lines) and reading.fences.fullmatch(lines[start].strip()):
        start += 1  # some put the language on a line of its own
    ending = _ending(lines, start, fences, opening, reading)
    closed = ending is not None and ending.closes(mark)
    end = len(lines) if ending is None else ending.line
    if closed and not code and not any(line.strip() for line in lines[start:end]):
        return Block("", "fenced", language), end  # nothing in it: the second one opens once more
    source = "\n".join([*code, *lines[start:end]]) + "\n"
    within = next((n for n in range(start, end) if lines[n].rstrip().endswith(mark)), end)
    if within < end and not (closed and reading.compiles(source)):
        whole = [*code, *lines[start:within], lines[within].rstrip().removesuffix(mark)]
        return Block("\n".join(whole) + "\n", "fenced", language), within + 1
    return Block(source, "fenced" if closed else "fenced-open", language), end + closed


def _split_info(info: str, reading: Reading) -> tuple[str, list[str]]:
    """Part a fence's language from code that a model began on the same line."""
    language = reading.fences.match(info)
    rest = info[language.end() :].lstrip(" }") if language else info
    if reading.begins.match(rest) and not _ATTRIBUTE.match(rest):
        return (language.group() if language else ""), [rest]
    return info, []


def _ending(
    lines: Sequence[str], start: int, fences: Sequence[_Fence], opening: int, reading: Reading
) -> _Fence | None:
    """Return the fence that ends a block, None where there is none.

    That is the first one that closes it or opens another one, or one that closes it later if only then the
    block compiles.
    """
    mark = fences[opening].mark
    later = (fences[n] for n in range(opening + 1, len(fences)))
    own = (fence for fence in later if fence.line >= start and not fence.inline)
    first = next((fence for fence in own if fence.opens or fence.closes(mark)), None)
    if reading.leaves_text_open("\n".join(lines[start : first.line if first else None])):
        for fence in islice((fence for fence in own if fence.closes(mark)), MOST_TRIES):
            if reading.compiles("\n".join(lines[start : fence.line])):
                return fence
    return first


def code_in_prose(answer: str, reading: Reading) -> Iterator[Block]:
    """Yield the longest stretches of whole lines that compile and begin as code does, indented ones too."""
    lines = answer.split("\n")
    position = false_starts = 0
    while position < len(lines) and false_starts < MOST_FALSE_STARTS:
        if not reading.begins.match(lines[position].lstrip(_INDENT)):
            position += 1
            continue
        stretch = _stretch(lines, position)
        source = reading.last_complete("\n".join(stretch), ended=True)
        if source:
            yield Block(reading.without_prose(source), "in-prose")
        else:
            false_starts += 1
        position += source.count("\n") or 1


def _stretch(lines: Sequence[str], start: int) -> list[str]:
    """The lines from one on that are indented as far as that one, without this indentation."""
    indent = lines[start][: len(lines[start]) - len(lines[start].lstrip(_INDENT))]
    if not indent:
        return list(lines[start:])
    inside = takewhile(lambda line: line.startswith(indent) or not line.strip(), islice(lines, start, None))
    return [line.removeprefix(indent) for line in inside]


def without_fences(answer: str) -> str:
    """The answer with its fences blanked, for code that stands between them."""
    return _FENCED_LINE.sub("", answer)


def without_markdown(answer: str) -> str:
    """The answer without what Markdown puts before quoted lines, and before characters that it knows."""
    return _ESCAPED.sub(r"\1", _QUOTED.sub("", answer))


def inline_code(answer: str, reading: Reading) -> Iterator[Block]:
    """Yield what stands in an answer's sentences between backticks."""
    for span in islice(_INLINE.finditer(answer), MOST_BLOCKS):
        text = span[1].strip()
        language = reading.fences.match(text)
        yield Block(text[language.end() if language else 0 :].strip() + "\n", "inline")


def session(answer: str) -> Iterator[Block]:
    """Yield the lines from an interpreter's first prompt to its last, where prose stands around them."""
    prompts = [found.start() for found in _SESSION.finditer(answer)]
    if prompts:
        end = answer.find("\n", prompts[-1])
        yield Block(answer[prompts[0] : end if end >= 0 else None] + "\n", "in-prose")


def indented(answer: str) -> Iterator[Block]:
    """Yield the stretches of lines that are indented."""
    stretch: list[str] = []
    for line in (*answer.split("\n"), "end"):
        if line[:1] in _INDENT or not line.strip():
            stretch.append(line)
            continue
        if any(line.strip() for line in stretch):
            yield Block("\n".join(stretch) + "\n", "in-prose")
        stretch = []
