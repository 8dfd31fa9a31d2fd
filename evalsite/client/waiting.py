"""What people should hear of while a server keeps a run waiting: when it begins, goes on, and is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from evalsite.errors import EndpointError
from evalsite.words.sentences import count

TOLD_EACH_S = 60.0
"""So often the same trouble is told again."""

WORTH_AN_END_S = 10.0
"""A trouble that was shorter ends without a word."""


@dataclass(frozen=True)
class Notice:
    """Something that happened to requests, in the words of people."""

    kind: Literal["waiting", "answering", "feature"]
    endpoint: str
    message: str
    waiting: int = 0
    """Requests that wait."""
    wait_s: float = 0.0
    """Until the next try."""

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        if self.kind != "waiting":
            return f"{self.endpoint}: {self.message}"
        soon = f"{self.wait_s:.0f} s" if self.wait_s >= 1 else "less than a second"
        return f"{self.message}; {count(self.waiting, 'request')} waiting, next try in {soon}"


Notify = Callable[[Notice], None]


def unheard(_notice: Notice) -> None:
    """Tell nobody."""


class Troubles:
    """Troubles of servers, by address; tells each as often as people want to hear it."""

    def __init__(self, notify: Notify, clock: Callable[[], float] = time.monotonic) -> None:
        self.tell = notify
        self._clock = clock
        self._open: dict[str, _Trouble] = {}

    def waits(self, endpoint: str, failure: EndpointError, waiting: int, wait_s: float) -> None:
        """Say why requests wait: at once, when the reason changes, and once a minute."""
        now = self._clock()
        known = self._open.setdefault(endpoint, _Trouble(now))
        if known.answered_at is not None:
            known.began, known.answered_at = now, None
        if known.message != failure.message or now - known.told_at >= TOLD_EACH_S:
            known.message, known.told_at = failure.message, now
            self.tell(Notice("waiting", endpoint, failure.message, waiting, wait_s))

    def over(self, endpoint: str) -> None:
        """The server answered."""
        if not self._open or (known := self._open.get(endpoint)) is None:
            return
        now = self._clock()
        if now - known.began >= WORTH_AN_END_S and known.answered_at is None:
            self.tell(Notice("answering", endpoint, f"answers again after {now - known.began:.0f} s"))
        known.answered_at = now
        if now - known.told_at >= TOLD_EACH_S:
            del self._open[endpoint]


@dataclass
class _Trouble:
    began: float
    message: str = ""
    told_at: float = float("-inf")
    answered_at: float | None = None
