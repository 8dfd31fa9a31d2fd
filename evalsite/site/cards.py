"""Social cards: one picture per run for links that unfurl, drawn without a browser.

Needs the extra ``cards`` (resvg). Without it, or on a machine without any font, pages name no picture.
"""

import importlib.util
from xml.sax.saxutils import escape

from evalsite.counts.loaded import LoadedRun
from evalsite.site.marks import decision_mark, strip_of
from evalsite.site.subjects import RunSubject
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.words import cells
from evalsite.words.sentences import certainty
from evalsite.words.text import shorten, visible

_WIDTH, _HEIGHT, _LEFT = 1200, 630, 72
_INSIDE = _WIDTH - 2 * _LEFT
_TONES = {"good": "#0b6e54", "bad": "#ad3b0b", "unsure": "#775a00", "open": "#575c67"}
_WORST_FIRST = ("bad", "unsure", "good", "open")
_SIDES = {"baseline": "#1c5ca6", "candidate": "#88358e", "": "#575c67"}


def can_draw() -> bool:
    """Whether the renderer is installed."""
    return importlib.util.find_spec("resvg_py") is not None


def draw(subject: RunSubject, site_title: str) -> bytes:
    """Draw a run's card as PNG, 1200 by 630 pixels."""
    import resvg_py

    svg = card_svg(subject, site_title)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=_WIDTH, height=_HEIGHT))


def card_svg(subject: RunSubject, site_title: str) -> str:
    """Write the card as SVG: model, score with its interval, verdicts, and all problems as a strip."""
    entry, side, dataset = subject.run, subject.side, subject.dataset
    badge = _badge(entry, side)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        _text(104, 30, "#575c67", f"{site_title} · {dataset.label}"),
        _text(176, _fitting(entry.model, 60), "#15171c", shorten(entry.model, 48), bold=True),
        *([_text(220, 28, _SIDES[side], badge)] if badge else []),
        *_score(entry, _SIDES[side]),
    ]
    marked = [(decision_mark(one.decision), one.title) for one in subject.conclusions]
    marked.sort(key=lambda one: _WORST_FIRST.index(one[0].tone))
    for line, (mark, title) in enumerate(marked[:3]):
        y, colour = 440 + 38 * line, _TONES[mark.tone]
        # The sign stands alone: a font that lacks it would otherwise be replaced for the whole line.
        parts.append(_text(y, 28, colour, mark.sign))
        words = shorten(f"{title}: {mark.word}", 60)
        parts.append(_text(y, 28, colour, words, left=_LEFT + 40))
    strip = strip_of(entry, dataset.task_ids)
    parts.append(
        f'<svg x="{_LEFT}" y="546" width="{_INSIDE}" height="40" viewBox="0 0 {strip.count} 10" '
        f'preserveAspectRatio="none"><path fill="{_TONES["good"]}" d="{strip.passed}"/>'
        f'<path fill="{_TONES["bad"]}" d="{strip.none}"/></svg></svg>'
    )
    return "".join(parts)


def _score(entry: LoadedRun, colour: str) -> list[str]:
    if not entry.max_k:
        return [_text(330, 40, "#575c67", "no score yet")]
    estimate = estimate_pass_at_k(entry.n, entry.c, 1)
    low, value, high = (
        _LEFT + _INSIDE * share for share in (estimate.interval.low, estimate.value, estimate.interval.high)
    )
    limits = " to ".join(cells.percent_limits(estimate.interval.low, estimate.interval.high))
    told = f"pass@1, {certainty(estimate.interval.confidence)} interval {limits}"
    return [
        _text(330, 88, "#15171c", f"{cells.percent(estimate.value)} %", bold=True),
        _text(330, 30, "#575c67", told, left=420),
        f'<path d="M{_LEFT} 374h{_INSIDE}" stroke="#e4e5e9" stroke-width="2"/>',
        f'<path d="M{low:.1f} 374H{high:.1f}" stroke="{colour}" stroke-width="6"/>',
        f'<path d="M{value:.1f} 360v28" stroke="{colour}" stroke-width="12"/>',
    ]


def _badge(entry: LoadedRun, side: str) -> str:
    card = entry.run.model.card
    bits = f"{cells.bits(card.bits_per_weight)} bits per weight" if card.bits_per_weight else ""
    return " · ".join(word for word in (card.quantization, bits, side) if word)


def _fitting(text: str, size: int) -> int:
    """Return a font size that fits the text into the card's width."""
    return min(size, int(_INSIDE / (0.58 * max(1, min(len(text), 48)))))


def _text(y: int, size: int, colour: str, words: str, *, bold: bool = False, left: int = _LEFT) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{left}" y="{y}" font-size="{size}"{weight} fill="{colour}">{escape(visible(words))}</text>'
    )
