"""Tables as text and as Markdown, and what is dangerous in either defused."""

from collections.abc import Callable, Iterable, Sequence

Table = Callable[..., str]
"""Header, rows and the number of columns that hold text (one unless told) in, a table out."""


def text_table(header: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """Align columns with spaces: the first ``texts`` to the left, the others, being numbers, to the right."""
    table = [header, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < texts else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """Return a Markdown table, aligned likewise; bars and markup in cells are defused."""
    rule = ["---"] * texts + ["---:"] * (len(header) - texts)
    lines = [header, rule, *([escape_markdown(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escape_markdown(text: str) -> str:
    """Defuse what Markdown or HTML would take for markup in a name or message."""
    for char in "\\`*_[]|#":
        text = text.replace(char, f"\\{char}")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\n", " ")
