"""A distance as it is read: its record, its texts, and the figures, with those of the repeat beside them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evalsite.counts.passk import Values
from evalsite.distance.checks import refuse_bad_rows, refuse_other_tokens
from evalsite.distance.identity import refuse_changed
from evalsite.distance.schema import Distance, Text
from evalsite.distance.store import WHO, DistanceDir, find_distances
from evalsite.errors import RunError
from evalsite.stats.distance.figures import Figures, figures
from evalsite.stats.distance.pairs import Pair, Pairs, pair_up

WORST = 20
FEWEST_FOR_SAME = 5
"""Problems from which on weights are said to look the same."""
SAME_KL = 5e-5
"""Nats: the mean divergence that the same weights have between two servers, where the baseline's own repeat
shows none. Between a model and its own 8-bit quantization it is ten times as much and more."""


@dataclass(frozen=True, eq=False)
class Found:
    """All that is told of a distance."""

    dir: DistanceDir
    record: Distance
    texts: tuple[Text, ...]
    pairs: Pairs
    noise_pairs: Pairs
    """The baseline and its repeat."""
    digest: str = ""
    """Over its files; of which a page's record is made."""

    @property
    def names(self) -> tuple[str, str]:
        """The two models'."""
        return self.record.base.model.name, self.record.candidate.model.name

    @cached_property
    def figures(self) -> Figures:
        """Of baseline and candidate."""
        return figures(self.pairs)

    @cached_property
    def noise(self) -> Figures | None:
        """Of the baseline and its repeat; None where it was not asked again."""
        return figures(self.noise_pairs) if self.noise_pairs else None

    @cached_property
    def worst(self) -> tuple[Pair, ...]:
        """The places that are farthest apart, the farthest first."""
        ordered = sorted(self.pairs.all, key=lambda pair: (-pair.kl, pair.problem, pair.at))
        return tuple(ordered[:WORST])

    @cached_property
    def kl_of(self) -> dict[str, float]:
        """Problem -> its mean divergence."""
        sums: Values = self.pairs.kl
        found: dict[str, list[float]] = {}
        for pair, value in zip(self.pairs.all, sums, strict=True):
            found.setdefault(pair.problem, []).append(float(value))
        return {problem: sum(each) / len(each) for problem, each in found.items()}

    @property
    def looks_the_same(self) -> bool:
        """Whether both look like the same weights: no farther apart than the baseline is from itself."""
        kl = self.figures.kl
        if len(self.pairs.problems) < FEWEST_FOR_SAME or kl.interval is None:
            return False
        floor = self.noise.kl.interval if self.noise else None
        return kl.interval.high <= max(SAME_KL, 2 * floor.high if floor else 0.0)

    @property
    def lacking(self) -> int:
        """Positions that one side has no word on."""
        return self.record.num_positions - len(self.pairs)


def distances_between(runs_dir: Path, base: str, candidate: str) -> list[Found]:
    """Read the distances of two models, given by their names, below a folder; raises as
    :func:`load_distance`.
    """
    found = ((folder, folder.read()) for folder in find_distances(runs_dir))
    return [
        load_distance(folder)
        for folder, record in found
        if (record.base.model.name, record.candidate.model.name) == (base, candidate)
    ]


def load_distance(folder: DistanceDir) -> Found:
    """Read a distance. Raises :class:`RunError` where it cannot be, was changed, or has no place to tell
    of.
    """
    digest, record = folder.digest(), folder.read()
    refuse_changed(folder.path, record)
    texts = folder.texts()
    base, candidate, repeat = (tuple(folder.named(who)) for who in WHO)
    refuse_bad_rows(folder.path, (*base, *candidate, *repeat))
    refuse_other_tokens(base, candidate, (record.base, record.candidate))
    pairs = pair_up(texts, base, candidate)
    if not pairs:
        raise RunError(
            f"{folder.path}: holds no position that both models were asked at",
            hint=f"Go on with: evalsite distance {folder.path}",
        )
    return Found(folder, record, texts, pairs, pair_up(texts, base, repeat), digest)
