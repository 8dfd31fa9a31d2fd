"""Pygments' lexers, faster: the rules of a state are tried together, and not one after the other.

Pygments tries each of some fifty patterns at each token. As alternatives of one pattern they are tried in the
same order, in one call. The tokens are the same.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from pygments.lexer import Lexer, RegexLexer
from pygments.token import Token, _TokenType

Place = tuple[int, _TokenType, str]
"""A token, and where it begins."""
_Match = Callable[[str, int], re.Match[str] | None]

_REFERS = re.compile(r"\\[1-9]|\(\?P|\(\?\(")
"""What speaks of a group by its number or its name, which is another one among other patterns."""
_FLAGS = re.compile(r"\A\(\?[a-zA-Z]+\)")
"""What a pattern may begin with to say how all of it is read."""
_SIGNS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x"}


@dataclass(frozen=True)
class _Rule:
    """What follows where a pattern fits."""

    match: Any
    """The compiled pattern's own method."""
    action: Any
    """The token that it is, or what makes tokens of it; None where it is none."""
    state: Any
    """Which states come next, as pygments writes it; None for the same."""

    @property
    def groups(self) -> int:
        """How many groups the pattern has."""
        found: int = self.match.__self__.groups
        return found

    @cached_property
    def pattern(self) -> str:
        """The pattern as a part of another, with its own flags."""
        compiled = self.match.__self__
        flags = "".join(sign for flag, sign in _SIGNS.items() if compiled.flags & flag)
        return f"(?{flags}:{_FLAGS.sub('', compiled.pattern)})"


@dataclass(frozen=True)
class _Choice:
    """Rules that are tried in one call."""

    match: _Match
    rules: Mapping[int | None, _Rule]
    """By the number of the group that closed last."""
    only: _Rule | None = None
    """The rule, where it stands alone."""


class _States(dict[str, Sequence[_Choice]]):
    """The states that were entered so far: most of a lexer's are for what programs seldom have."""

    def __init__(self, rules: Mapping[str, Sequence[tuple[Any, Any, Any]]]) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, name: str) -> Sequence[_Choice]:
        self[name] = found = tuple(_choices(self._rules[name]))
        return found


def rapid(lexer: Lexer) -> Lexer:
    """Make a lexer faster, in its place; one that goes by more than its rules stays as it is."""
    if isinstance(lexer, RegexLexer) and _goes_by_rules(type(lexer)):
        states = _States(lexer._tokens)

        def tokens(text: str, stack: Sequence[str] = ("root",)) -> Iterator[Place]:
            return _tokens(lexer, states, text, list(stack))

        lexer.get_tokens_unprocessed = tokens
    return lexer


def _goes_by_rules(kind: type[RegexLexer]) -> bool:
    return kind.get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed


def _choices(rules: Sequence[tuple[Any, Any, Any]]) -> Iterator[_Choice]:
    """Put the rules of a state together, but for those that refer to groups of their own."""
    every = (_Rule(*rule) for rule in rules)
    for alone, some in groupby(every, key=lambda rule: bool(_REFERS.search(rule.pattern))):
        if alone:
            yield from (_Choice(rule.match, {}, rule) for rule in some)
        else:
            yield _joined(list(some))


def _joined(rules: Sequence[_Rule]) -> _Choice:
    """Make alternatives of rules, each in a group of its own, which closes after all groups in it."""
    group, by_group = 1, dict[int | None, _Rule]()
    for rule in rules:
        by_group[group] = rule
        group += 1 + rule.groups
    return _Choice(re.compile("|".join(f"({rule.pattern})" for rule in rules)).match, by_group)


def _tokens(
    lexer: Lexer, states: Mapping[str, Sequence[_Choice]], text: str, stack: list[str]
) -> Iterator[Place]:
    """Do what :meth:`pygments.lexer.RegexLexer.get_tokens_unprocessed` does."""
    at, end = 0, len(text)
    while True:
        for choice in states[stack[-1]]:
            if found := choice.match(text, at):
                break
        else:
            if at >= end:
                return
            if text[at] == "\n":
                stack[:] = ["root"]
                yield at, Token.Text.Whitespace, "\n"
            else:
                yield at, Token.Error, text[at]
            at += 1
            continue
        rule = choice.only or choice.rules[found.lastindex]
        if type(rule.action) is _TokenType:
            yield at, rule.action, found.group()
        elif rule.action is not None:
            yield from rule.action(lexer, rule.match(text, at))
        at = found.end()
        if rule.state is not None:
            _enter(stack, rule.state)


def _enter(stack: list[str], state: Any) -> None:
    """Go over to another state, or several; the last one is never left."""
    if isinstance(state, int):
        del stack[max(1, len(stack) - abs(state)) :]
        return
    for name in state if isinstance(state, tuple) else (state,):
        if name == "#push":
            stack.append(stack[-1])
        elif name != "#pop":
            stack.append(name)
        elif len(stack) > 1:
            stack.pop()
