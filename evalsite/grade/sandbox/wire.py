"""Messages between the grader and a fork server: a JSON header and raw blobs, over one stream socket.

A message is two lengths (header, number of blobs), the header, the blobs' lengths, and the blobs. Programs
and outputs travel as blobs, so that bytes which are no text stay what they are.
"""

import json
import socket
import struct
from typing import Any

MAX_BLOB = 256 << 20
"""Bytes; a longer blob means that the other side lost its mind."""

_HEAD = struct.Struct("!II")
_LENGTH = struct.Struct("!I")


class DisconnectedError(ConnectionError):
    """The other side has gone, in the middle of a message or between two."""


def send(stream: socket.socket, header: dict[str, Any], *blobs: bytes) -> None:
    """Write one message. Raises OSError when the other side has gone."""
    text = json.dumps(header).encode()
    lengths = b"".join(_LENGTH.pack(len(blob)) for blob in blobs)
    stream.sendall(b"".join((_HEAD.pack(len(text), len(blobs)), text, lengths, *blobs)))


def receive(stream: socket.socket) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message. Raises DisconnectedError at the end of the stream, ValueError on nonsense."""
    header_size, blob_count = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if header_size > MAX_BLOB or blob_count > 16:
        raise ValueError(f"a message of {header_size} bytes and {blob_count} blobs is none of ours")
    header = json.loads(_exactly(stream, header_size))
    sizes = [_LENGTH.unpack(_exactly(stream, _LENGTH.size))[0] for _ in range(blob_count)]
    if sum(sizes) > MAX_BLOB:
        raise ValueError(f"a message of {sum(sizes)} bytes is none of ours")
    return header, [_exactly(stream, size) for size in sizes]


def _exactly(stream: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = stream.recv(min(size - len(data), 1 << 20))
        if not piece:
            raise DisconnectedError("the other side of the sandbox's socket has gone")
        data += piece
    return bytes(data)
