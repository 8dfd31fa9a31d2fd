"""Scores over what they cost: bits per weight, size, latency. Each family is a line of its own."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.site.charts.drawing import Axis, Drawn
from evalsite.site.charts.series import Series
from evalsite.site.charts.spots import Spot, Tie, scatter, scored_spots
from evalsite.words import cells
from evalsite.words.sentences import names


@dataclass(frozen=True)
class Measure:
    """A quantity to hold quality against."""

    id: str
    title: str
    axis: str
    get: Callable[[LoadedRun], float | None]
    word: Callable[[float], str]


def _latency(entry: LoadedRun) -> float | None:
    measured = entry.summary.latency_s
    return measured.mean if measured else None


def _gigabytes(entry: LoadedRun) -> float | None:
    size = entry.run.model.card.weights_bytes
    return size / 1e9 if size else None


MEASURES = (
    Measure(
        "bits",
        "pass@1 against bits per weight",
        "bits per weight",
        lambda entry: entry.run.model.card.bits_per_weight,
        lambda value: f"{value:g} bits",
    ),
    Measure(
        "size",
        "pass@1 against size of the weights",
        "weights, GB",
        _gigabytes,
        lambda value: f"{value:.1f} GB",
    ),
    Measure("latency", "pass@1 against latency", "mean request latency, s", _latency, cells.seconds),
)

Known = Container[tuple[str, str]]
"""Ids of the better and of the worse run of each pair that the data tell apart."""


def tradeoff_chart(
    chart_id: str, measure: Measure, entries: Sequence[Series], known: Known, vacuous: Container[str] = ()
) -> Drawn | None:
    """Draw pass@1 against a cost, with a line for each family; None for fewer than two runs that know both.

    What is cheaper and no worse says something within a family alone: a larger model at fewer bits is not
    cheaper. ``vacuous``: ids of runs whose verdict proves nothing; they are drawn, and stand on no line.
    """
    spots, left_out = scored_spots([one for one in entries if measure.get(one.run) is not None])
    if len(spots) < 2:
        return None
    cost = {one.of.run.id: measure.get(one.of.run) or 0.0 for one in spots}
    proven = [one for one in spots if one.of.run.id not in vacuous]
    families = _families(proven, cost)
    ties = [
        (one, other, _told_apart(one, other, known))
        for own in families.values()
        for one, other in itertools.pairwise(own)
    ]
    beaten = {one.of.run.id: _beaten_by(one, families, cost, known) for one in spots}
    most = max(cost.values())
    return scatter(
        (chart_id, measure.title, _summary(families, ties, proven, spots) + left_out),
        spots,
        Axis.around([0.0, 1.02 * most], title=measure.axis),
        cost,
        ties,
        head=("Model", "Family", measure.axis, "pass@1, %", "low", "high", "certainly worse than"),
        rows=[
            (
                one.of.name,
                one.of.run.run.model.card.family or cells.DASH,
                measure.word(cost[one.of.run.id]),
                *one.cells,
                beaten[one.of.run.id] or cells.DASH,
            )
            for one in spots
        ],
    )


def _families(spots: Iterable[Spot], cost: dict[str, float]) -> dict[str, list[Spot]]:
    """The spots of each family that has two or more, the dearest first; of one cost the best."""
    found: dict[str, dict[float, Spot]] = defaultdict(dict)
    for one in spots:
        own, at = found[one.of.run.run.model.card.family], cost[one.of.run.id]
        if at not in own or own[at].estimate.value < one.estimate.value:
            own[at] = one
    return {
        family: [own[at] for at in sorted(own, reverse=True)]
        for family, own in found.items()
        if family and len(own) > 1
    }


def _told_apart(one: Spot, other: Spot, known: Known) -> bool:
    here, there = one.of.run.id, other.of.run.id
    return (here, there) in known or (there, here) in known


def _beaten_by(one: Spot, families: dict[str, list[Spot]], cost: dict[str, float], known: Known) -> str:
    """Which of its family cost no more and are better beyond doubt."""
    own = families.get(one.of.run.run.model.card.family, [])
    here = one.of.run.id
    return names(
        [
            each.of.name
            for each in own
            if cost[each.of.run.id] <= cost[here] and (each.of.run.id, here) in known
        ]
    )


def _summary(
    families: dict[str, list[Spot]], ties: Sequence[Tie], proven: Sequence[Spot], spots: Sequence[Spot]
) -> str:
    told = []
    if families:
        told.append(f"Each line joins a family, from the dearest on: {', '.join(families)}.")
    if not all(certain for *_, certain in ties):
        told.append("Dashed where the data cannot tell two neighbours apart.")
    if not families:
        told.append("No two runs of one family differ in this.")
    if off := [one.of.name for one in spots if one not in proven]:
        told.append(f"Left out, since the baseline is too weak to show a loss: {', '.join(off)}.")
    return " ".join(told)
