"""What stands on pages for a figure or a verdict: marks, scores with intervals, strips, badges."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import Run
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.stats.decision import Decision, in_words
from evalsite.stats.intervals import Estimate
from evalsite.words import cells
from evalsite.words.sentences import certainty, count


@dataclass(frozen=True)
class Mark:
    """A verdict as pages show it: never by colour alone, always with its sign and its word."""

    tone: str
    """``good``, ``bad``, ``unsure`` or ``open``: the colour, by meaning."""
    sign: str
    word: str


@dataclass(frozen=True)
class Score:
    """A share in percent with its interval, and where that lies on a bar from 0 to 100."""

    text: str
    low: str
    high: str
    value: float
    """In percent, for sorting and drawing."""
    bar_low: float
    bar_high: float
    method: str
    confidence: str
    """Such as ``95 %``."""


@dataclass(frozen=True)
class Strip:
    """All problems of a run as thin bars in the data set's order; each as high as its share of passes."""

    count: int
    passed: str
    """SVG path of the bars; the viewBox is ``count`` wide and 10 high."""
    none: str
    """SVG path of the stubs that stand for problems no sample solved."""
    absent: str
    """SVG path of the dots that stand for problems without a sample."""
    label: str
    """The strip in words."""


@dataclass(frozen=True)
class Badge:
    """What tells a model's weights apart from its siblings'."""

    text: str
    side: str
    """``baseline``, ``candidate`` or empty."""


_DECISIONS = {
    "met": ("good", "✓"),
    "missed": ("bad", "✗"),
    "inconclusive": ("unsure", "?"),
    "vacuous": ("unsure", "○"),
    "pending": ("open", "…"),
    "compared": ("open", "→"),
}
"""Decision -> tone and sign."""


def verdict_mark(verdict: VerdictClass | str) -> Mark:
    """Return the mark of a sample's verdict."""
    kind = VerdictClass(verdict)
    word = kind.words.capitalize()
    return Mark("good", "✓", word) if kind is VerdictClass.PASSED else Mark("bad", "✗", word)


def decision_mark(decision: Decision | Literal["compared"], *, sequential: bool = False) -> Mark:
    """Return the mark of a target's or a comparison's decision, or that of a comparison without any.

    ``sequential``: it is one look of several.
    """
    return Mark(*_DECISIONS[decision], in_words(decision, sequential=sequential))


def score_of(estimate: Estimate) -> Score:
    """Format an estimate in [0, 1] for a column headed with %."""
    interval = estimate.interval
    low, high = cells.percent_limits(interval.low, interval.high)
    return Score(
        text=cells.percent(estimate.value),
        low=low,
        high=high,
        value=round(100 * estimate.value, 4),
        bar_low=round(100 * interval.low, 1),
        bar_high=round(100 * interval.high, 1),
        method=interval.method,
        confidence=certainty(interval.confidence),
    )


MOST_BARS = 200
"""Of a strip, which is that many pixels wide: of more problems, neighbours share a bar, and their mean."""


def strip_of(entry: LoadedRun, task_ids: Sequence[str]) -> Strip:
    """Draw a run's problems as a strip, in the order of ``task_ids``."""
    tallies = {tally.problem: tally for tally in entry.scored}
    asked = [tallies.get(task) for task in task_ids]
    shares = [tally.c / tally.n if tally is not None and tally.n else None for tally in asked]
    solved = sum(1 for share in shares if share)
    wide = max(1, -(-len(shares) // MOST_BARS))
    bars = [shares[at : at + wide] for at in range(0, len(shares), wide)]
    passed, none, absent = [], [], []
    for x, bar in enumerate(bars):
        known = [share for share in bar if share is not None]
        if not known:
            absent.append(f"M{x} 9.5h.7")
        elif not any(known):
            none.append(f"M{x} 8.5h.7v1.5h-.7z")
        else:
            height = f"{10 * sum(known) / len(known):.2g}"
            passed.append(f"M{x} 10v-{height}h.7v{height}z")
    return Strip(
        count=len(bars),
        passed="".join(passed),
        none="".join(none),
        absent="".join(absent),
        label=f"{solved} of {len(task_ids)} problems solved at least once",
    )


def badges_of(quantization: str, side: str) -> tuple[Badge, ...]:
    """Return a model's badges: its quantization, with the role's colour, and its role."""
    badges = []
    if quantization:
        badges.append(Badge(quantization, side))
    if side:
        badges.append(Badge(side, side))
    return tuple(badges)


def cautions_of(run: Run) -> tuple[str, ...]:
    """What a reader must know before trusting a run's numbers; short enough for a table."""
    cautions = []
    if run.status != "complete":
        cautions.append(
            {"running": "still running", "interrupted": "interrupted"}.get(run.status, "incomplete")
        )
    if run.num_problems < run.dataset.num_problems:
        cautions.append(f"{run.num_problems} of {run.dataset.num_problems} problems")
    if run.grading is not None and run.grading.excluded:
        cautions.append(f"{count(len(run.grading.excluded), 'problem')} excluded")
    if run.grading is not None and run.grading.ran_freely:
        cautions.append("graded without isolation")
    return tuple(cautions)
