"""Markdown that holds hostile text: nothing in it ends a fence, makes a link or calls on anybody."""

import re

from evalsite.report.tables import escape_markdown
from evalsite.words.text import visible

_BACKTICKS = re.compile(r"`+")


def code_span(text: str) -> str:
    """Return one line of text as inline code, inside of which ``@name`` notifies nobody."""
    line = " ".join(visible(text).split())
    ticks = "`" * (_longest_run(line) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{padding}{line}{padding}{ticks}" if line else ""


def code_block(text: str, language: str = "") -> str:
    """Return a fenced block; the fence is longer than any run of backticks inside."""
    shown = visible(text).rstrip("\n")
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def link(text: str, url: str) -> str:
    """Return a link, or the text alone where there is no address."""
    words = escape_markdown(visible(text))
    return f"[{words}]({url.replace('(', '%28').replace(')', '%29')})" if url else words


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
