"""Names of tools go over the wire and come back; BFCL's words for types become JSON Schema's."""

import re

import pytest

from evalsite.calls.tools import Tool, as_sent, from_bfcl, own_names, wire_names


@pytest.mark.parametrize(
    "names",
    [
        ["math.sqrt", "math_sqrt", "math-sqrt"],
        ["a.b", "a_b", "a/b", "a b"],
        ["x" * 64, "x" * 65, "x" * 200],
        ["größe", "gr__e", "", "."],
        ["a_b", "a.b", "a.b"],
    ],
)
def test_every_name_goes_over_the_wire_and_has_one_way_back(names):
    """What servers take: letters, digits, ``_`` and ``-``, 64 of them at most."""
    tools = [Tool(name=name) for name in names]
    wire = wire_names(tools)
    assert set(wire) == set(names)
    assert len(set(wire.values())) == len(wire)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", each) for each in wire.values())
    back = own_names(tools)
    for name in names:
        assert back[name] == name
        assert back[wire[name]] == name


def test_a_name_that_servers_take_goes_as_it_is():
    """Even beside one that would come out like it."""
    assert wire_names([Tool(name="a.b"), Tool(name="a_b")])["a_b"] == "a_b"
    assert wire_names([Tool(name="a.b")]) == {"a.b": "a_b"}


def test_tools_are_sent_in_the_form_of_openai():
    """A tool without parameters takes an object without any."""
    sent = as_sent([Tool(name="a.b", description="Does it.")])
    empty = {"type": "object", "properties": {}}
    function = {"name": "a_b", "description": "Does it.", "parameters": empty}
    assert sent == [{"type": "function", "function": function}]


def test_words_for_types_are_changed_where_they_are_types_alone():
    """An argument that is called ``type`` stays, and so does every other word of the schema."""
    schema = {
        "type": "dict",
        "required": ["type"],
        "properties": {
            "type": {"type": "any", "description": "dict"},
            "point": {"type": "tuple", "items": {"type": "float"}, "default": {"type": "dict"}},
            "who": {"type": "dict", "properties": {"age": {"type": "float", "required": True}}},
        },
    }
    assert from_bfcl(schema) == {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {"description": "dict"},
            "point": {"type": "array", "items": {"type": "number"}, "default": {"type": "dict"}},
            "who": {"type": "object", "properties": {"age": {"type": "number"}}},
        },
    }
