"""Source -> tokens, in linear time: brackets that match, and texts and comments that end.

What a language's texts and comments look like is its :class:`Syntax`. No pattern of one may go over the same
text twice, which possessive quantifiers see to; what nothing ends, ends the scan.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

WORD, NUMBER, TEXT, OPEN, CLOSE, SEMICOLON, SIGN, LINE, DIRECTIVE = (
    "w",
    "n",
    "t",
    "(",
    ")",
    ";",
    "+",
    "\n",
    "#",
)
"""Kinds of tokens. Comments and blanks are none; ends of lines are where the language counts them."""
PAIRS = {"(": ")", "[": "]", "{": "}"}
BLOCK_COMMENT = r"/\*(?:[^*]|\*(?!/))*+\*/"
COMMENT = rf"//[^\n]*|{BLOCK_COMMENT}"
DOUBLE_QUOTED = r"\"(?:[^\"\\\n]|\\.)*+\""
"""A text on one line."""
SINGLE_QUOTED = r"'(?:[^'\\\n]|\\.)*+'"
LETTER = r"'(?:[^'\\\n]|\\.){1,9}'"
UNENDED = -1
"""Where a text ends that nothing ends."""


class Token(NamedTuple):
    """A piece of source, from ``start`` up to ``end``."""

    kind: str
    text: str
    start: int
    end: int


def words(text: str) -> frozenset[str]:
    """The words of a text, for tables of them."""
    return frozenset(text.split())


Special = Callable[[str, int, Token | None], int | None]
"""Where a text of the language ends that begins at a place, behind a token; None where none begins there."""


@dataclass(frozen=True)
class Interpolation:
    """A text with holes, in which code stands."""

    chunk: re.Pattern[str]
    """Matches what is no hole and no end."""
    end: str
    hole: str
    """What a hole begins with; it ends with a brace."""


@dataclass(frozen=True)
class Syntax:
    """What texts, comments and words look like in a language, as patterns."""

    comment: str
    text: str
    word: str = r"[^\W\d]\w*+"
    number: str = r"\d[\w.]*+"
    blank: str = r"[ \t\r\f\v]"
    """Few languages take a page's other spaces for blanks, which their compilers refuse."""
    directive: str = r"(?!)"
    """A line that is not the language's own, such as the preprocessor's."""
    begins: str = "[\"']"
    """What begins a text or comment that nothing ends, as it matched none above."""
    counts_lines: bool = False
    interpolations: Mapping[str, Interpolation] = field(default_factory=dict)
    """What such a text begins with -> what follows; a single character each."""
    special: Special | None = None
    special_begins: str = ""
    """Characters at which ``special`` is asked."""
    heredoc: re.Pattern[str] | None = None
    """Matches the mark of a text that begins on the next line; ``word`` ends it, alone on its line."""
    opener: "Callable[[str, Sequence[Token], int], str] | None" = None
    """What a word at a place opens as a bracket would, and ``end`` closes: empty where it opens nothing."""

    nested_comments: bool = False
    """Whether ``/*`` may stand within such a comment, and wants an end of its own."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All of it; its groups are kinds."""
        return re.compile(
            rf"(?P<blank>{self.blank}++|\n)|(?P<comment>{self.comment})|(?P<directive>{self.directive})"
            rf"|(?P<text>{self.text})|(?P<begins>{self.begins})|(?P<word>{self.word})"
            rf"|(?P<number>{self.number})|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<semicolon>;)|(?P<sign>.)",
            re.DOTALL,
        )


_KINDS = {
    "directive": DIRECTIVE,
    "text": TEXT,
    "word": WORD,
    "number": NUMBER,
    "semicolon": SEMICOLON,
    "sign": SIGN,
}


@dataclass
class Scan:
    """What came of scanning source."""

    tokens: list[Token]
    fault: int | None = None
    """Where it stopped: at a text that nothing ends, or a bracket that closes none."""
    opened: list[Token] = field(default_factory=list)
    """Brackets that nothing closes."""
    in_text: bool = False
    """Whether it stopped within a text or comment."""

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read, and everything is closed."""
        return self.fault is None and not self.opened


def scan(source: str, syntax: Syntax) -> Scan:
    """Scan source up to its end, or to where it does not go on."""
    return _Scanner(source, syntax).run()


class _Scanner:
    def __init__(self, source: str, syntax: Syntax) -> None:
        self._source, self._syntax, self._pattern = source, syntax, syntax.pattern
        self._found = Scan([])
        self._holes: list[tuple[int, Interpolation]] = []
        """Brackets that are open where a hole began, and the text that it is in."""
        self._heredocs: list[str] = []

    def run(self) -> Scan:
        position, size = 0, len(self._source)
        while 0 <= position < size:
            start = position
            position = self._step(position)
        if position < 0:
            self._found.fault = start
        elif self._heredocs:
            self._found.fault, self._found.in_text = size, True
        return self._found

    def _step(self, at: int) -> int:
        """Read one token and return where the next begins; negative where there is no next one."""
        source, syntax, found = self._source, self._syntax, self._found
        letter = source[at]
        last = found.tokens[-1] if found.tokens else None
        if syntax.special is not None and letter in syntax.special_begins:
            special = syntax.special(source, at, last)
            if special is not None:
                return self._text(at, special)
        if syntax.nested_comments and source.startswith("/*", at):
            found.in_text = (end := nested_comment(source, at)) == UNENDED
            return end
        if letter in syntax.interpolations:
            return self._interpolated(at, at + 1, syntax.interpolations[letter])
        if syntax.heredoc is not None and letter == "<" and (mark := syntax.heredoc.match(source, at)):
            self._heredocs.append(mark["word"])
            found.tokens.append(Token(TEXT, mark[0], at, mark.end()))
            return mark.end()
        match = self._pattern.match(source, at)
        assert match is not None, "the last group takes any character"
        kind, end = match.lastgroup or "", match.end()
        if kind == "blank":
            return self._blank(at, end)
        if kind == "begins":
            return self._text(at, UNENDED)
        if kind == "open":
            return self._open(Token(OPEN, letter, at, end))
        if kind == "close":
            return self._close(Token(CLOSE, letter, at, end))
        if kind == "word" and syntax.opener is not None:
            return self._word(Token(WORD, match[0], at, end))
        if kind != "comment":
            found.tokens.append(Token(_KINDS[kind], match[0], at, end))
        return end

    def _text(self, at: int, end: int) -> int:
        if end == UNENDED:
            self._found.in_text = True
        elif end > at:
            self._found.tokens.append(Token(TEXT, self._source[at:end], at, end))
        return end

    def _blank(self, at: int, end: int) -> int:
        if self._source[at] != "\n":
            return end
        if self._syntax.counts_lines:
            self._found.tokens.append(Token(LINE, "\n", at, end))
        while self._heredocs:
            word = re.compile(rf"(?m)^[ \t]*{re.escape(self._heredocs[0])}\b")
            ending = word.search(self._source, end)
            if ending is None:
                self._found.in_text = True
                return UNENDED
            end = ending.end()
            del self._heredocs[0]
        return end

    def _open(self, token: Token) -> int:
        self._found.opened.append(token)
        self._found.tokens.append(token)
        return token.end

    def _close(self, token: Token) -> int:
        opened = self._found.opened
        if not opened or PAIRS.get(opened[-1].text, "end") != token.text:
            return UNENDED
        opened.pop()
        self._found.tokens.append(token)
        if self._holes and self._holes[-1][0] == len(opened):
            return self._interpolated(token.end, token.end, self._holes.pop()[1])
        return token.end

    def _word(self, token: Token) -> int:
        """A word that may open or close, as ``do`` and ``end`` do."""
        assert self._syntax.opener is not None
        opens = self._syntax.opener(self._source, self._found.tokens, token.start)
        if opens == "end":
            return self._close(token._replace(kind=CLOSE))
        if opens:
            return self._open(token._replace(kind=OPEN))
        self._found.tokens.append(token)
        return token.end

    def _interpolated(self, start: int, at: int, text: Interpolation) -> int:
        """Read a text with holes on, up to its end or its next hole."""
        match = text.chunk.match(self._source, at)
        end = match.end() if match else at
        if self._source.startswith(text.hole, end):
            self._found.tokens.append(Token(TEXT, self._source[start:end], start, end))
            self._holes.append((len(self._found.opened), text))
            brace = end + text.hole.index("{")
            return self._open(Token(OPEN, "{", brace, brace + 1))
        if not self._source.startswith(text.end, end):
            return self._text(start, UNENDED)
        return self._text(start, end + len(text.end))


def nested_comment(source: str, at: int) -> int:
    """Where a comment ends that begins at a place and may hold others; :data:`UNENDED` where it does not."""
    depth = 0
    for mark in _COMMENT_MARK.finditer(source, at):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return mark.end()
    return UNENDED


_COMMENT_MARK = re.compile(r"/\*|\*/")
