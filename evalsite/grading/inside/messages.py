"""Messages between the grader and a fork server, over one stream socket.

A message is its length, one byte for its kind, the number of its blobs, their lengths, and the blobs: two
reads take it whole. What is said once (greetings, probes) is JSON in a blob. What is said for every sample is
packed: after a fork, a server has to be given anew each page of memory that it touches, and JSON touches
eighty of them.
"""

import socket
import struct
from typing import NamedTuple

MAX_MESSAGE = 256 << 20
"""Bytes; a longer message means that the other side lost its mind."""

WALL_PATIENCE = 5
"""A sample that uses the processor when its wall limit ends gets it again, so that up to this many passed."""

TESTS_SHARE = 2.0
"""Times a sample's limit on CPU time that its tests may use: where known references return the most, theirs
use about as much as the references do.
"""

HELLO, REFUSED, PROBE, PROBED = b"h", b"x", b"p", b"P"
RUN, NEED_TESTS, BROKEN_TESTS, DONE = b"r", b"t", b"b", b"d"

PROGRAM, TESTS = "<program>", "<tests>"
"""Files of the frames that a report tells of."""
SEPARATOR = "\x1f"
"""Between the fields of a report."""

_HEAD = struct.Struct("!IcB")
_BLOB_LENGTH = 4
_REQUEST = struct.Struct("!ddQQIQ?")
_OUTCOME = struct.Struct("!8siddd??")
_DESCRIPTOR = struct.Struct("@i")
if hasattr(socket, "SCM_RIGHTS"):  # elsewhere none is handed over
    _SOCKET, _RIGHTS = int(socket.SOL_SOCKET), int(socket.SCM_RIGHTS)
    _ROOM = socket.CMSG_LEN(_DESCRIPTOR.size)


class DisconnectedError(ConnectionError):
    """The other side has gone, in the middle of a message or between two."""


class Request(NamedTuple):
    """The limits of one sample, in seconds, bytes and processes; ``output`` is for both streams together."""

    cpu_s: float
    wall_s: float
    memory: int
    file_size: int
    processes: int
    output: int
    in_process: bool = False
    """Whether the tests run in the program's own process."""

    def pack(self) -> bytes:
        """The blob that :meth:`unpack` takes."""
        return _REQUEST.pack(*self)

    @classmethod
    def unpack(cls, blob: bytes) -> "Request":
        """Raises struct.error for a blob that is none."""
        return cls(*_REQUEST.unpack(blob))


class Outcome(NamedTuple):
    """How one sample ended, as its fork server saw it."""

    cause: bytes
    """Why the server ended it: ``cpu``, ``wall``, ``output``, ``disk``, ``many`` or ``grader``; or nothing.
    At most 8 bytes.
    """
    status: int
    """Exit status; negative for the signal that killed it."""
    cpu_s: float
    wall_s: float
    peak_mib: float
    proven: bool
    """Whether the proof from after the last test came."""
    unconfined: bool
    """Whether the sample could not give up its rights, and so never ran its program."""

    def pack(self) -> bytes:
        """The blob that :meth:`unpack` takes."""
        return _OUTCOME.pack(*self)

    @classmethod
    def unpack(cls, blob: bytes) -> "Outcome":
        """Raises struct.error for a blob that is none."""
        cause, *rest = _OUTCOME.unpack(blob)
        return cls(cause.rstrip(b"\0"), *rest)


def send(stream: socket.socket, kind: bytes, *blobs: bytes, descriptor: int | None = None) -> None:
    """Write one message, which may hand over a descriptor. Raises OSError when the other side has gone."""
    lengths = struct.pack(f"!{len(blobs)}I", *map(len, blobs))
    body = b"".join((lengths, *blobs))
    data = _HEAD.pack(len(body), kind, len(blobs)) + body
    if descriptor is not None:
        data = data[stream.sendmsg([data], [(_SOCKET, _RIGHTS, _DESCRIPTOR.pack(descriptor))]) :]
    stream.sendall(data)


def receive(stream: socket.socket) -> tuple[bytes, list[bytes]]:
    """Read one message: its kind and its blobs.

    Raises DisconnectedError at the end of the stream, ValueError on nonsense.
    """
    return _receive(stream, _exactly(stream, _HEAD.size))


def receive_descriptor(stream: socket.socket) -> tuple[int, list[bytes]]:
    """Read one message that hands over a descriptor: that, and the blobs. Raises as :func:`receive` does."""
    head, ancillary, *_ = stream.recvmsg(_HEAD.size, _ROOM)
    if not ancillary:
        raise DisconnectedError("the other side has gone")
    (descriptor,) = _DESCRIPTOR.unpack(ancillary[0][2])
    _, blobs = _receive(stream, head + _exactly(stream, _HEAD.size - len(head)))
    return descriptor, blobs


def _receive(stream: socket.socket, head: bytes) -> tuple[bytes, list[bytes]]:
    size, kind, count = _HEAD.unpack(head)
    begin = count * _BLOB_LENGTH
    if not begin <= size <= MAX_MESSAGE:
        raise ValueError(f"a message of {size} bytes and {count} blobs is none of ours")
    body = _exactly(stream, size)
    blobs = []
    for length in struct.unpack_from(f"!{count}I", body):
        blobs.append(body[begin : begin + length])
        begin += length
    if begin != size:
        raise ValueError(f"a message of {size} bytes whose blobs have {begin} is none of ours")
    return kind, blobs


def _exactly(stream: socket.socket, size: int) -> bytes:
    pieces = []
    while size:
        piece = stream.recv(min(size, 1 << 20))
        if not piece:
            raise DisconnectedError("the other side of the sandbox's socket has gone")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
