"""Two models over all that was measured, as a table: for a terminal, a model card, scripts and CI."""

from collections.abc import Callable, Iterator, Sequence

from evalsite.report.documents import as_document, limits_json
from evalsite.report.junit import junit
from evalsite.report.tables import Table, escape_markdown, markdown_table, text_table
from evalsite.stats.compare.suites import COUNTED
from evalsite.stats.scorecards import Scorecard
from evalsite.stats.topics import CardRow
from evalsite.words.cells import HYPHEN, point_limits, points
from evalsite.words.sentences import percent

HEADER = ("topic", "measured", "problems", "baseline", "candidate", "difference", "interval", "verdict")
NOT_MEASURED = "not measured"
TOGETHER = "All together"


def as_text(card: Scorecard) -> str:
    """Return the card for a terminal."""
    title = f"{card.candidate} against {card.base}"
    parts = [f"{card.decision.upper()}. {title}", "\n".join(card.sentences), _table(card, text_table)]
    return "\n\n".join([*parts, *_lines(card, str)])


def as_markdown(card: Scorecard) -> str:
    """Return the card for a model's card, a pull request or an issue."""
    title = f"### {escape_markdown(card.candidate)} against {escape_markdown(card.base)}"
    told = "\n".join(f"- {escape_markdown(sentence)}" for sentence in card.sentences)
    return "\n\n".join([title, f"**{card.decision}**", told, *markdown_rows(card)])


def markdown_rows(card: Scorecard) -> Iterator[str]:
    """The table in Markdown, and what stands below it."""
    yield _table(card, markdown_table)
    yield from _lines(card, escape_markdown)


def as_json(card: Scorecard) -> str:
    """Return the card for scripts; shares and differences are in [0, 1]."""
    together = card.together
    document = {
        "base": card.base,
        "candidate": card.candidate,
        "decision": card.decision,
        "headline": card.headline,
        "margin": card.margin,
        "weights": card.pooled.numbers.weights if card.pooled else None,
        "sections": [
            {
                "name": section.name,
                "title": section.title,
                "measured": section.measured,
                "rows": [_row_json(row) for row in section.rows],
            }
            for section in card.sections
        ],
        "together": _row_json(together) if together else None,
    }
    return as_document(document)


def as_junit(card: Scorecard) -> str:
    """Return JUnit's XML: a case for each thing that was measured; what was not is skipped."""
    where = f"{card.candidate} against {card.base}"
    cases = []
    for section in card.sections:
        judged = [row for row in section.rows if row.decision]
        cases += [(where, f"{section.title}: {row.what}", str(row.decision), _said(row)) for row in judged]
        cases += [
            (where, f"{section.title}: {row.what}", "pending", row.told) for row in section.rows if row.lacks
        ]
        if not section.rows:
            cases.append((where, section.title, "pending", NOT_MEASURED))
    if row := card.together:
        cases.append((where, TOGETHER, str(row.decision), _said(row)))
    return junit("evalsite compare --card", cases)


FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json, "junit": as_junit}


def _table(card: Scorecard, table: Table) -> str:
    rows = [row for section in card.sections for row in _section_rows(section.title, section.rows)]
    if together := card.together:
        rows.append(_cells(TOGETHER, together))
    return table(HEADER, rows, 2)


def _section_rows(title: str, rows: Sequence[CardRow]) -> Iterator[tuple[str, ...]]:
    if not rows:
        yield (title, *[""] * (len(HEADER) - 2), NOT_MEASURED)
    for number, row in enumerate(rows):
        yield _cells("" if number else title, row)


def _cells(title: str, row: CardRow) -> tuple[str, ...]:
    return (
        title,
        row.what,
        f"{row.num_problems:,}" if row.num_problems else "",
        "" if row.base is None else percent(row.base),
        "" if row.candidate is None else percent(row.candidate),
        "" if row.value is None else points(row.value, minus=HYPHEN),
        limits_of(row, HYPHEN),
        row.decision or row.told,
    )


def limits_of(row: CardRow, minus: str) -> str:
    """The interval of a difference in points, or nothing."""
    if row.interval is None:
        return ""
    return " to ".join(point_limits(row.interval, row.margin, minus))


def below(card: Scorecard) -> Iterator[str]:
    """What stands below the table, a sentence each: words of rows, and what counts the same."""
    yield from (f"{row.what}: {row.told}" for row in card.rows if row.decision and row.told)
    if card.pooled:
        yield f"Data sets together: {COUNTED[card.pooled.numbers.weights]}."


def _lines(card: Scorecard, escaped: Callable[[str], str]) -> Iterator[str]:
    told = [f"- {escaped(sentence)}" for sentence in below(card)]
    if told:
        yield "\n".join(told)


def _said(row: CardRow) -> str:
    if row.value is None:
        return row.told or "nothing in common"
    moved = f"{points(row.value, minus=HYPHEN)} points ({limits_of(row, HYPHEN)})"
    return f"{moved}: {row.told}" if row.told else moved


def _row_json(row: CardRow) -> dict[str, object]:
    return {
        "what": row.what,
        "num_problems": row.num_problems,
        "base": row.base,
        "candidate": row.candidate,
        "difference": row.value,
        **limits_json(row.interval),
        "decision": row.decision,
        "told": row.told or None,
        "runs": list(row.runs) if row.runs else None,
        "lacks": row.lacks or None,
    }
