"""How long requests in flight may go on: one timer for all of them.

A timer for each would be set anew with every piece of a stream, which costs more than to read it.
"""

import asyncio
import math
from typing import Self

from evalsite.client.protocol import Answer


class Deadlines:
    """The deadlines of all requests in flight; ends those whose time is over."""

    def __init__(self) -> None:
        self._open: set[Deadline] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self._rings_at = math.inf

    def add(self, deadline: "Deadline") -> None:
        """Watch one more."""
        self._open.add(deadline)
        self.due_at(deadline.due)

    def remove(self, deadline: "Deadline") -> None:
        """Watch it no longer; the timer stays, for it will be needed again."""
        self._open.discard(deadline)

    def due_at(self, moment: float) -> None:
        """See that somebody looks at this moment, or before."""
        if moment < self._rings_at:
            if self._alarm is not None:
                self._alarm.cancel()
            self._rings_at = moment
            self._alarm = asyncio.get_running_loop().call_at(moment, self._look)

    def _look(self) -> None:
        self._alarm, self._rings_at = None, math.inf
        now = asyncio.get_running_loop().time()
        for deadline in [each for each in self._open if each.due <= now]:
            deadline.end()
        if self._open:
            self.due_at(min(each.due for each in self._open))


class Deadline:
    """The deadline of one request, which becomes that of silence within its stream once a token has come.

    A context manager around the request, which raises TimeoutError as :func:`asyncio.timeout` does. Times are
    on the event loop's clock, spans in seconds.
    """

    def __init__(self, deadlines: Deadlines, request_s: float, idle_s: float) -> None:
        self._end = self.due = asyncio.get_running_loop().time() + request_s
        self._deadlines = deadlines
        self._idle_s = idle_s
        self._spoken = self._ended = False

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None
        self._task, self._cancelling = task, task.cancelling()
        self._deadlines.add(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _where: object) -> None:
        self._deadlines.remove(self)
        if self._ended and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def heard(self, answer: Answer) -> None:
        """Begin anew where the answer has begun: something has just arrived."""
        self._spoken = self._spoken or any(each.chunks for each in answer.choices.values())
        if self._spoken:
            self.due = min(self._end, asyncio.get_running_loop().time() + self._idle_s)
            self._deadlines.due_at(self.due)

    def end(self) -> None:
        """Its time is over: break the request off."""
        self._deadlines.remove(self)
        self._ended = True
        self._task.cancel()
