"""The connection between a program and its tests: one message at a time, as long as it says."""

import socket

import pytest

from evalsite.grading.inside import python_wire
from evalsite.grading.inside.python_values import MOST_BYTES, UnreadableError, UnspeakableError
from evalsite.grading.inside.python_wire import GoneError, Wire


class Pieces:
    """A connection that brings bytes piece by piece, never more than it is asked for."""

    def __init__(self, *pieces):
        self.left = list(pieces)
        self.asked = []

    def recv(self, size):
        self.asked.append(size)
        if not self.left:
            return b""
        piece, self.left[0] = self.left[0][:size], self.left[0][size:]
        self.left = [each for each in self.left if each]
        return piece

    def sendall(self, data):
        self.left.append(data)


@pytest.mark.parametrize("size", [0, 1, 4092, 4093, 10_000, 3 << 20])
def test_a_message_arrives_whole(size):
    """However long it is, and in whatever pieces it comes."""
    stream = Pieces()
    Wire(stream).send(b"x" * size)
    (sent,) = stream.left
    assert sent[:4] == size.to_bytes(4, "big")
    for pieces in ([sent], [sent[:1], sent[1:3], sent[3:]], [sent[:4], sent[4:]]):
        stream = Pieces(*pieces)
        assert Wire(stream).receive() == b"x" * size
        assert max(stream.asked) <= 1 << 20
        assert stream.left == []


def test_no_more_than_one_message_comes_at_once():
    """Each is an answer, and nobody answers before being asked."""
    with pytest.raises(UnreadableError, match="more than one message at once"):
        Wire(Pieces(b"\0\0\0\1ab")).receive()


def test_messages_are_bounded():
    """What is too long is not waited for, nor sent."""
    with pytest.raises(UnreadableError, match="too long"):
        Wire(Pieces((MOST_BYTES + 1).to_bytes(4, "big"))).receive()
    with pytest.raises(GoneError):
        Wire(Pieces(MOST_BYTES.to_bytes(4, "big"))).receive()
    stream = Pieces()
    Wire(stream).send(bytes(MOST_BYTES))
    with pytest.raises(UnspeakableError, match=rf"values of {MOST_BYTES + 1} bytes"):
        Wire(stream).send(bytes(MOST_BYTES + 1))
    assert len(stream.left) == 1


@pytest.mark.parametrize("begun", [b"", b"\0", b"\0\0\0\3ab"])
def test_who_has_gone_says_nothing_more(begun):
    """Before a message or in the middle of one."""
    with pytest.raises(GoneError):
        Wire(Pieces(*[begun] * bool(begun))).receive()


def test_a_broken_connection_is_one_that_has_gone():
    """Whichever way is tried."""
    one, other = socket.socketpair()
    one.close()
    other.close()
    for attempt in (Wire(one).receive, lambda: Wire(one).send(b"x")):
        with pytest.raises(GoneError):
            attempt()


def test_a_head_ends_with_a_zero():
    """Each part of it; the source follows."""
    assert python_wire.begin("module", "f", "") == b"module\0f\0\0"
    assert python_wire.begin("\udc80") == b"\xed\xb2\x80\0"
