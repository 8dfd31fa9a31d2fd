"""Calls that servers report are kept piece by piece, in their order."""

import sys

import pytest

from evalsite.client.protocol import Answer, mend
from evalsite.client.reported import MOST_PIECES, Calls
from evalsite.client.shapes import read_event, read_whole
from evalsite.rundir.calls import CallPiece


def piece(index, call_id="", name="", arguments="", as_object=False):
    return CallPiece(index=index, id=call_id, name=name, arguments=arguments, as_object=as_object)


def more(arguments):
    return function(0, arguments=arguments)


def function(index, call_id=None, **told):
    return {"index": index, "id": call_id, "function": told}


@pytest.mark.parametrize(
    ("deltas", "pieces"),
    [
        (
            [
                [function(0, "a", name="f", arguments="")],
                [more('{"x"')],
                [more(": 1}")],
            ],
            [piece(0, "a", "f", '{"x": 1}')],
        ),
        (
            [
                [function(0, "a", name="f", arguments="{")],
                [function(1, "b", name="g")],
                [more("}")],
            ],
            [piece(0, "a", "f", "{"), piece(1, "b", "g"), piece(0, "", "", "}")],
        ),
        (
            [[function(0, "a", name="f", arguments={"x": "é"}), function(0, "b", name="f", arguments={})]],
            [piece(0, "a", "f", '{"x": "é"}', True), piece(0, "b", "f", "{}", True)],
        ),
        ([[{"function": {"name": "f", "arguments": "{}"}}]], [piece(None, "", "f", "{}")]),
        ([[{"name": "f", "arguments": "{}"}]], [piece(None, "", "f", "{}")]),
        ([[{"index": "x", "id": 7, "function": {"name": 5, "arguments": None}}]], [piece(None)]),
        ([[{"index": -1, "function": None}]], [piece(None)]),
        ([["nonsense", None, 5]], []),
        (
            [[function(0, "a\ud800", name="f", arguments="\ud83d")], [more("\ude00")]],
            [piece(0, "a\ufffd", "f", "😀")],
        ),
    ],
)
def test_pieces_that_only_go_on_stand_in_one(deltas, pieces):
    """A new piece begins with an index, an id or a name; half characters meet their other half."""
    calls = Calls()
    assert deltas
    for delta in deltas:
        assert calls.take(delta)
    assert list(calls.pieces(mend)) == pieces


def test_calls_of_a_whole_message_are_told_apart_by_their_places():
    """Whatever index they bear; the one call of old is one, too."""
    calls = Calls()
    calls.take([function(0, name="f", arguments="{}"), function(0, name="f", arguments="{}")], whole=True)
    assert [each.index for each in calls.pieces(mend)] == [0, 1]
    old = Calls()
    assert old.take(None, {"name": "f", "arguments": "{}"})
    assert old.pieces(mend) == (piece(0, "", "f", "{}"),)
    assert not Calls().take(None)
    assert not Calls().take([])


def test_more_pieces_than_anybody_needs_are_not_kept():
    """A stream without end must not fill the memory."""
    calls = Calls()
    for number in range(MOST_PIECES + 5):
        calls.take([function(number, name="f")])
    assert len(calls.pieces(mend)) == MOST_PIECES


def test_an_answer_in_one_piece_has_its_calls_beside_its_text():
    """The text may be null."""
    answer = Answer()
    read_whole(
        answer,
        b'{"choices": [{"index": 0, "message": {"content": null, "tool_calls": [{"id": "a", "function": '
        b'{"name": "f", "arguments": {"x": [1, null]}}}]}, "finish_reason": "tool_calls"}]}',
        "chat",
    )
    choice = answer.choices[0]
    assert (choice.text, choice.finish_reason) == ("", "tool_calls")
    assert choice.calls.pieces(mend) == (piece(0, "a", "f", '{"x": [1, null]}', True),)


def test_a_piece_of_a_call_is_a_sign_of_life():
    """It is the first token, where no text comes."""
    answer = Answer(streamed=True)
    read_event(answer, b'{"choices": [{"index": 0, "delta": {"role": "assistant", "content": null}}]}', 1.0)
    read_event(
        answer,
        b'{"choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, "function": {"name": "f"}}]}}]}',
        2.0,
    )
    read_event(answer, b'{"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}', 3.0)
    choice = answer.choices[0]
    assert (choice.first_token_at, choice.ended_at, choice.chunks, choice.bare_end) == (2.0, 3.0, 1, True)


@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        ('"arguments": {"x": NaN}', '{"x": NaN}'),
        ('"arguments": {"x": 1e999}', '{"x": Infinity}'),
        ('"arguments": "\\ud800"', "\ufffd"),
        ('"arguments": {"x": "\\ud83d\\ude00\\ud800"}', '{"x": "😀\ufffd"}'),
    ],
)
def test_calls_survive_where_an_answer_has_to_be_tamed(odd, kept):
    """What no strict reader takes (NaN, halves of characters) must not make a call vanish."""
    call = f'{{"index": 0, "function": {{"name": "f", {odd}}}}}'
    event = f'{{"choices": [{{"delta": {{"tool_calls": [{call}]}}}}]}}'
    streamed, whole = Answer(streamed=True), Answer()
    read_event(streamed, event.encode(), 1.0)
    read_whole(whole, event.replace("delta", "message").encode(), "chat")
    for answer in (streamed, whole):
        (piece,) = answer.choices[0].calls.pieces(mend)
        assert (piece.name, piece.arguments) == ("f", kept)


@pytest.mark.parametrize(
    "given",
    ["9" * 6000, "[" * 5000 + "]" * 5000, '{"x":' * 3000 + '"]}"' + "}" * 3000],
    ids=["a number", "lists", "objects"],
)
@pytest.mark.parametrize("limit", [None, 100_000], ids=["", "deeper"])
def test_arguments_that_nobody_reads_lose_no_answer(given, limit):
    """An object too deep, or a number too long: what is kept is no JSON, and so judged as malformed.

    However deep this Python lets itself recurse, which differs between versions.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit or before)
    try:
        taken_apart(given)
    finally:
        sys.setrecursionlimit(before)


def taken_apart(given):
    """Read a whole answer with such arguments, and see what is kept of it."""
    answer = Answer()
    call = f'{{"id": "a", "function": {{"name": "f", "arguments": {{"n": {given}}}}}}}'
    message = f'{{"content": "Well.", "tool_calls": [{call}]}}'
    data = f'{{"choices": [{{"finish_reason": "tool_calls", "message": {message}}}], "model": "m"}}'
    read_whole(answer, data.encode(), "chat")
    choice = answer.choices[0]
    assert ("".join(choice.pieces), choice.finish_reason) == ("Well.", "tool_calls")
    assert choice.calls.pieces(mend) == (piece(0, "a", "f", "[", as_object=True),)


@pytest.mark.parametrize("name", ["f", "f:"])
def test_a_call_that_is_told_both_ways_is_one(name):
    """As llama-cpp-python tells a single one, whole and in pieces, with a colon behind its old name."""
    old = {"name": name, "arguments": '{"x": 1}'}
    new = {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}
    whole = Calls()
    assert whole.take([new], old, whole=True)
    assert whole.pieces(mend) == (piece(0, "a", "f", '{"x": 1}'),)
    streamed = Calls()
    streamed.take([function(0, "a", name="f", arguments="")], {"name": name, "arguments": ""})
    streamed.take([more('{"x": ')], {"name": "", "arguments": '{"x": '})
    streamed.take(None, {"name": name, "arguments": "1}"})
    streamed.take([more("1}")])
    assert streamed.pieces(mend) == (piece(0, "a", "f", '{"x": 1}'),)
    alone = Calls()
    assert alone.take(None, {"name": "f", "arguments": "{}"}, whole=True)
    assert alone.pieces(mend) == (piece(0, "", "f", "{}"),)
