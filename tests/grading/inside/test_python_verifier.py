"""The process of the tests: it runs them, and asks the program's process wherever they use the program."""

import json
import socket
import struct

import pytest

from evalsite.grading.inside import python_verifier
from evalsite.grading.inside.python_values import UnreadableError

pytestmark = pytest.mark.linux


@pytest.mark.parametrize(
    "news",
    [
        [[7], [], []],
        [[-9], [], []],
        [[], [0], []],
        [[], [], [0]],
        [[0]],
        [["a"], [], []],
        [[], [[]], []],
        [None],
    ],
)
def test_news_of_what_is_not_shared_is_nothing_that_can_be_read(news):
    """A program may say what it likes; its tests fail."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        data = json.dumps(["=", [], news, 3]).encode()
        theirs.sendall(struct.pack("!I", len(data)) + data)
        with pytest.raises((UnreadableError, TypeError)):
            python_verifier.TestsSide(ours).ask("name", "x")


def test_news_of_another_class_is_nothing_that_can_be_read():
    """What the tests hold keeps its class."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        side = python_verifier.TestsSide(ours)
        side.sharing.share([1])
        data = json.dumps(["=", [], [[0]], 3, {"t": [1]}]).encode()
        theirs.sendall(struct.pack("!I", len(data)) + data)
        with pytest.raises(UnreadableError):
            side.ask("name", "x")
