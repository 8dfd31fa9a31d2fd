"""What an answer's code shows: another language's, one that just ends, the prompt's own, the tests' own."""

import re
from functools import lru_cache
from typing import Literal

from evalsite.languages import LANGUAGES
from evalsite.languages.base import Language
from evalsite.rundir.schema import Problem

LONGEST = 100_000
"""Characters of an answer, a prompt or tests that are looked at."""
RUN = 3
"""Words in a row that have to be the prompt's for them to be said again."""
LEAST_SAID, MOST_OF_ITS_OWN = 12, 0.25
"""Words that an answer has to have, and the share of them that may be new, to be the prompt over again."""
LEAST_COPIED, LEAST_COPIED_CHARACTERS = 2, 40
"""Tests that are the same to the letter, blanks aside, and how long they have to be together."""

_WORD = re.compile(r"\w+")
_BLANKS = re.compile(r"\s+")
_CHECKS = re.compile(r"assert|expect|check|EXPECT|ASSERT")
_RETURN = re.compile(r"(?m)^[ \t]*return\b.*$")
_GOES_ON = re.compile(
    r"(?:[:=,+*\\(\[{.-]|\b(?:and|or|not|in|if|else|elif|for|while|def|return|const|let|var))\Z"
)
_ENDS_IDLY = re.compile(r"(?:\"\"\"|'''|\.\.\.|\bpass|[}]|\bend)\s*\Z")
_FENCE = re.compile(r"(?m)^[ \t>]{0,12}(?:```|~~~)[ \t]*([^\s`].{0,60})$")
_ANY_FENCE = re.compile(r"(?m)^[ \t>]{0,12}(?:```|~~~).*$")
_ALSO = re.compile(
    r"(?:c#|csharp|kotlin|swift|scala|haskell|julia|lua|r|dart|elixir|clojure|fsharp|f#|ocaml)\s*$", re.I
)
"""Languages that no problem is posed in here, by their names behind a fence."""
_AKIN = (frozenset({"javascript", "typescript"}),)
"""Languages whose code is the other's, too."""


def in_another_language(text: str, wanted: Language) -> bool:
    """Whether code of a text is of another language, by the names behind its fences or by its definitions.

    A text in which the wanted language is named, too, or defines something, is none.
    """
    text = text[:LONGEST]
    named = [tag[1] for tag in _FENCE.finditer(text)]
    if any(wanted.reading.fences.match(tag) for tag in named):
        return False
    others = [each for each in LANGUAGES.values() if each is not wanted and not _akin(each, wanted)]
    if any(each.reading.fences.match(tag) for tag in named for each in others) or any(
        map(_ALSO.match, named)
    ):
        return True
    if wanted.reading.defining.search(text):
        return False
    return any(each.reading.defining.search(text) for each in others)


def defines_something(text: str) -> bool:
    """Whether a line of a text begins a definition in any language."""
    return any(each.reading.defining.search(text[:LONGEST]) for each in LANGUAGES.values())


def left_open(text: str) -> str:
    """What stands behind the last fence of a text that none closes; empty where each is closed."""
    fences = list(_ANY_FENCE.finditer(text[:LONGEST]))
    return text[fences[-1].end() : LONGEST].rstrip("`\n") if len(fences) % 2 else ""


def _akin(one: Language, other: Language) -> bool:
    return any({one.name, other.name} <= group for group in _AKIN)


def ends_within(source: str, problem: Problem, language: Language, *, closed: bool) -> bool:
    """Whether a program ends within its function: with a text or a bracket open, in the midst of a statement,
    or with nothing behind the function's head but its description.

    ``closed``: whether the answer itself says where the program ends, so that a bracket was forgotten.
    """
    name = problem.entry_point
    if not source.strip() or len(source) > LONGEST or (name and name not in source):
        return False
    ends = _ending(source, language)
    if ends == "whole" and not _ENDS_IDLY.search(source):
        return False
    code = language.reading.parse(source)
    if code is None:
        return ends == "in a text" or (ends == "open" and not closed)
    return bool(name) and code.defines(name) and code.is_stub(name)


def _ending(source: str, language: Language) -> Literal["whole", "in a text", "open"]:
    """How source ends that may be wrong in other ways."""
    opened: list[str] = []
    position = 0
    token = _token(language.comment)
    while found := token.search(source, position):
        position, text = found.end(), found[0]
        if text in _LONG_QUOTES:
            position = source.find(text, position) + len(text)
            if position < found.end():
                return "in a text"
        elif text in "([{":
            opened.append(text)
        elif text in _OPENED_BY and (not opened or opened.pop() != _OPENED_BY[text]):
            return "whole"
    last = source.rstrip().rpartition("\n")[2]
    going_on = language.comment not in last and _GOES_ON.search(last)
    return "open" if opened or going_on else "whole"


_OPENED_BY = {")": "(", "]": "[", "}": "{"}
_LONG_QUOTES = ('"""', "'''")


@lru_cache
def _token(comment: str) -> re.Pattern[str]:
    """Matches texts, comments, brackets."""
    quoted = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    return re.compile(rf"{'|'.join(_LONG_QUOTES)}|{quoted}|{re.escape(comment)}[^\n]*|[()\[\]{{}}]")


def says_prompt_again(text: str, problem: Problem) -> bool:
    """Whether nearly every word of a text stands in its prompt, in the same surroundings.

    To be asked of answers whose function does nothing, or is none: others may repeat the prompt as well.
    """
    prompt = _words_of(f"{problem.prompt}\n{problem.asked}\n" + "\n".join(problem.shown_tests))
    said = _WORD.findall(text[:LONGEST].casefold())
    if len(said) < LEAST_SAID:
        return False
    known = bytearray(len(said))
    for n in range(len(said) - RUN + 1):
        if tuple(said[n : n + RUN]) in prompt:
            known[n : n + RUN] = b"\1" * RUN
    if any(line[0].strip() not in problem.prompt for line in _RETURN.finditer(text)):
        return False
    return len(said) - sum(known) <= MOST_OF_ITS_OWN * len(said)


@lru_cache(maxsize=64)
def _words_of(prompt: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(prompt[:LONGEST].casefold())
    return frozenset(zip(*(words[n:] for n in range(RUN)), strict=False))


def copies_tests(text: str, problem: Problem) -> bool:
    """Whether tests stand in a text that neither the prompt nor its examples hold."""
    if not _CHECKS.search(text):
        return False
    shown = f"{problem.prompt}\n{problem.asked}\n" + "\n".join(problem.shown_tests)
    hidden = _hidden_tests(problem.tests, problem.entry_point, shown)
    told = {_plain(line, problem.entry_point) for line in text[:LONGEST].split("\n")}
    copied = told & hidden
    return len(copied) >= LEAST_COPIED and sum(map(len, copied)) >= LEAST_COPIED_CHARACTERS


@lru_cache(maxsize=64)
def _hidden_tests(tests: str, name: str, shown: str) -> frozenset[str]:
    """The tests, a line each, whose calls were not shown."""
    plain = _plain(shown[:LONGEST], name)
    lines = {_plain(line, name) for line in tests[:LONGEST].split("\n") if _CHECKS.search(line)}
    return frozenset(line for line in lines if "candidate(" in line and _call(line) not in plain)


def _call(line: str) -> str:
    """The call of a test, up to what it is compared with."""
    return line[line.find("candidate(") :].partition("==")[0]


def _plain(text: str, name: str) -> str:
    """Text without its blanks, and with the function called as HumanEval's tests call it."""
    if name:
        text = re.sub(rf"\b{re.escape(name)}\b", "candidate", text)
    return _BLANKS.sub("", text)
