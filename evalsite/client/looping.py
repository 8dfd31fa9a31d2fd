"""Answers that repeat themselves, noticed while they stream: what follows is known, and costs its time."""

from dataclasses import dataclass, field

from evalsite.client.protocol import Answer, Choice
from evalsite.rundir.asked import LOOPED
from evalsite.words.loops import LEAST_SPAN, LEAST_TIMES, find_repetition

TOKENS = 200
"""Tokens that have to say again what was said, in three turns or more altogether."""
CHARACTERS = 8 * TOKENS
"""The same, where a server sends several tokens at once: hardly a token of text or code is as long as 8."""
EVERY, RARER = 8, 16
"""An answer is looked at after so many further events, and one of many after this part of them."""


@dataclass
class Watch:
    """Watches the choices of one request. An answer ends where it was seen to repeat itself, whatever is
    asked for with it; reading ends when all that were ``asked`` have come to an end.
    """

    asked: int
    _next: dict[int, int] = field(default_factory=dict)
    """Place of a choice -> events after which it is looked at."""
    _ended: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Place of a choice that repeats itself -> events that count of it, and when it was seen."""

    def is_enough(self, answer: Answer, now: float) -> bool:
        """Look at what has come by ``now``; says whether nothing is left to wait for."""
        for place, choice in answer.choices.items():
            events = len(choice.pieces)
            if place in self._ended or choice.finish_reason or events < self._next.get(place, EVERY):
                continue
            self._next[place] = events + max(EVERY, events // RARER)
            if enough := events_enough(choice):
                self._ended[place] = enough, now
        answer.broken_off = (
            bool(self._ended)
            and len(answer.choices) >= self.asked
            and all(place in self._ended or each.finish_reason for place, each in answer.choices.items())
        )
        return answer.broken_off

    def settle(self, answer: Answer) -> None:
        """End every choice where it was seen to repeat itself."""
        for place, (events, seen_at) in self._ended.items():
            choice = answer.choices[place]
            del choice.pieces[events:], choice.reasoning[events:]
            choice.finish_reason, choice.ended_at = LOOPED, seen_at
            if answer.broken_off:  # else the server counts what it said all the same
                choice.chunks = events


def events_enough(choice: Choice) -> int:
    """After how many of its events an answer had said for long nothing but what it said before; 0 where it
    has not. Its thoughts are looked at while it has said nothing else.

    That depends on what came alone, and not on when it came.
    """
    pieces = choice.pieces if any(map(str.strip, choice.pieces)) else choice.reasoning
    if (found := find_repetition("".join(pieces))) is None:
        return 0
    fewest = found.began + max(LEAST_TIMES * found.period, LEAST_SPAN)
    said = tokens = 0
    for events, piece in enumerate(pieces, 1):
        said += len(piece)
        again = said - found.began - found.period
        tokens += bool(piece) and again > 0
        if said >= fewest and (tokens >= TOKENS or again >= CHARACTERS):
            return events
    return 0
