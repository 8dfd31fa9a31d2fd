"""Endpoints for badges of shields.io."""

from collections.abc import Iterator

from evalsite.site.exports.writing import to_json
from evalsite.site.judgement import Judgement
from evalsite.site.slugs import slug_map
from evalsite.site.urls import badge_path
from evalsite.words.sentences import figure

_COLOURS = {
    "met": "brightgreen",
    "missed": "red",
    "inconclusive": "yellow",
    "vacuous": "yellow",
    "pending": "lightgrey",
}


def badges(judgement: Judgement) -> Iterator[tuple[str, bytes]]:
    """One shields.io endpoint for all targets, and one for each target and model that was judged."""
    standing = judgement.standing
    counted = ", ".join(f"{count} {verdict}" for verdict, count in standing.counts.items())
    yield _badge("targets", "targets", counted or "none judged", standing.decision)
    judged = {
        # A metric's @ would cost the name a hash, and nobody could guess the address.
        f"{result.dataset}-{result.target.metric.name.replace('@', '-')}-{result.run.model}": result
        for result in standing.deciding
        if result.run
    }
    slugs = slug_map(judged)
    for name, result in judged.items():
        shown = "pending" if result.actual is None else figure(result.actual, result.target.metric.unit)
        message = shown if result.decision in ("met", "pending") else f"{shown}, {result.decision}"
        label = f"{result.dataset} {result.target.metric.name}"
        yield _badge(slugs[name], label, message, result.decision)


def _badge(name: str, label: str, message: str, verdict: str) -> tuple[str, bytes]:
    badge = {"schemaVersion": 1, "label": label, "message": message, "color": _COLOURS[verdict]}
    return badge_path(name), to_json(badge)
