"""Messages between the grader and a fork server: a JSON header and raw blobs, over one stream socket.

A message is its length, then the length of the header and the number of blobs, the blobs' lengths, the header
and the blobs: two reads take it whole. Programs and outputs travel as blobs, so that bytes which are no text
stay what they are.
"""

import json
import socket
import struct
from itertools import accumulate, pairwise
from typing import Any

MAX_MESSAGE = 256 << 20
"""Bytes; a longer message means that the other side lost its mind."""
_MAX_BLOBS = 16

_HEAD = struct.Struct("!II")
_LENGTH = struct.Struct("!I")


class DisconnectedError(ConnectionError):
    """The other side has gone, in the middle of a message or between two."""


def send(stream: socket.socket, header: dict[str, Any], *blobs: bytes) -> None:
    """Write one message. Raises OSError when the other side has gone."""
    text = json.dumps(header).encode()
    lengths = struct.pack(f"!{len(blobs)}I", *map(len, blobs))
    body = b"".join((_HEAD.pack(len(text), len(blobs)), lengths, text, *blobs))
    stream.sendall(_LENGTH.pack(len(body)) + body)


def receive(stream: socket.socket) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message. Raises DisconnectedError at the end of the stream, ValueError on nonsense."""
    (size,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if not _HEAD.size <= size <= MAX_MESSAGE:
        raise ValueError(f"a message of {size} bytes is none of ours")
    body = _exactly(stream, size)
    header_size, blob_count = _HEAD.unpack_from(body)
    begin = _HEAD.size + blob_count * _LENGTH.size
    if blob_count > _MAX_BLOBS or begin > size:
        raise ValueError(f"a message of {size} bytes and {blob_count} blobs is none of ours")
    ends = list(accumulate((begin, header_size, *struct.unpack_from(f"!{blob_count}I", body, _HEAD.size))))
    if ends[-1] != size:
        raise ValueError(f"a message of {size} bytes that says it has {ends[-1]} is none of ours")
    header, *blobs = [body[start:end] for start, end in pairwise(ends)]
    return json.loads(header), blobs


def _exactly(stream: socket.socket, size: int) -> bytes:
    pieces = []
    while size:
        piece = stream.recv(min(size, 1 << 20))
        if not piece:
            raise DisconnectedError("the other side of the sandbox's socket has gone")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
