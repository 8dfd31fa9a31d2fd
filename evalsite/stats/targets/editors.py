"""The JSON Schema of ``targets.toml``, for editors: which keys there are, and what they take.

What fits together is for :mod:`.parse` to say: a file that the schema takes may still be refused there.
"""

from typing import Any

from evalsite.rundir.json_schema import DRAFT, table, told
from evalsite.stats.compare.pooled import WEIGHTS
from evalsite.stats.intervals import CONFIDENCE
from evalsite.stats.targets.schema import FAMILIES, FORMAT, JUDGES, SELECTORS

_NAME = {"type": "string", "minLength": 1}
_NAMES = {"type": "array", "items": _NAME}
_FIGURE = {"type": "number", "minimum": 0}


def targets_schema() -> dict[str, Any]:
    """Return the schema of a whole targets file."""
    whole = table(
        {
            "format": {"const": FORMAT},
            "confidence": _confidence("Of all targets that say nothing of it."),
            "family": _choice(FAMILIES, "How several candidates are judged."),
            "target": {"type": "array", "minItems": 1, "items": table(KEYS, "name", "metric")},
        },
        "target",
    )
    return {"$schema": DRAFT, "title": "targets.toml", **whole}


def _choice(values: tuple[str, ...], what: str) -> dict[str, Any]:
    return {"enum": list(values), "default": values[0], "description": what}


def _confidence(what: str) -> dict[str, Any]:
    share = {"type": "number", "minimum": 0.5, "exclusiveMaximum": 1, "default": CONFIDENCE}
    return told(share, what)


KEYS = {
    "name": told(_NAME, "A few words that say what is promised."),
    "dataset": told({"anyOf": [_NAME, _NAMES]}, "A name or a pattern, or several; without it, any."),
    "pool": told(_NAMES | {"minItems": 2}, "Names of data sets that are judged together."),
    "weights": _choice(WEIGHTS, "What counts the same in a pool."),
    "metric": told(_NAME, "Such as pass@1, degradation@1, slowdown, timeout_rate."),
    "above": told(_FIGURE, "What has to be reached, in the metric's unit."),
    "below": told(_FIGURE, "What has to be kept below, in the metric's unit."),
    "margin": told(_FIGURE, "What may be lost to the baseline, in points (slowdown: in percent)."),
    "relative": told(
        {"type": "number", "minimum": 0.5, "maximum": 1}, "The share of the baseline's score to be kept."
    ),
    "two_sided": told({"type": "boolean"}, "Whether a gain beyond the margin misses it, too."),
    "judged_by": _choice(JUDGES, "Whose interval decides."),
    "family": _choice(FAMILIES, "How several candidates are judged."),
    "baseline": told(_FIGURE, "The baseline's figure, where it is known as a figure."),
    "baseline_run": told({"type": "string"}, "A run's id or a model's name."),
    "confidence": _confidence("How sure one has to be."),
    "applies_to": table({name: told({"type": "string"}, "With * for anything.") for name in SELECTORS}),
}
"""Keys of one ``[[target]]`` -> what they take."""
