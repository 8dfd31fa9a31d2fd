"""Perl's texts, which begin in many ways, and its items."""

import re
from collections.abc import Sequence
from itertools import pairwise

from evalsite.languages.ruby.grammar import delimited
from evalsite.languages.scanned.items import Grammar, Role, following, outside
from evalsite.languages.scanned.scanner import (
    CLOSE,
    NUMBER,
    SEMICOLON,
    TEXT,
    UNENDED,
    WORD,
    Syntax,
    Token,
    words,
)

_QUOTED = re.compile(r"(?P<twice>tr|s|y)|(?P<once>qq|qw|qr|qx|q|m)")
_BEHIND = re.compile(r"\s*")
_OPERATORS = words(
    "split if unless and or not return grep map while until x push join when eq ne lt gt le ge cmp print "
    "elsif"
)
_REGEX = re.compile(r"/(?:[^\\/\n\[]|\\.|\[\^?\]?(?:[^\]\\\n]|\\.)*+\])*+/[a-z]*")
_FLAGS = re.compile(r"[a-z]*")


def _special(source: str, at: int, last: Token | None) -> int | None:
    """Quotes such as ``qw(...)`` and ``s/.../.../``, and regular expressions where no value stands before."""
    if source[at] == "/":
        value = last is not None and (
            last.kind in (NUMBER, TEXT, CLOSE) or (last.kind == WORD and last.text not in _OPERATORS)
        )
        if value:
            return None
        found = _REGEX.match(source, at)
        return found.end() if found else UNENDED
    if at and (source[at - 1].isalnum() or source[at - 1] in "_$@%&>:"):
        return None
    quoted = _QUOTED.match(source, at)
    if quoted is None or (last is not None and last.text in ("sub", "->", "my")):
        return None
    opens = _opening(source, quoted.end())
    if opens is None:
        return None
    end = delimited(source, opens)
    if quoted["twice"] and end != UNENDED:
        if source[opens] in "([{<":
            second = _BEHIND.match(source, end)
            end = delimited(source, second.end()) if second and second.end() < len(source) else UNENDED
        else:
            end = delimited(source, end - 1)
    flags = _FLAGS.match(source, end) if end != UNENDED else None
    return flags.end() if flags else end


def _opening(source: str, at: int) -> int | None:
    """Where the delimiter of a quote stands; None where the word is none, as a hash's key is."""
    blank = _BEHIND.match(source, at)
    place = blank.end() if blank else at
    letter = source[place : place + 1]
    if not letter or letter.isalnum() or letter in "_,;)=}" or (letter == "#" and place > at):
        return None
    return place


SYNTAX = Syntax(
    comment=r"\#[^\n]*|(?<![^\n])=[a-zA-Z]\w*[^\n]*(?:\n(?!=cut\b)[^\n]*)*+(?:\n=cut\b[^\n]*)?"
    r"|(?<![^\n])__(?:END|DATA)__\b.*",
    text=r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|`(?:[^`\\]|\\.)*+`",
    begins="[\"'`]",
    word=r"\$\#\{?\${0,8}+[^\W\d]\w*\}?|\$\#(?=[{$])|\${1,8}+[^\W\d](?:\w|::)*+|\$\d+|\$[!@/\\,;.&\"'`+0<>]"
    r"|[@%&]?(?:::)?[^\W\d](?:\w|::)*+",
    special=_special,
    special_begins="/qmsty",
    heredoc=re.compile(r"<<~?(?P<quote>[\"']?)(?P<word>[A-Z_]\w*)(?P=quote)"),
)
_BLOCKS = frozenset(
    {"sub", "if", "unless", "while", "until", "for", "foreach", "BEGIN", "END", "package", "{", "eval", "do"}
)
_KEYWORDS = _BLOCKS | words(
    "use no my our local state return print printf say die warn require and or not eq ne lt gt le ge "
    "cmp x push unshift pop shift sort map grep reverse keys values each delete exists defined scalar "
    "join split ref bless else elsif last next redo STDERR STDOUT STDIN lc uc ucfirst lcfirst int abs "
    "sqrt length chomp chop undef wantarray exit open close eval do xor splice sprintf binmode"
)


class PerlGrammar(Grammar):
    """Statements end with a semicolon, subroutines and blocks with their brace."""

    syntax = SYNTAX
    goes_on = frozenset({",", ")", "]", "->", "else", "elsif", "continue"})
    needs_end = False
    foreign = frozenset()

    def ends_at_brace(self, tokens: Sequence[Token], first: int, number: int) -> bool:
        """Not that of a value: ``my %h = (a => {...});``."""
        later = following(tokens, number)
        return tokens[first].text in _BLOCKS and (
            later is None or (later.kind != SEMICOLON and later.text not in self.goes_on)
        )

    def declared(self, tokens: Sequence[Token]) -> tuple[Role, tuple[str, ...]]:
        """By the word that it begins with."""
        head = tokens[0].text
        if head in ("use", "no", "require"):
            return "import", ()
        if head == "package":
            return "package", ()
        if head == "sub" and len(tokens) > 1 and tokens[1].kind == WORD and tokens[-1].text == "}":
            return "function", (tokens[1].text.rpartition("::")[2],)
        if head in ("my", "our"):
            return "value", tuple(token.text for token in tokens[1:] if token.kind == WORD)[:1]
        return ("prose" if _is_prose(tokens) else "statement"), ()


def _is_prose(tokens: Sequence[Token]) -> bool:
    shown = [token for _, token in outside(tokens)]
    for before, token in pairwise(shown):
        plain = before.kind == WORD and before.text[0] not in "$@%&" and before.text not in _KEYWORDS
        if plain and token.kind == WORD and token.text[0] not in "$@%&" and token.text not in _KEYWORDS:
            return True
    first = tokens[0]
    if first.kind != WORD or first.text[0] in "$@%&" or first.text in _KEYWORDS:
        return first.kind == NUMBER and [token.kind for token in tokens[1:]] != [SEMICOLON]
    return not any(token.text in ("(", "->", "=") for token in tokens)
