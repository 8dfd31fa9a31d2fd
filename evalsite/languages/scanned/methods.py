"""Functions that an answer puts into a class, where its tests call a function: as contest sites have them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalsite.languages.scanned.scanner import CLOSE, LINE, OPEN, WORD, Token


@dataclass(frozen=True)
class Method:
    """A method of a class."""

    name: str
    before: tuple[str, ...]
    """What stands before its name: modifiers, types."""
    parameters: tuple[Token, ...] = ()


def methods(tokens: Sequence[Token]) -> dict[str, Method]:
    """The methods of a type in braces, by name."""
    begins = next((n for n, token in enumerate(tokens) if token.text == "{"), len(tokens))
    return {found.name: found for found in _methods(tokens[begins + 1 :])}


def _methods(tokens: Sequence[Token]) -> Iterator[Method]:
    depth, first = 0, 0
    found: Method | None = None
    for number, token in enumerate(tokens):
        if depth == 0 and token.text == "(" and number > first and tokens[number - 1].kind == WORD:
            before = tuple(each.text for each in tokens[first : number - 1])
            found = (
                None if "=" in before else Method(tokens[number - 1].text, before, _within(tokens, number))
            )
        if depth == 0 and token.text == "{" and found:
            yield found
            found = None
        depth += (token.kind == OPEN) - (token.kind == CLOSE)
        if depth == 0 and token.kind == LINE:
            first = number + 1
        elif depth == 0 and token.text in (";", "}"):
            first, found = number + 1, None


def _within(tokens: Sequence[Token], opens: int) -> tuple[Token, ...]:
    """What stands in a bracket."""
    depth = 0
    for number in range(opens, len(tokens)):
        depth += (tokens[number].kind == OPEN) - (tokens[number].kind == CLOSE)
        if depth == 0:
            return tuple(tokens[opens + 1 : number])
    return ()


def parameters(head: Sequence[Token], name: str) -> list[list[Token]]:
    """The parameters of a function, by its head."""
    opens = next(
        (n + 1 for n, token in enumerate(head) if token.text == name and head[n + 1 :][:1]), len(head)
    )
    while opens < len(head) and head[opens].text != "(":
        opens += 1
    found: list[list[Token]] = [[]]
    depth = 0
    for token in _within(head, opens):
        depth += (token.kind == OPEN or token.text == "<") - (token.kind == CLOSE or token.text == ">")
        if token.text == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return [each for each in found if each]
