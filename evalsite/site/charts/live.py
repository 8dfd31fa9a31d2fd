"""Figures as plotly takes them: plain dicts as JSON.

Colours are names (``"@baseline"``) that the page's script replaces by the design tokens of the theme in
force, so no colour is written twice. Figures carry no template: the script adds what all charts share. A
trace's ``meta`` are the keys of the runs that it is about: it is shown while the filter shows all of them.
"""

import json
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from evalsite.words.text import visible

Trace = dict[str, object]

SYMBOLS = {"baseline": "square", "candidate": "diamond", "": "circle"}
DASHES = ("solid", "dot", "dash", "dashdot", "longdash", "longdashdot")
"""What tells lines of one side, and so of one colour, apart; in the style sheet ``d1`` to ``d5``."""


def to_json(data: Sequence[Trace], layout: dict[str, object]) -> Markup:
    """Serialise a figure for a script element."""
    return to_plain_json({"data": data, "layout": layout})


def to_plain_json(value: object) -> Markup:
    """Serialise for a script element: nothing in it can end the element; the bytes are always the same."""
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def label(name: str) -> str:
    """A name as plotly takes it: it reads its own few tags and entities in any text."""
    return str(escape(visible(name)))


def tint(side: str) -> str:
    """The colour of a side."""
    return f"@{side or 'muted'}"


def rounded(values: Iterable[float]) -> list[float]:
    """Keep no more digits than can be seen."""
    return [round(value, 2) for value in values]


def percent_axis(low: float = 0, high: float = 100, title: str = "pass@1, %") -> dict[str, object]:
    """An axis of shares."""
    return {"title": {"text": title}, "range": [low, high]}
