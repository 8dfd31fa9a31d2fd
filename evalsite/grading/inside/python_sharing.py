"""Lists and their like that a program keeps after it has handed them over, and the tests hold, too.

Each process has its own. What changes one of them changes the other: every message tells what they hold
now, if that is not what they held. Only what the program still keeps is shared; nearly all that a function
returns, it forgets.
"""

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable
from typing import Any

from evalsite.grading.inside.python_values import Codec, UnreadableError, same

_KINDS = frozenset({list, dict, set, deque, Counter, defaultdict, OrderedDict, bytearray})
_MOST = 100
"""Objects that are shared at a time; they are compared with what they held for each message."""
_MOST_ITEMS = 5000
"""In all of them."""


def _holders(one: list[Any]) -> int:
    return sys.getrefcount(one[0])


_ALONE = _holders([object()])


class Sharing:
    """What one process knows of them."""

    def __init__(self) -> None:
        self.last: list[Any] = []
        """What can be changed of the program's last answer, in the order in which it was told."""
        self.places: dict[int, int] = {}
        self._shared: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self.told: dict[int, Any] = {}
        """What each of them held when that was told last, by its number."""
        self._begun = 0

    def remember(self, told: list[Any]) -> None:
        """Take note of what was told in an answer."""
        self.last = told
        self.places = {id(value): place for place, value in enumerate(told)}

    @property
    def is_busy(self) -> bool:
        """Whether there is anything that could be said."""
        return bool(self.last or self._shared)

    def number_of(self, value: Any) -> int | None:
        """That of an object that is shared."""
        return self._numbers.get(id(value)) if self._numbers else None

    def of(self, numbers: list[int], places: Iterable[int] = ()) -> list[Any]:
        """Objects by their places in the last answer and by their numbers. Raises UnreadableError."""
        try:
            return [*(self.last[place] for place in places), *(self._shared[number] for number in numbers)]
        except (LookupError, TypeError) as exc:
            raise UnreadableError("news of what is not shared") from exc

    def differing(self, codec: Codec) -> list[int]:
        """The numbers of those that hold something else than was told last, which is to be told now."""
        found = []
        for number, value in self._shared.items():
            (now,) = codec.snapshot([value])
            if number not in self.told or not same(now, self.told[number]):
                self.told[number] = now
                found.append(number)
        return found

    def renew(self, codec: Codec, objects: list[Any], contents: list[Any]) -> None:
        """Take over what the other side says that objects hold. Raises ValueError, UnreadableError."""
        for mine, content in zip(objects, contents, strict=True):
            codec.fill(mine, content)
            number = self._numbers.get(id(mine))
            if number is not None:
                (self.told[number],) = codec.snapshot([mine])

    def share(self, value: Any) -> int:
        """Give an object the next number, which is the same in the other process."""
        number = self._begun
        self._begun += 1
        self._shared[number] = value
        self._numbers[id(value)] = number
        return number

    def forget(self, numbers: list[int]) -> None:
        """Share some no longer. Raises UnreadableError."""
        for number, value in zip(numbers, self.of(numbers), strict=True):
            del self._shared[number]
            self._drop(number, value)

    def _drop(self, number: int, value: Any) -> None:
        del self._numbers[id(value)]
        self.told.pop(number, None)  # which may be all that holds others

    def review(self, passed: list[Any]) -> tuple[list[int], list[int]]:
        """The places of what the program has kept of its last answer, which is shared from now on; and the
        numbers of what is shared no longer: it keeps them no longer, or they are the oldest of too many.

        ``passed`` was just passed to it, and is not kept only because of that.
        """
        dropped = self._unkept()
        known = {*map(id, passed), *self._numbers}
        first: dict[int, int] = {}
        for place, value in enumerate(self.last):
            if type(value) in _KINDS and id(value) not in known and len(value) <= _MOST_ITEMS:
                first.setdefault(id(value), place)
        candidates = [(place, [self.last[place]]) for place in first.values()]
        value = None
        self.remember([])
        old = list(self._shared)[::-1]
        kept: list[int] = []
        for place, one in candidates:  # what holds others comes before them
            if _holders(one) > _ALONE:
                while old and not self._has_room_for(one[0]):
                    dropped.append(old.pop())
                    self.forget(dropped[-1:])
                if self._has_room_for(one[0]):
                    kept.append(place)
                    self.share(one[0])
            one.clear()
        return kept, dropped

    def _has_room_for(self, value: Any) -> bool:
        items = len(value) + sum(map(len, self._shared.values()))
        return len(self._shared) < _MOST and items <= _MOST_ITEMS

    def _unkept(self) -> list[int]:
        found: list[int] = []
        for number in list(self._shared):
            one = [self._shared.pop(number)]
            if _holders(one) > _ALONE:
                self._shared[number] = one[0]
            else:
                found.append(number)
                self._drop(number, one[0])
        return found
