"""Source -> highlighted lines, with pygments' classes and no inline style."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from markupsafe import Markup
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType

from evalsite.languages.base import Language
from evalsite.site.code.lexing import rapid
from evalsite.words.text import visible

MAX_CHARS = 40_000
"""Programs are shown up to this length; the run's own files hold the rest."""


@dataclass(frozen=True)
class Line:
    """A numbered line of highlighted code; ``failed`` marks the one that the traceback ends in."""

    number: int
    html: Markup
    failed: bool = False


def numbered(source: str, language: Language, failed: int | None = None) -> tuple[Line, ...]:
    """Return the highlighted lines with their numbers; none for a blank source."""
    if not source.strip():
        return ()
    return tuple(
        Line(number, html, failed=number == failed)
        for number, html in enumerate(highlight(source, language), start=1)
    )


def numbered_html(lines: Sequence[Line], prefix: str) -> Markup:
    """Lines with their numbers, each with the address ``prefix-L<number>``, or without any prefix none.

    Here and not in a template: a site has a million of them, and each would be six expressions.
    """
    ats = (f"{prefix}-L{line.number}" if prefix else "" for line in lines)
    return Markup("".join(map(_numbered_line, lines, ats)))  # noqa: S704 - made of markup


def plain_html(lines: Iterable[Markup]) -> Markup:
    """Lines without numbers."""
    return Markup("".join(f'<span class="l">{line}\n</span>' for line in lines))  # noqa: S704 - made of markup


def _numbered_line(line: Line, at: str) -> str:
    failed, here = (" failed", '<b class="here">← failed here</b>') if line.failed else ("", "")
    number = f'<a href="#{at}" tabindex="-1">{line.number}</a>' if at else f"<i>{line.number}</i>"
    place = f' id="{at}"' if at else ""
    return f'<span class="l{failed}"{place}>{number}{line.html}{here}\n</span>'


@lru_cache(maxsize=4096)
def highlight(source: str, language: Language) -> tuple[Markup, ...]:
    """Return one piece of safe HTML for each line of ``source``.

    Tokens that span lines (docstrings) are closed and opened again, so every line stands alone. Invisible
    characters are spelled out first: what is highlighted is what the reader sees.
    """
    shown = plain_lines(source, language)
    dense = iter(_highlight([line for line in shown if line.strip()], language))
    return tuple(next(dense) if line.strip() else Markup(html.escape(line)) for line in shown)  # noqa: S704 - escaped


def _highlight(dense: list[str], language: Language) -> tuple[Markup, ...]:
    """Highlight lines of which none is blank: on blank ones pygments' patterns take quadratic time."""
    lines: list[list[str]] = [[]]
    source = "\n".join(dense)
    for kind, value in _lexer(language.lexer, inline="<?" not in source).get_tokens(source):
        first, *others = _spans(css_class(kind), value)
        lines[-1].append(first)
        lines.extend([part] for part in others)
    return tuple(Markup("".join(parts)) for parts in lines)  # noqa: S704 - every part is escaped above


@lru_cache(maxsize=4096)
def _spans(css: str, value: str) -> tuple[str, ...]:
    """A token's piece of each line that it stands on. Few tokens of a program are seen for the first time."""
    parts = html.escape(value).split("\n")
    return tuple(f'<span class="{css}">{part}</span>' if css and part else part for part in parts)


def plain_lines(source: str, language: Language) -> list[str]:
    """Return the lines as they are shown: invisible characters spelled out, blank ones at the end dropped."""
    text = visible(source.replace("\r\n", "\n")).rstrip()
    if len(text) > MAX_CHARS:
        cut = f"{language.comment} … cut here; the run's verdicts.jsonl holds the whole program"
        text = f"{text[:MAX_CHARS]}\n{cut}"
    return text.split("\n")


@cache
def _lexer(name: str, *, inline: bool) -> Lexer:
    """``inline``: code that is not embedded in a page, which is PHP's alone to ask."""
    return rapid(get_lexer_by_name(name, stripnl=False, ensurenl=False, startinline=inline))


@cache
def css_class(kind: _TokenType) -> str:
    """Return a token's class, or an empty string for tokens in the colour of plain text.

    A handful of groups is told apart: pygments' finer kinds would double the page and say no more.
    """
    if kind in Token.Comment:
        return "c"
    if kind in Token.Literal.String:
        return "s"
    if kind in Token.Keyword or kind in Token.Operator.Word:
        return "k"
    if kind in Token.Name.Function or kind in Token.Name.Class:
        return "nf"
    return ""
