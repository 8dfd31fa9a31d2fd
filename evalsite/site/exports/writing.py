"""Records -> JSON and CSV, as bytes that are always the same."""

import csv
import io
import json
from typing import Any

from evalsite.words.text import in_a_spreadsheet


def to_json(value: object) -> bytes:
    """Write a value of plain types, its keys sorted."""
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()


def to_csv(rows: list[dict[str, Any]]) -> bytes:
    """Rows with their keys as the head. What a spreadsheet would run as a formula is quoted as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
    writer.writerows([[in_a_spreadsheet(value) for value in row.values()] for row in rows])
    return text.getvalue().encode("utf-8", "replace")
