"""Server-sent events out of bytes, however a network or a server has cut them. Pure."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsite.client.sse import EventSplitter
from tests.client.helpers import TEXT, ask, piece, stream_of

EVENTS = [b'{"a": 1}', "äöü ✓".encode(), b"two\nlines", b"[DONE]"]


def as_stream(events: list[bytes], newline: bytes) -> bytes:
    blocks = []
    for event in events:
        lines = [b"data: " + line for line in event.split(b"\n")]
        blocks.append(newline.join([b"event: message", *lines, b": a comment", b""]))
    return newline.join([b": hello", b"", *blocks, b""])


@given(st.sampled_from([b"\n", b"\r\n", b"\r"]), st.lists(st.integers(0, 150), max_size=8))
def test_events_survive_any_chunking_and_any_line_end(newline: bytes, cuts: list[int]) -> None:
    """Wherever the network tears the stream, the same events come out."""
    stream = as_stream(EVENTS, newline) + b"x"  # so that a last line end is not held back for a line feed
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    splitter = EventSplitter()
    found = [event for start, end in itertools.pairwise(places) for event in splitter.feed(stream[start:end])]
    assert found == EVENTS


@pytest.mark.parametrize("mark", [b"[DONE]", b"  [DONE]\t ", b"[done]", b'"[DONE]"'])
def test_what_comes_behind_the_end_mark_belongs_to_nobody(mark: bytes) -> None:
    """However the mark is written, a text behind it is foreign."""
    events = [piece(TEXT), piece(finish_reason="stop"), mark, piece("raise SystemExit")]
    assert ask(stream_of(*events, done=False), stream=True).text == TEXT


@pytest.mark.parametrize("nothing", [b"null", b"", b"{}", b" "])
def test_events_that_hold_nothing_are_passed_over(nothing: bytes) -> None:
    """Signs of life of a gateway."""
    assert (
        ask(stream_of(nothing, piece(TEXT), nothing, piece(finish_reason="stop")), stream=True).text == TEXT
    )
