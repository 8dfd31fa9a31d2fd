"""What fits a tool's schema; hostile arguments and odd schemas cost no time and blame nobody."""

import pytest

from evalsite.calls.schemas import schema_fault, violation
from evalsite.calls.tools import Tool


def breach(schema, arguments):
    return violation(arguments, Tool(name="f", parameters=schema))


ADDRESS = {"type": "object", "properties": {"street": {"type": "string"}}, "required": ["street"]}


@pytest.mark.parametrize(
    ("schema", "arguments", "why"),
    [
        ({"required": ["x"]}, {"x": None}, ""),
        ({"required": ["x"]}, {}, "'x' is a required property"),
        ({"properties": {"x": {"type": "integer"}}}, {"x": "1"}, "x: '1' is not of type 'integer'"),
        ({"properties": {"x": {"type": "integer"}}}, {"x": 1.0}, ""),
        ({"properties": {"x": {"type": "integer"}}}, {"x": True}, "x: True is not of type 'integer'"),
        ({"properties": {"x": {"enum": ["a"]}}}, {"x": "b"}, "x: 'b' is not one of ['a']"),
        ({"properties": {"a": ADDRESS}}, {"a": {}}, "a: 'street' is a required property"),
        ({"additionalProperties": False}, {"x": 1}, "Additional properties are not allowed"),
        ({"properties": {"x": {"pattern": "^a+$"}}}, {"x": "b"}, "x: 'b' does not match '^a+$'"),
        ({"properties": {"x": {"uniqueItems": True}}}, {"x": [1, "1", True]}, ""),
        ({"properties": {"x": {"uniqueItems": True}}}, {"x": [{"a": 1}, 2, {"a": 1}]}, "x: it has the same"),
        ({"$ref": "https://example.com/schema.json"}, {}, ""),
        ({"$ref": "#"}, {}, ""),
        ({"properties": {"x": {"$ref": "#/nowhere"}}}, {"x": 1}, ""),
        ({"properties": {"x": {"pattern": "("}}}, {"x": "a"}, ""),
        ({}, {"anything": [1, {"at": "all"}]}, ""),
    ],
)
def test_the_first_breach_is_told_with_its_place(schema, arguments, why):
    """What cannot be checked is no breach: no reference is fetched, and none is followed without end."""
    found = breach(schema, arguments)
    assert found.startswith(why)
    assert bool(found) is bool(why)


@pytest.mark.parametrize(
    ("schema", "value", "broken"),
    [
        ({"pattern": "^(a+)+$"}, "a" * 60 + "!", False),
        ({"pattern": "^(a+)+$"}, "a" * 19 + "!", True),
        ({"pattern": "^(a+)+$"}, "a" * 20 + "!", False),
        ({"pattern": "^a+$"}, "a" * 499 + "!", True),
        ({"pattern": "^a+$"}, "a" * 500 + "!", False),
        ({"pattern": "^a+$"}, 5, False),
        ({"uniqueItems": False}, [1, 1], False),
        ({"pattern": ".*.*.*.*.*x"}, "a" * 100_000, False),
        ({"uniqueItems": True}, [each for n in range(100_000) for each in (n, str(n))], False),
        ({"type": "array", "items": {"type": "string"}}, list(range(200_000)), True),
        ({"enum": list(range(100))}, "x" * 1_000_000, True),
    ],
)
def test_no_value_takes_for_ever(schema, value, broken):
    """Where Python's own matcher, or a comparison of all pairs, would take hours."""
    assert bool(breach({"properties": {"x": schema}}, {"x": value})) is broken


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ({"type": "object", "properties": {"x": {"type": ["string", "null"]}}}, False),
        ({"type": "dict"}, True),
        ({"required": "x"}, True),
        ({"properties": {"x": 5}}, True),
    ],
)
def test_what_is_no_schema_is_told(schema, fault):
    """BFCL's words for types are none of JSON Schema's."""
    assert bool(schema_fault(schema)) is fault


def test_a_schema_without_end_is_told():
    """What is too deep is no fault of the program that reads it."""
    deep = {}
    for _ in range(5000):
        deep = {"not": deep}
    assert schema_fault(deep) == "it is nested too deep"
