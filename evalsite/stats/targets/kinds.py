"""Kinds of metric: what the figures of each mean, what may be asked of them, and how they are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evalsite.words.sentences import change, figure, pace


@dataclass(frozen=True, kw_only=True)
class MetricKind:
    """A kind of metric. What it does not say of itself holds of a figure that a run has by itself."""

    name: str
    is_loss: bool = False
    """Whether it is points that were lost of the baseline's score; tables show the change of the score."""
    is_share_kept: bool = False
    """Whether it is the share of the baseline's score that is kept."""
    is_change: bool = False
    """Whether it is a change itself: a loss of points, or time won."""
    is_score: bool = False
    """Whether it is a share of passes, so that a threshold below one percent is a slip."""
    is_unbounded: bool = False
    """Whether a figure in percent may exceed 100."""
    depends_on_all: bool = False
    """Whether every sample counts, and what is missing could change it; a time is of those that there are."""
    lists_failures: bool = False
    """Whether what it counts is failures, which a page lists."""
    baseline_unit: str = ""
    """The unit of the baseline's figure, where that is another one."""
    limit: str = "{direction} {threshold:g} {unit}"
    """What a target asks for, in words."""
    alone: str = "The {label} of {model} on {dataset} is {actual}"
    """What was measured, in a sentence without its end."""
    against: str = ""
    """The same where it was held against a baseline's run."""
    since: str = ""
    """The same where that is about what both lost since an easier level."""
    told: Callable[[float, int], str] | None = None
    """Puts a figure into words, with digits behind the point; None: it is a figure with its unit."""

    @property
    def is_relative(self) -> bool:
        """Whether it holds a run against its baseline: then the threshold is a margin."""
        return self.is_change or self.is_share_kept

    def tell(self, value: float, unit: str, digits: int = 1) -> str:
        """A figure in words."""
        return self.told(value, digits) if self.told else figure(value, unit, digits)


def _loss(points: float, digits: int) -> str:
    return change(-points / 100, digits)


KINDS: Mapping[str, MetricKind] = {
    kind.name: kind
    for kind in (
        MetricKind(
            name="pass",
            is_score=True,
            depends_on_all=True,
            alone="{label} of {model} on {dataset} is {actual}",
        ),
        MetricKind(
            name="degradation",
            is_loss=True,
            is_change=True,
            depends_on_all=True,
            baseline_unit="%",
            limit="less than {threshold:g} points lost",
            against="{score} of {model} on {where}: {told} ({base} to {candidate})",
            since="{score} of {model} on {where} since {since}: {own}, the baseline's {theirs}; "
            "beyond the baseline's loss {told}",
            told=_loss,
        ),
        MetricKind(
            name="recovery",
            is_share_kept=True,
            depends_on_all=True,
            limit="more than {threshold:g} % of the baseline's kept",
            against="Of {score}, {model} keeps {actual} on {where} ({base} to {candidate})",
        ),
        MetricKind(
            name="slowdown",
            is_change=True,
            is_unbounded=True,  # a model may well be three times as slow
            baseline_unit="ms",
            limit="less than {threshold:g} % slower",
            against="The {label} of {model} on {dataset} is {candidate}, "
            "where the baseline's is {base}: {told}",
            told=pace,
        ),
        MetricKind(name="errors", depends_on_all=True, lists_failures=True),
        MetricKind(name="symptoms", depends_on_all=True),
        MetricKind(name="time"),
        MetricKind(name="speed"),
        MetricKind(name="agreement"),
        MetricKind(name="distance"),
    )
}
"""By name. How each is measured, says ``MEASURES`` in :mod:`.measure`."""
