"""Both runs' texts on a comparison's page: how many are the same, where others part, how long they are."""

from dataclasses import dataclass

from evalsite.site.charts.histogram import Histogram, histogram
from evalsite.stats.compare.runs import RunComparison


@dataclass(frozen=True)
class Parting:
    """Texts and programs of two runs, side by side."""

    sentences: tuple[str, ...]
    histogram: Histogram | None
    """Of where texts part, in characters; None where too few do."""


def parting_of(found: RunComparison) -> Parting:
    """Show where two runs' answers part; nothing where they have none in common."""
    parted = found.divergence
    told = (found.texts.sentence, *parted.sentences())
    return Parting(
        tuple(sentence for sentence in told if sentence),
        histogram("Where answers part", parted.places, lambda place: f"character {place:,.0f}"),
    )
