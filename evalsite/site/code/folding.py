"""What of a program is folded away: the prompt that nearly every one begins with, and most of a long one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from evalsite.site.code.highlighting import Line
from evalsite.words.sentences import count

FEWEST = 3
"""Lines that are worth a fold."""
LONG, SHOWN, AROUND = 160, 80, 12
"""A program of more lines than ``LONG`` shows that many at its beginning, and around the line that failed."""


@dataclass(frozen=True)
class Block:
    """Lines of a program that stand together."""

    lines: tuple[Line, ...]
    folded: str = ""
    """What is folded away, in words; empty for lines that are shown."""
    of_prompt: bool = False


def of_prompt(lines: Sequence[str], prompt: Sequence[str]) -> frozenset[int]:
    """Which lines of a program, from 0, are its prompt's: those that it begins with, and where it says the
    whole prompt again, or all of it from its last definition on.
    """
    asked = [line.rstrip() for line in prompt]
    while asked and not asked[-1]:
        del asked[-1]
    told = [line.rstrip() for line in lines]
    begun = next(
        (at for at, (one, other) in enumerate(zip(told, asked, strict=False)) if one != other),
        min(len(told), len(asked)),
    )
    found = set(range(begun)) if begun >= FEWEST else set()
    last = max((at for at, line in enumerate(asked) if line[:1].strip()), default=0)
    again = asked[last:] if len(asked) - last >= FEWEST else asked
    if len(again) >= FEWEST:
        for at in range(begun if found else 0, len(told) - len(again) + 1):
            if told[at] == again[0] and told[at : at + len(again)] == again:
                found |= set(range(at, at + len(again)))
    return frozenset(found)


def blocks(lines: Sequence[Line], plain: Sequence[str], prompt: Sequence[str]) -> tuple[Block, ...]:
    """Fold a program: its prompt, and what is too long. The line that failed stays, with those around it.

    ``plain`` are the same lines as text.
    """
    failed = next((at for at, line in enumerate(lines) if line.failed), None)
    asked = of_prompt(plain, prompt) - {failed}
    rest = [at for at in range(len(lines)) if at not in asked]
    shown = set(rest)
    if len(rest) > LONG:
        near = {at for at in rest if failed is not None and abs(at - failed) <= AROUND}
        shown = {*rest[:SHOWN], *near}
    return tuple(_blocks(lines, asked, shown))


def _blocks(lines: Sequence[Line], asked: frozenset[int], shown: set[int]) -> Iterator[Block]:
    for kind, places in groupby(range(len(lines)), lambda at: (at in asked, at in shown)):
        part = tuple(lines[at] for at in places)
        match kind:
            case True, _ if len(part) >= FEWEST:
                yield Block(part, f"prompt, {count(len(part), 'line')}", of_prompt=True)
            case False, False if len(part) >= FEWEST:
                yield Block(part, f"{count(len(part), 'more line')}")
            case _:
                yield Block(part)
