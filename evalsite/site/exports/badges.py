"""Endpoints for badges of shields.io."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from evalsite.counts.loaded import LoadedRun
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.exports.writing import to_json
from evalsite.site.slugs import slug_map
from evalsite.site.urls import TARGETS, badge_path
from evalsite.stats.decision import WORST_FIRST, in_words
from evalsite.stats.targets import Result
from evalsite.stats.targets.shown import Shown

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
    judged = _named(standing.deciding)
    slugs = slug_map(judged)
    for name, result in judged.items():
        shown = Shown.of(result).actual
        told = in_words(result.decision, sequential=result.is_sequential)
        message = shown if told in ("met", "pending") else f"{shown}, {told}"
        label = f"{result.dataset} {result.target.metric.name}"
        yield _badge(slugs[name], label, message, result.decision)


def badges_in_markdown(judgement: Judgement, base_url: str) -> dict[str, list[str]]:
    """Model -> a line for each of its badges, to be pasted into a README; it leads to the page of targets.

    The badge of all targets together stands under the empty name.
    """
    judged = _named(judgement.standing.deciding)
    slugs, lines = slug_map(judged), {"": [_in_markdown("targets", base_url)]}
    for name, result in judged.items():
        lines.setdefault(result.model, []).append(_in_markdown(slugs[name], base_url))
    return lines


def _in_markdown(name: str, base_url: str) -> str:
    image = f"https://img.shields.io/endpoint?url={quote(base_url + badge_path(name), safe='')}"
    return f"[![{name}]({image})]({base_url}{TARGETS})"


def _named(results: Iterable[Result]) -> dict[str, Result]:
    """Badge's name -> what it shows.

    Results that would have one name (two targets on one metric, two runs of one model) are told apart by what
    differs. The name itself then shows the worst: an address that is in use stays, and hides nothing.
    """
    alike: dict[str, list[tuple[Result, LoadedRun]]] = defaultdict(list)
    for result in results:
        if result.run:
            # A metric's @ would cost the name a hash, and nobody could guess the address.
            metric = result.target.metric.name.replace("@", "-")
            alike[f"{result.dataset}-{metric}-{result.run.model}"].append((result, result.run))
    named: dict[str, Result] = {}
    for name, those in alike.items():
        named[name] = min((result for result, _ in those), key=lambda one: WORST_FIRST.index(one.decision))
        targets = len({result.target for result, _ in those}) > 1
        runs = len({run for _, run in those}) > 1
        for result, run in those:
            parts = (name, result.target.name if targets else "", run.id if runs else "")
            named.setdefault("-".join(filter(None, parts)), result)
    return named


def _badge(name: str, label: str, message: str, verdict: str) -> tuple[str, bytes]:
    badge = {"schemaVersion": 1, "label": label, "message": message, "color": _COLOURS[verdict]}
    return badge_path(name), to_json(badge)
