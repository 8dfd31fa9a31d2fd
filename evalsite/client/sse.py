"""Server-sent events out of bytes, however a network or a server has cut them. Pure."""

import re
from collections.abc import Iterator

import msgspec

from evalsite.client.protocol import UnusableError

LARGEST_EVENT = 4 * 2**20
"""Bytes of one stream event after which a server is taken to be raving."""

BOM = b"\xef\xbb\xbf"
DONE = b"[DONE]"
_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b"error:", b":")
_WHOLE = (b"{", b"[", b"<", b'"')

_BETWEEN = re.compile(rb"\}[ \t]*\n(?=(?:event|id):|:|data:[ \t]*(?:\{|\[DONE\]))")
"""One line end between two events. In JSON nothing that closes stands right before something that opens."""


def is_stream(begin: bytes) -> bool | None:
    """Whether a body is a stream of events, by how it begins; None where that cannot be said (yet)."""
    seen = begin.removeprefix(BOM).lstrip()
    if seen.startswith(_FIELDS):
        return True
    return False if seen.startswith(_WHOLE) else None


class EventSplitter:
    """Cuts a byte stream into the data of server-sent events (WHATWG HTML, 9.2.6), however it is chunked.

    Beyond the standard, events may be parted by one line end, and the last may lack its end where it is
    whole by itself: some servers write so. Any other event that the end of the stream cuts off is dropped.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the data of every event that the chunk completes."""
        data = self._rest + chunk
        if len(data) > LARGEST_EVENT + len(chunk):
            raise UnusableError("malformed", "an event of the stream does not end")
        if not self._begun:
            data = data.removeprefix(BOM)
            self._begun = len(data) >= len(BOM)
        held = b""
        if b"\r" in data:
            if data.endswith(b"\r"):  # its line feed may be in the next chunk
                data, held = data[:-1], b"\r"
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if data.count(b"\n") != 2 * data.count(b"\n\n"):
            data = _BETWEEN.sub(b"}\n\n", data)
        *events, rest = data.split(b"\n\n")
        self._rest = rest + held
        for event in events:
            if event.startswith(b"data: ") and b"\n" not in event:
                yield event[6:].strip(b" \t")
            elif found := _data_of(event):
                yield found

    def finish(self) -> Iterator[bytes]:
        """Yield what is left at the end of the stream, where it is an event but for its end."""
        left, self._rest = _data_of(self._rest.replace(b"\r", b"\n")), b""
        if left == DONE or (left.endswith(b"}") and _is_json(left)):
            yield left


def _data_of(event: bytes) -> bytes:
    """Return an event's data; llama.cpp's server once told errors in a field of that name."""
    lines = event.split(b"\n")
    said = [line[5:] for line in lines if line.startswith(b"data:")]
    said = said or [line[6:] for line in lines if line.startswith(b"error:")]
    return b"\n".join(line.removeprefix(b" ") for line in said).strip(b" \t\n")


def _is_json(data: bytes) -> bool:
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
