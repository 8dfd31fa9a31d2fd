"""The connection between two processes, as messages of four bytes of length and as many as these say."""

import struct
from typing import Protocol

from evalsite.grading.inside.python_values import MOST_BYTES, UnreadableError, UnspeakableError

_LENGTH, _PIECE = struct.Struct("!I"), 1 << 12


def begin(*head: str) -> bytes:
    """What stands before the source in the first message to a program."""
    return "".join(f"{part}\0" for part in head).encode("utf-8", "surrogatepass")


class GoneError(BaseException):
    """The other process has ended, or said that it is done."""


class Stream(Protocol):
    """What is asked of a socket."""

    def recv(self, size: int, /) -> bytes:
        """Up to so many bytes; none at the end."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of them."""


class Wire:
    """One end of it. ``stream`` is the connection."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def send(self, data: bytes) -> None:
        """Send one message. Raises GoneError."""
        if len(data) > MOST_BYTES:
            raise UnspeakableError(f"values of {len(data)} bytes are more than can be passed on")
        try:
            self.stream.sendall(_LENGTH.pack(len(data)) + data)
        except OSError as exc:
            raise GoneError from exc

    def receive(self) -> bytes:
        """Receive one message. Raises GoneError, UnreadableError."""
        data = self._piece(_PIECE)
        while len(data) < _LENGTH.size:
            data += self._piece(_PIECE)
        (size,) = _LENGTH.unpack_from(data)
        if size > MOST_BYTES:
            raise UnreadableError("a message that is too long")
        missing = size + _LENGTH.size - len(data)
        if missing:
            pieces = [data]
            while missing > 0:
                pieces.append(self._piece(min(missing, 1 << 20)))
                missing -= len(pieces[-1])
            data = b"".join(pieces)
        if missing < 0:
            raise UnreadableError("more than one message at once")
        return data[_LENGTH.size :]

    def _piece(self, size: int) -> bytes:
        try:
            piece = self.stream.recv(size)
        except OSError as exc:
            raise GoneError from exc
        if not piece:
            raise GoneError
        return piece
