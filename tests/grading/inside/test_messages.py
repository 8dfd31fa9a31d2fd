"""How the grader and its servers speak: what is said is heard, and nonsense is refused."""

import os
import socket
import struct

import pytest

from evalsite.grading.inside import messages
from evalsite.grading.inside.messages import Outcome, Request


@pytest.fixture
def ends():
    one, other = socket.socketpair()
    other.settimeout(5)
    with one, other:
        yield one, other


def test_what_is_said_is_heard(ends):
    """Kind and blobs, empty ones and none, one message after the other."""
    one, other = ends
    said = [(messages.RUN, b"", b"abc", b"\0" * 70_000), (messages.DONE,), (messages.PROBE, b"")]
    heard = []
    for kind, *blobs in said:
        messages.send(one, kind, *blobs)
        heard.append(messages.receive(other))
    assert heard == [(kind, blobs) for kind, *blobs in said]


@pytest.mark.linux
def test_a_descriptor_is_handed_over(ends):
    """With the blobs; a message without one means that the other side is none of ours."""
    one, other = ends
    reading, writing = os.pipe()
    messages.send(one, messages.RUN, b"a", b"bc", descriptor=writing)
    os.close(writing)
    descriptor, blobs = messages.receive_descriptor(other)
    os.write(descriptor, b"x")
    os.close(descriptor)
    assert (blobs, os.read(reading, 9)) == ([b"a", b"bc"], b"x")
    os.close(reading)
    messages.send(one, messages.RUN, b"a")
    with pytest.raises(messages.DisconnectedError):
        messages.receive_descriptor(other)


@pytest.mark.parametrize(
    ("size", "count", "lengths"),
    [
        ((256 << 20) + 1, 0, ()),
        (3, 1, ()),
        (5, 1, (0,)),
        (5, 1, (2,)),
        (8, 1, (5,)),
        (8, 2, (1, 0)),
    ],
)
def test_nonsense_is_refused(ends, size, count, lengths):
    """A message that is too long, or whose blobs are not what it consists of."""
    one, other = ends
    body = struct.pack(f"!{len(lengths)}I", *lengths)
    one.sendall(struct.pack("!IcB", size, b"r", count) + body.ljust(min(size, 100), b"\0"))
    with pytest.raises(ValueError, match=rf"a message of {size} bytes .* is none of ours"):
        messages.receive(other)


def test_the_longest_message_is_waited_for(ends):
    """And no longer one; whoever goes in the middle of it has gone."""
    one, other = ends
    one.sendall(struct.pack("!IcB", messages.MAX_MESSAGE, b"r", 0) + b"half")
    one.shutdown(socket.SHUT_WR)
    with pytest.raises(messages.DisconnectedError, match="has gone"):
        messages.receive(other)
    with pytest.raises(messages.DisconnectedError, match="has gone"):
        messages.receive(other)


def test_limits_and_outcomes_travel_packed():
    """Every field in its place; a cause may have eight letters."""
    request = Request(1.5, 2.5, 1 << 40, 1 << 33, 3, 1 << 34, in_process=True)
    outcome = Outcome(b"finished", -9, 0.25, 0.5, 20.5, True, False)
    assert Request.unpack(request.pack()) == request
    assert Outcome.unpack(outcome.pack()) == outcome
    assert Outcome.unpack(outcome._replace(cause=b"", proven=False, unconfined=True).pack()).cause == b""
    assert Request(1, 1, 1, 1, 1, 1).in_process is False
