"""Finds the program in a chat answer: reasoning aside, then fences, then code between prose."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from evalsite.kinds.base import Found
from evalsite.languages.reading import MOST_TRIES, Reading
from evalsite.words.text import cut_out


@dataclass(frozen=True)
class Wanted:
    """What an answer is searched for: a function, or any for an empty name, in one language."""

    reading: Reading
    name: str
    context: str
    """Code of the prompt that the answer may rely on; empty where it holds none."""


@dataclass(frozen=True)
class Block:
    """A stretch of an answer that may be code. ``rule`` says how it was found and what it took to compile."""

    source: str
    rule: str
    language: str = ""


MOST_END_TOKENS = 20
MOST_FALSE_STARTS = 50
"""Lines that look like the beginning of code but are none, after which prose is taken to be prose."""

MOST_BLOCKS = 200
"""Fences that are looked into; a model that opens more of them raves."""

_THOUGHT_TAG = re.compile(r"<(?P<end>/?)(?P<name>think|thinking|reasoning|thought)>")
_THOUGHT_BEGINS = re.compile(r"(?m)^[ \t]*<(?:think|thinking|reasoning|thought)>")
_END_TOKEN = re.compile(r"(?:<[|｜][\w▁ ]+[|｜]>|</s>|<eos>|<end_of_turn>)\Z")
_INDENT = " \t"


def find_program(wanted: Wanted, text: str) -> Found:
    """Return the program that a chat answer holds, with what it needs of the prompt's code."""
    reading = wanted.reading
    answer = _answer_in(text)
    fenced = fenced_blocks(answer, reading)
    blocks = [_repaired(block, reading) for block in fenced or [_whole(answer, reading)]]
    found = _choose(wanted, blocks) or _body(wanted, blocks)
    if found is None and not fenced:
        in_prose = [_repaired(block, reading) for block in code_in_prose(answer, reading)]
        found = _choose(wanted, in_prose)
        blocks = in_prose or blocks
    return found or _trimmed(wanted, blocks) or _leftover(wanted, blocks)


def _answer_in(text: str) -> str:
    """The answer without what only surrounds it."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    return without_thinking(_without_end_tokens(plain))


def _whole(answer: str, reading: Reading) -> Block:
    plain = reading.without_prose(answer)
    return Block(answer, "whole-answer") if plain == answer else Block(plain, "in-prose")


def _without_end_tokens(answer: str) -> str:
    """Take away special tokens that a server let through at the very end."""
    for _ in range(MOST_END_TOKENS):
        answer = answer.rstrip()
        token = _END_TOKEN.search(answer, max(0, len(answer) - 100))
        if token is None:
            break
        answer = answer[: token.start()]
    return answer


def without_thinking(answer: str) -> str:
    """Take away what a reasoning model thought, even where only one of the two tags was sent."""
    answer = cut_out(answer, _THOUGHT_TAG)
    ends = [tag.end() for tag in _THOUGHT_TAG.finditer(answer) if tag["end"]]
    answer = answer[ends[-1] :] if ends else answer
    begins = _THOUGHT_BEGINS.search(answer)
    return answer[: begins.start()] if begins else answer


def fence_in(line: str) -> tuple[str, str] | None:
    """Return the mark of a Markdown fence and what stands behind it; None for a line that is no fence."""
    if "```" not in line and "~~~" not in line:
        return None
    text = line.strip(_INDENT)
    info = text.lstrip(text[:1]) if text[:1] in ("`", "~") else text
    mark = text[: len(text) - len(info)]
    return None if len(mark) < 3 or "`" in info else (mark, info.lstrip(_INDENT))


def fenced_blocks(answer: str, reading: Reading) -> list[Block]:
    """Return the Markdown fences of an answer. A fence inside a docstring does not end its block."""
    blocks: list[Block] = []
    lines = (reading.tags.sub("```", answer) if reading.tags else answer).split("\n")
    position = 0
    while position < len(lines) and len(blocks) < MOST_BLOCKS:
        line = lines[position]
        position += 1
        opened = fence_in(line) if line else None
        if opened is None:
            continue
        mark, info = opened
        language, code = _split_info(info, reading)
        end = _end_of_block(lines, position, mark, reading)
        source = "\n".join([*code, *lines[position:end]]) + "\n"
        rule = "fenced" if end < len(lines) else "fenced-open"
        if rule == "fenced-open" and (inside := _closed_within(source, mark)):
            source, rule = inside, "fenced"
        blocks.append(Block(source, rule, language))
        position = end + 1
    return blocks


def _closed_within(source: str, mark: str) -> str:
    """Return the code before a fence that was closed at the end of a line of code, or an empty string."""
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if line.rstrip().endswith(mark):
            return "\n".join([*lines[:number], line.rstrip().removesuffix(mark)]) + "\n"
    return ""


def _split_info(info: str, reading: Reading) -> tuple[str, list[str]]:
    """Part a fence's language from code that a model began on the same line."""
    language = reading.fences.match(info)
    rest = info[language.end() :].lstrip(" }") if language else info
    if reading.begins.match(rest):
        return (language.group() if language else ""), [rest]
    return info, []


def code_in_prose(answer: str, reading: Reading) -> Iterator[Block]:
    """Yield the longest stretches of whole lines that compile and begin as code does."""
    lines = answer.split("\n")
    position = false_starts = 0
    while position < len(lines) and false_starts < MOST_FALSE_STARTS:
        if not reading.begins.match(lines[position]):
            position += 1
            continue
        source = reading.last_complete("\n".join([*lines[position:], "end"]))
        if source:
            yield Block(reading.without_prose(source), "in-prose")
        else:
            false_starts += 1
        position += source.count("\n") or 1


def _closes(line: str, mark: str) -> bool:
    fence = fence_in(line)
    return fence is not None and not fence[1] and fence[0].startswith(mark)


def _end_of_block(lines: Sequence[str], start: int, mark: str, reading: Reading) -> int:
    """Return the line of the closing fence: the first, or a later one if only then the block compiles.

    The number of lines is returned where there is none.
    """
    ends = (n for n in range(start, len(lines)) if _closes(lines[n], mark))
    first = next(ends, len(lines))
    if reading.leaves_text_open("\n".join(lines[start:first])):
        for end in islice(ends, MOST_TRIES):
            if reading.compiles("\n".join(lines[start:end])):
                return end
    return first


def _repaired(block: Block, reading: Reading) -> Block:
    source, repairs = reading.repair(block.source)
    return Block(source, _named(block.rule, repairs), block.language)


def _named(rule: str, more: Sequence[str]) -> str:
    return "+".join((rule, *more))


def _choose(wanted: Wanted, blocks: Sequence[Block]) -> Found | None:
    """Return the first block that defines the function, with what it needs of the others."""
    reading, name = wanted.reading, wanted.name
    parsed = [(block, code) for block in blocks if (code := reading.parse(block.source)) is not None]
    defining = [(block, code) for block, code in parsed if code.defines(name)]
    if not defining:
        return None
    block, code = next((pair for pair in defining if not pair[1].is_stub(name)), defining[0])
    known = reading.known_from(wanted.context, name)
    source, rule = block.source, block.rule
    helpers: list[str] = []
    missing = code.lacks - known
    for other, other_code in parsed:
        bound = other_code.binds
        if other is not block and missing & bound and name not in bound:
            helpers.append(other.source)
            missing = (missing - bound) | (other_code.lacks - known)
    if helpers:
        source, rule = "\n\n".join((*helpers, source)), f"{rule}+joined"
    return _finish(wanted, source, rule)


def _finish(wanted: Wanted, source: str, rule: str) -> Found:
    program, rules = wanted.reading.complete(source, wanted.context, wanted.name)
    return Found(program, _named(rule, rules))


def _body(wanted: Wanted, blocks: Sequence[Block]) -> Found | None:
    """Put a block that is only a function's body below the prompt."""
    if not wanted.context:
        return None
    head = wanted.context.rstrip() + "\n"
    for block in blocks:
        if found := wanted.reading.as_body(head, block.source):
            program, rules = found
            return Found(program, _named("body", rules))
    return None


def _trimmed(wanted: Wanted, blocks: Sequence[Block]) -> Found | None:
    """Leave out what follows the last complete statement, if the function is complete by then."""
    for block in blocks:
        part = wanted.reading.last_complete(_from_where_code_begins(wanted.reading, block.source))
        if found := _choose(wanted, [Block(part, f"{block.rule}+trimmed")]):
            return found
    return None


def _from_where_code_begins(reading: Reading, source: str) -> str:
    """Return source from its first line of code on; all of it where no line looks like one."""
    start = _first_code(reading, source)
    return source if start is None else source[start:]


def _first_code(reading: Reading, source: str) -> int | None:
    found = re.search(rf"(?m)^(?:{reading.begins.pattern})", source)
    return found.start() if found else None


def _leftover(wanted: Wanted, blocks: Sequence[Block]) -> Found:
    """Return the code of an answer without the function: it fails, but is shown for what it is."""
    reading, name = wanted.reading, wanted.name
    candidates = [
        block
        for block in blocks
        if block.source.strip() and (not block.language or reading.fences.match(block.language))
    ]
    if not candidates:
        return Found("", "no-code")
    named = [block for block in candidates if name and name in block.source]
    block = max(named or candidates, key=lambda each: len(each.source))
    if not block.rule.startswith("whole-answer"):
        compiles = reading.compiles(block.source)
        return _finish(wanted, block.source, block.rule) if compiles else Found(block.source, "broken")
    begins = _first_code(reading, block.source)
    return Found("", "no-code") if begins is None else Found(block.source[begins:], "broken")
