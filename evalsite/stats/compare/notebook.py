"""A comparison as a notebook shows it: plain HTML, which takes the notebook's own style."""

from collections.abc import Sequence
from html import escape

from evalsite.stats.compare.numbers import Comparison, Difference
from evalsite.words.cells import moved, percent
from evalsite.words.text import one_line

_HEAD = ("metric", "baseline %", "candidate %", "difference, points", "interval, points")


def as_html(headline: str, numbers: Comparison | None, notes: Sequence[str]) -> str:
    """Return the verdict, a table with a row for each k, and the notes folded. Text of others is escaped."""
    parts = [f"<p><strong>{_text(headline)}</strong></p>"]
    if numbers:
        rows = [
            _row("th", _HEAD),
            *(_row("td", _cells(each, numbers.margin)) for each in numbers.differences),
        ]
        parts.append(f"<table>{''.join(rows)}</table>")
    if notes:
        items = "".join(f"<li>{_text(note)}</li>" for note in notes)
        parts.append(f"<details><summary>What to know besides</summary><ul>{items}</ul></details>")
    return "\n".join(parts)


def _cells(each: Difference, margin: float) -> tuple[str, ...]:
    return (
        f"pass@{each.k}",
        percent(each.base),
        percent(each.candidate),
        *moved(each.value, each.interval, margin if each.k == 1 else None),
    )


def _row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{_text(cell)}</{tag}>" for cell in cells) + "</tr>"


def _text(text: str) -> str:
    return escape(one_line(text))
