"""Calls are put together from the pieces of every server's stream."""

import pytest

from evalsite.calls.pieces import assemble
from evalsite.rundir.calls import CallPiece


def piece(index, call_id="", name="", arguments=""):
    return CallPiece(index=index, id=call_id, name=name, arguments=arguments)


F, G = ("f", {"x": 1}), ("g", {"y": "}{"})


@pytest.mark.parametrize(
    ("pieces", "calls"),
    [
        ([piece(0, "a", "f"), piece(0, "", "", '{"x"'), piece(0, "", "", ": 1}")], [F]),
        ([piece(0, "a", "f", '{"x"'), piece(0, "a", "f", ": 1"), piece(0, "a", "f", "}")], [F]),
        ([piece(0, "", "f", '{"x"'), piece(0, "", "f", ": 1}")], [F]),
        ([piece(0, "a", "f", '{"x": 1}'), piece(1, "b", "g", '{"y": "}{"}')], [F, G]),
        (
            [
                piece(0, "a", "f", '{"x"'),
                piece(1, "b", "g", '{"y": "'),
                piece(0, "", "", ": 1}"),
                piece(1, "", "", '}{"}'),
            ],
            [F, G],
        ),
        ([piece(0, "a", "f", '{"x": 1}'), piece(0, "b", "g", '{"y": "}{"}')], [F, G]),
        (
            [
                piece(0, "a", "f"),
                piece(0, "", "", '{"x": 1}'),
                piece(0, "b", "f"),
                piece(0, "", "", '{"x": 1}'),
            ],
            [F, F],
        ),
        ([piece(0, "", "f", '{"x": 1}'), piece(0, "", "f", '{"x": 1}')], [F, F]),
        (
            [piece(0, "", "h", '{"x": "\\""}'), piece(0, "", "h", '{"x": 1}')],
            [("h", {"x": '"'}), ("h", F[1])],
        ),
        ([piece(0, "", "f", '{"x": 1}'), piece(0, "", "g", '{"y": "}{"}')], [F, G]),
        ([piece(None, "", "f", '{"x": 1}'), piece(None, "", "g", '{"y": "}{"}')], [F, G]),
        ([piece(0, "a", "f"), piece(0, "b", "", '{"x"'), piece(0, "c", "", ": 1}")], [F]),
        ([piece(0, "a", "", '{"x": 1}'), piece(0, "a", "f")], [F]),
        ([piece(0, "a", "f", '{"x": 1}'), piece(0, "a", "f", "")], [F]),
        ([piece(0, "", "g", '{"y": "}'), piece(0, "", "g", '{"}')], [G]),
        ([piece(0, "a", "f", "")], [("f", {})]),
        ([piece(3, "a", "f", '{"x"')], [("f", None)]),
        ([], []),
    ],
)
def test_pieces_become_calls(pieces, calls):
    """Names and ids once or with every piece, ids that change, one index for all, calls by turns."""
    assert [(call.name, call.arguments) for call in assemble(pieces)] == calls
