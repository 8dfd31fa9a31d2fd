"""Chooses how many runs stay whole, so that a site as it is written keeps to its budget.

The runs are in the order of :func:`evalsite.site.evidence.archiving.by_want`, and as many of them stay whole
as there is room for: with one more the site would be too large. So the choice follows from runs and options
alone, whatever was built before; earlier sizes and estimates only make it soon found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from evalsite.site.options import SiteOptions
from evalsite.site.output.folder import State, Unit
from evalsite.site.output.packs import PACK
from evalsite.site.parts.base import Part
from evalsite.site.parts.packable import Packable

_FOR_HISTORY = 0.01
"""Share of the budget for what earlier builds leave: pages that lead on, assets that a cache still needs."""
_Form = tuple[str, bool]
"""A part's name, and whether it is packed."""


class Archive:
    """The parts that may be packed, each at the place of the run that is archived first."""

    def __init__(
        self, parts: Sequence[Packable], order: Sequence[str], options: SiteOptions, before: State
    ) -> None:
        """``before``: what the last build wrote."""
        place = {run: number for number, run in enumerate(order)}
        self.free = [part for part in parts if all(run in place for run in part.runs)]
        """The parts that may be packed or not."""
        self._place = {part.name: max(place[run] for run in part.runs) for part in self.free}
        self._places: list[list[Packable]] = [[] for _ in order]
        for part in self.free:
            self._places[self._place[part.name]].append(part)
        self._room = options.site_budget * (1 - _FOR_HISTORY)
        bulks = [(part, part.bulk(options)) for part in self.free]
        self._estimates = {
            (part.name, packed): (type(part), bulk.size(packed=packed))
            for part, bulk in bulks
            for packed in (False, True)
        }
        self._before = before
        self._told = {
            (part.name, _is_packed(unit)): unit.weight(part.name)
            for part in self.free
            if (unit := before.units.get(part.name))
        }
        self._known: dict[_Form, int] = {}
        self.whole = len(order)
        """So many runs of the order stay whole."""

    def others(self, units: Mapping[str, Unit]) -> int:
        """What all takes besides these parts."""
        return sum(unit.weight(name) for name, unit in units.items() if name not in self._place)

    @property
    def packed(self) -> int:
        """So many are packed."""
        return len(self._places) - self.whole

    def formed(self, parts: Iterable[Part]) -> list[Part]:
        """Put parts into the form that is chosen for them."""
        packed = {part.name for step in self._places[self.whole :] for part in step}
        return [
            part.formed(packed=True) if isinstance(part, Packable) and part.name in packed else part
            for part in parts
        ]

    def take_stock(self, parts: Iterable[Part], units: Mapping[str, Unit]) -> None:
        """Take down what parts take in the form that they were written in."""
        for part in parts:
            packed = self._place[part.name] >= self.whole
            self._known[part.name, packed] = units[part.name].weight(part.name)

    def weighed(self, part: Packable, weight: int) -> None:
        """Take down what a part would take that is whole."""
        self._known[part.name, False] = weight

    def choose(self, others: float) -> list[Packable]:
        """Choose how many stay whole, beside ``others`` bytes; return the parts that take another form now.

        What was not weighed is estimated, at the scale of what was.
        """
        size = self._sizes()
        room = self._room - others - sum(size(part, True) for parts in self._places for part in parts)
        whole = 0
        for parts in self._places:
            room -= sum(max(0, size(part, False) - size(part, True)) for part in parts)
            if room < 0:
                break
            whole += 1
        changed = self._places[min(whole, self.whole) : max(whole, self.whole)]
        packed, self.whole = whole < self.whole, whole
        return [part.formed(packed=packed) for parts in changed for part in parts]

    def unknown(self, key: Callable[[Packable], str]) -> list[Packable]:
        """What has to be weighed before it is sure that no further run can stay whole: its parts, whole.

        What the last build knew of them, by their keys, is known.
        """
        found = []
        for part in self._next():
            if (part.name, False) not in self._known:
                last, of = self._before.units.get(part.name), key(part)
                if last and last.key == of:
                    self.weighed(part, last.weight(part.name))
                elif of in self._before.weights:
                    self.weighed(part, self._before.weights[of])
                else:
                    found.append(part)
        return found

    def weights(self, key: Callable[[Packable], str]) -> dict[str, int]:
        """What the next build need not weigh again: key of a part -> bytes."""
        return {
            key(part): self._known[part.name, False]
            for part in self._next()
            if (part.name, False) in self._known
        }

    def _next(self) -> list[Packable]:
        """The whole parts of the next run that would stay whole."""
        return [part.formed(packed=False) for parts in self._places[self.whole :][:1] for part in parts]

    def _sizes(self) -> Callable[[Packable, bool], float]:
        """What a part takes in a form: weighed, or as last time, or estimated."""
        sizes = self._told | self._known
        sums: dict[tuple[type, bool], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for form, real in sizes.items():
            kind, estimate = self._estimates[form]
            sums[kind, form[1]][0] += real
            sums[kind, form[1]][1] += estimate

        def size(part: Packable, packed: bool) -> float:
            form = part.name, packed
            if form in sizes:
                return sizes[form]
            kind, estimate = self._estimates[form]
            real, estimated = sums[kind, packed]
            return estimate * real / estimated if estimated else estimate

        return size


def _is_packed(unit: Unit) -> bool:
    return any(name.endswith(PACK) for name in unit.files)
