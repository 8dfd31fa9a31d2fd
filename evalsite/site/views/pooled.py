"""Two models over several data sets: one verdict, and each data set's difference beside the pooled one."""

from dataclasses import dataclass

from evalsite.site.charts.drawing import (
    LINE,
    Axis,
    Drawn,
    Range,
    chart,
    diamond,
    interval,
    rule,
    scale,
    words,
)
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.views.marks import Mark, decision_mark
from evalsite.stats.compare.forest import Forest, ForestLine
from evalsite.stats.compare.pooled import Pooled
from evalsite.stats.compare.suites import COUNTED, SuiteComparison, each_alone
from evalsite.words import cells

_ROW, _TOP, _TALL = 3 * LINE, 24, 9.0
"""Pixels of a row, above the first one, and half the height of the diamond."""
_LARGEST = 1.6
"""Of a square's width beside an ordinary one: that of the data set that counts most."""
_TONES = {"met": "good", "missed": "bad", "inconclusive": "unsure"}
_HEAD = ("Data set", "Problems", "Baseline, %", "Candidate, %", "Difference, points", "Interval", "p")


@dataclass(frozen=True)
class OverAll:
    """The section of a page, as ``macros/pooled.html`` shows it."""

    title: str
    mark: Mark
    headline: str
    clustered: str
    """That several data sets ask the same problems; empty where they do not."""
    drawn: Drawn
    pages: tuple[tuple[str, str], ...]
    """Each data set's name with the path of its own comparison, as far as there is one."""
    notes: tuple[str, ...]


def pooled_section(found: SuiteComparison, judgement: Judgement, where: str, title: str) -> OverAll:
    """Show a verdict over several data sets; ``where`` and ``title`` tell it from others on one page."""
    urls = judgement.evidence.urls
    ids = [(part.dataset, part.base.id, part.candidate.id) for part in found.parts]
    pages = [(name, urls.compare(*pair)) for name, *pair in ids if tuple(pair) in judgement.comparisons]
    alone = {each_alone(part) for part in found.parts}
    return OverAll(
        title=title,
        mark=decision_mark(found.decision, sequential=bool(found.sequential)),
        headline=found.headline,
        clustered=found.clustered,
        drawn=forest(found, where, title),
        pages=tuple(pages),
        notes=tuple(note for note in found.notes if note not in {*alone, found.spread, found.clustered}),
    )


def forest(found: SuiteComparison, where: str = "", title: str = "") -> Drawn:
    """Draw each data set's difference as a square with its interval, and the pooled one as a diamond below.

    A square's area is what the data set counts for. Lines stand at what is allowed.
    """
    plot = Forest.of(found)
    possible, whole = _possible(found), Range.of_share(found.numbers.value, found.numbers.interval)
    ends = [*(100 * end for end in plot.ends), possible.low, possible.high]
    axis = Axis.around(ends, title="difference of pass@1, points", signed=True)
    bottom = _TOP + _ROW * len(plot.all_lines)
    parts = [rule(axis, 0.0, (_TOP, bottom), tone="zero")]
    for at, named in plot.limits:
        label = f"{named} {cells.signed(100 * at, 0 if 100 * at % 1 == 0 else 1)}"
        parts.append(rule(axis, 100 * at, (_TOP, bottom), label=label))
    for index, line in enumerate(plot.lines):
        y, size = _TOP + _ROW * index, _LARGEST * line.share**0.5
        of = Range.of_share(line.numbers.value, line.numbers.interval)
        parts += [
            words(0, y + LINE, f"{line.name}: {line.told}"),
            interval(axis, of, y + 2 * LINE, shape="baseline", size=size),
        ]
    y = bottom - _ROW
    tone = _TONES.get(found.decision, "")
    parts.append(words(0, y + LINE, f"{plot.whole.name}: {plot.whole.told}", tone="strong"))
    middle = y + 2 * LINE
    if possible != whole:
        parts.append(interval(axis, possible, middle, "possible"))
    parts += [diamond(axis, whole, (middle - _TALL, middle + _TALL), tone), scale(axis, bottom)]
    said = f"{found.headline} {found.spread}"
    return Drawn(
        id=f"forest{where and '-'}{where}",
        title=f"{title}: each data set, and all together" if title else "Each data set, and all together",
        summary=f"{found.spread} {_legend(found, possible != whole)}".strip(),
        svg=chart(parts, height=bottom + 3 * LINE, said=said),
        head=_HEAD,
        rows=tuple(map(_row, plot.all_lines)),
    )


def _legend(found: SuiteComparison, thin: bool) -> str:
    words = (
        f"Squares: data sets, as large as what each counts for, with {_sure(found.numbers)} intervals. "
        f"Diamond: all together ({COUNTED[found.numbers.weights]}), as wide as its interval."
    )
    return f"{words} The thin line is what missing samples could make of it." if thin else words


def _possible(found: SuiteComparison) -> Range:
    """How far the pooled interval reaches at worst and at best, whatever the missing samples are."""
    cases = [found.numbers, *((found.missing.worst, found.missing.best) if found.missing else ())]
    low = 100 * min(each.interval.low for each in cases)
    return Range(low, 100 * found.numbers.value, 100 * max(each.interval.high for each in cases))


def _sure(each: Pooled) -> str:
    return f"{100 * each.interval.confidence:g} %"


def _row(line: ForestLine) -> tuple[str, ...]:
    each = line.numbers
    rates = (cells.percent(each.base), cells.percent(each.candidate))
    figures = (*cells.moved(each.value, each.interval, each.margin), cells.p_value(each.p_value))
    return (line.name, f"{each.num_problems:,}", *rates, *figures)
