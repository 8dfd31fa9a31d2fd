"""Finds the program in a chat answer: reasoning aside, then fences, then code between prose."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from evalsite.extraction import fences
from evalsite.extraction.fences import Block
from evalsite.extraction.helpers import with_helpers
from evalsite.extraction.thoughts import behind_heading, in_frame, without_thinking
from evalsite.extraction.wrappings import without_comments
from evalsite.kinds.base import Found
from evalsite.languages.reading import Code, Reading


@dataclass(frozen=True)
class Wanted:
    """What an answer is searched for: a function, or any for an empty name, in one language."""

    reading: Reading
    name: str
    context: str
    """Code of the prompt that the answer may rely on; empty where it holds none."""


@dataclass(frozen=True)
class _Answer:
    """An answer without what only surrounds it, and the blocks that may be its code, repaired."""

    text: str
    reading: Reading
    around: str = ""
    """All of the answer, where the text is a part of it: helpers may stand there."""

    @cached_property
    def aside(self) -> list[Block]:
        """Blocks outside of the text that may hold helpers."""
        around = fences.fenced_blocks(self.around, self.reading) if self.around else ()
        return [one for block in around for one in _files(block, self.reading)]

    @cached_property
    def fenced(self) -> list[Block]:
        found = fences.fenced_blocks(self.text, self.reading)
        return [one for block in found for one in _files(block, self.reading)]

    @cached_property
    def blocks(self) -> list[Block]:
        """The fenced ones, or else the whole answer."""
        return self.fenced or _files(_whole(self.text, self.reading), self.reading)

    @cached_property
    def in_prose(self) -> list[Block]:
        plain = fences.without_fences(self.text)
        return [_repaired(block, self.reading) for block in fences.code_in_prose(plain, self.reading)]


MOST_PIECES = 8
"""Blocks that the body of one function may be spread over."""
MOST_TOKENS = 20
"""Special tokens that are taken away at either end of an answer."""

_SPECIAL = r"(?:<[|｜][/\w▁ ]{1,60}[|｜]>|</?s>|<eos>|<(?:start|end)_of_turn>|\[END FINAL RESPONSE\])"
_BEGIN_TOKEN = re.compile(rf"\s{{0,99}}{_SPECIAL}")
_END_TOKEN = re.compile(rf"{_SPECIAL}\Z")


def find_program(wanted: Wanted, text: str, *, fenced_only: bool = False) -> Found:
    """Return the program that a chat answer holds, with what it needs of the prompt's code.

    What an answer frames as such (``<answer>``) comes first, if the function is there. With ``fenced_only``
    nothing counts but what a fence holds.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    answer = without_comments(_without_tokens(without_thinking(plain, wanted.reading)), wanted.reading)
    for framed, stubs in ((in_frame(answer), True), (behind_heading(answer), False)):
        part = _Answer(framed, wanted.reading, answer)
        if framed and (found := _find(wanted, part, fenced_only, stubs=stubs)):
            return found
    whole = _Answer(answer, wanted.reading)
    found = _find(wanted, whole, fenced_only)
    return found or _leftover(wanted, whole.blocks if whole.fenced else whole.in_prose or whole.blocks)


def _find(wanted: Wanted, answer: _Answer, fenced_only: bool, *, stubs: bool = True) -> Found | None:
    """Return the function with its program, by the first way that leads to more than a stub; a stub where
    nothing does and ``stubs`` count.
    """
    blocks, fenced = answer.blocks, bool(answer.fenced)
    if fenced_only and not fenced:
        return None
    found = _choose(wanted, blocks, answer.aside) or _halves(wanted, blocks) or _body(wanted, blocks)
    found = found or (_trimmed(wanted, blocks) if fenced else None)
    if not fenced_only:
        found = found or _in_prose(wanted, answer)
        found = found or (None if fenced else _trimmed(wanted, answer.in_prose or blocks))
        found = found or _inline(wanted, answer)
    return found or (_choose(wanted, blocks, stubs=True) if stubs else None)


def _without_tokens(answer: str) -> str:
    """Take away special tokens that a server let through at the very ends."""
    for _ in range(MOST_TOKENS):
        answer = answer.rstrip()
        token = _END_TOKEN.search(answer, max(0, len(answer) - 100))
        if token is None:
            break
        answer = answer[: token.start()]
    start = 0
    for _ in range(MOST_TOKENS):
        token = _BEGIN_TOKEN.match(answer, start)
        if token is None:
            break
        start = token.end()
    return answer[start:]


def _whole(answer: str, reading: Reading) -> Block:
    plain = reading.without_prose(answer)
    return Block(answer, "whole-answer") if plain == answer else Block(plain, "in-prose")


def _files(block: Block, reading: Reading) -> list[Block]:
    """The files that a block writes, repaired; mostly the block itself."""
    return [_repaired(replace(block, source=source), reading) for source in reading.files(block.source)]


def _repaired(block: Block, reading: Reading) -> Block:
    source, repairs = reading.repair(block.source)
    return Block(source, _named(block.rule, repairs), block.language, block.source)


def _named(rule: str, more: Sequence[str]) -> str:
    return "+".join((rule, *more))


def _choose(
    wanted: Wanted, blocks: Sequence[Block], aside: Sequence[Block] = (), *, stubs: bool = False
) -> Found | None:
    """Return the first block that defines the function, with what it needs of the others, and of those
    ``aside``.

    A stub is the task repeated, and counts only where ``stubs`` do.
    """
    reading, name = wanted.reading, wanted.name
    parsed = ((block, code) for block in blocks if (code := reading.parse(block.source)) is not None)
    defining = (pair for pair in parsed if pair[1].defines(name))
    complete = (pair for pair in defining if stubs or not pair[1].is_stub(name))
    imported: list[tuple[Block, Code]] = []
    chosen = next((pair for pair in complete if _is_own(pair, name, imported)), None)
    if (chosen := chosen or next(iter(imported), None)) is None:
        return None
    block, code = chosen
    source, others = block.source, [one for one in (*blocks, *aside) if one is not block]
    rules: tuple[str, ...] = ()
    if code.is_open(name) and (whole := _continued(wanted, blocks, blocks.index(block))):
        (source, others), rules = whole, ("continued",)
    source, joined = _with_helpers(wanted, source, others)
    return _finish(wanted, source, _named(block.rule, (*rules, *joined)))


def _is_own(pair: tuple[Block, Code], name: str, imported: list[tuple[Block, Code]]) -> bool:
    """Whether a block does more than import the function from a file that another block may be, as tests do;
    else it is kept for where there is none.
    """
    own = not pair[1].borrows or not name or name in pair[1].defined
    if not own:
        imported.append(pair)
    return own


def _continued(wanted: Wanted, blocks: Sequence[Block], number: int) -> tuple[str, list[Block]] | None:
    """Put below a function that just stops the indented blocks that go on with it to its end; and the
    others. None where nothing does.
    """
    reading, name = wanted.reading, wanted.name
    for end in _ends(wanted, blocks, number + 1):
        pieces = blocks[number + 1 : end]
        if not pieces or not _is_indented(pieces[0].raw):
            return None
        whole = "\n".join(each.rstrip("\n") for each in (blocks[number].source, *(one.raw for one in pieces)))
        if (code := reading.parse(f"{whole}\n")) is not None and not code.is_open(name):
            return f"{whole}\n", [*blocks[:number], *blocks[end:]]
    return None


def _with_helpers(wanted: Wanted, source: str, others: Sequence[Block]) -> tuple[str, tuple[str, ...]]:
    known = wanted.reading.known_from(wanted.context, wanted.name)
    return with_helpers(wanted.reading, wanted.name, known, source, [other.source for other in others])


def _halves(wanted: Wanted, blocks: Sequence[Block]) -> Found | None:
    """Put blocks that are only a function's body below one that holds only its head."""
    for number, head in enumerate(blocks):
        if wanted.name in head.source:
            for end in _ends(wanted, blocks, number + 1):
                body = blocks[number + 1 : end]
                if source := _below(wanted, head.source, body):
                    whole, rules = _with_helpers(wanted, source, [*blocks[:number], *blocks[end:]])
                    several = ("continued",) if len(body) > 1 else ()
                    return _finish(wanted, whole, _named("body", (*several, *rules)))
    return None


def _body(wanted: Wanted, blocks: Sequence[Block]) -> Found | None:
    """Put blocks that are only a function's body below the prompt."""
    if not wanted.context:
        return None
    for start in range(len(blocks)):
        for end in _ends(wanted, blocks, start):
            if source := _below(wanted, wanted.context, blocks[start:end]):
                whole, rules = _with_helpers(wanted, source, [*blocks[:start], *blocks[end:]])
                several = ("continued",) if end > start + 1 else ()
                return _finish(Wanted(wanted.reading, "", ""), whole, _named("body", (*several, *rules)))
    return None


def _ends(wanted: Wanted, blocks: Sequence[Block], start: int) -> Iterator[int]:
    """Yield where a body that begins in one block may end, the farthest first.

    What goes on with it is indented alike, defines nothing of its own, and does not name the function: that
    would be a call.
    """
    end = start + 1
    several = start < len(blocks) and not wanted.reading.defining.search(blocks[start].raw)
    while several and end < min(len(blocks), start + MOST_PIECES):
        piece = blocks[end].raw
        if (wanted.name and wanted.name in piece) or wanted.reading.defining.search(piece):
            break
        if _is_indented(piece) != _is_indented(blocks[start].raw):
            break
        end += 1
    yield from range(min(end, len(blocks)), start, -1)


def _is_indented(source: str) -> bool:
    return source.lstrip("\n")[:1] in (" ", "\t")


def _below(wanted: Wanted, head: str, pieces: Sequence[Block]) -> str | None:
    for texts in ([piece.raw for piece in pieces], [piece.source for piece in pieces]):
        body = "\n".join(text.rstrip("\n") for text in texts) + "\n"
        if source := wanted.reading.as_body(head.rstrip() + "\n", body):
            return source
    return None


def _trimmed(wanted: Wanted, blocks: Sequence[Block]) -> Found | None:
    """Leave out what stands around whole statements, if the function is complete by then.

    At the end of a fence that was closed it is; elsewhere the answer may have been cut off.
    """
    for block in blocks:
        source = _from_where_code_begins(wanted.reading, block.source)
        closed = block.rule.split("+")[0] == "fenced"
        part = wanted.reading.last_complete(source, ended=closed)
        if found := _choose(wanted, [Block(part, f"{block.rule}+trimmed")]):
            return found
    return None


def _in_prose(wanted: Wanted, answer: _Answer) -> Found | None:
    """Return the function from lines between prose, which may be typed at prompts, or marked by Markdown."""
    typed = [_repaired(block, answer.reading) for block in fences.session(answer.text)]
    if found := _choose(wanted, answer.in_prose) or _choose(wanted, typed):
        return found
    plain = fences.without_markdown(answer.text)
    if plain == answer.text:
        return None
    found = _choose(wanted, _Answer(plain, answer.reading).in_prose)
    return found and Found(found.source, f"{found.rule}+markdown")


def _inline(wanted: Wanted, answer: _Answer) -> Found | None:
    """Return the function, or its body, from between backticks in a sentence, or its body from lines that
    are indented in an answer without any other code.
    """
    spans = list(fences.inline_code(answer.text, answer.reading))
    bare = not answer.fenced and _first_code(answer.reading, answer.text) is None
    return _choose(wanted, spans) or _body(wanted, [*spans, *(fences.indented(answer.text) if bare else ())])


def _finish(wanted: Wanted, source: str, rule: str) -> Found:
    program, rules = wanted.reading.complete(source, wanted.context, wanted.name)
    return Found(program, _named(rule, rules))


def _from_where_code_begins(reading: Reading, source: str) -> str:
    """Return source from its first line of code on; all of it where no line looks like one."""
    return source[_first_code(reading, source) :]


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
