"""Arguments as models write them: read strictly, within limits, and never more than once."""

import pytest

from evalsite.calls import reading
from evalsite.calls.reading import MOST_CHARACTERS, MOST_DEPTH, Unreadable, parse_json, read_call, too_deep


@pytest.mark.parametrize(
    ("text", "arguments", "why", "symptoms"),
    [
        ('{"x": 1}', {"x": 1}, "", ()),
        ("", {}, "", ()),
        (" \n", {}, "", ()),
        ("null", {}, "", ()),
        ("{}", {}, "", ()),
        ('{"x": 1, "x": 2}', {"x": 2}, "", ("duplicate_keys",)),
        ('{"a": {"x": 1, "x": 2}}', {"a": {"x": 2}}, "", ("duplicate_keys",)),
        ('"{\\"x\\": 1}"', None, "a string with JSON inside", ("stringified_arguments",)),
        ('"hello"', None, "a string", ()),
        ("[1]", None, "an array, not an object", ()),
        ("7", None, "a number, not an object", ()),
        ("true", None, "true or false, not an object", ()),
        ('{"x": NaN}', None, "no JSON: NaN is no number of it", ()),
        ('{"x": -Infinity}', None, "no JSON: -Infinity is no number of it", ()),
        ('{"x": 1', None, "no JSON: Expecting ',' delimiter at character 7", ()),
        ("{'x': 1}", None, "no JSON: Expecting property name enclosed in double quotes at character 1", ()),
        ('{"x": 1} {"x": 2}', None, "no JSON: Extra data at character 9", ()),
        ('{"x": "a\nb"}', None, "no JSON: Invalid control character at at character 8", ()),
        ('{"x": 1' + "0" * 5000 + "}", None, "no JSON that can be read: a number of thousands of digits", ()),
        ("[" * MOST_DEPTH + "]" * MOST_DEPTH, None, "an array, not an object", ()),
        ("[" * 65 + "]" * 65, None, f"nested more than {MOST_DEPTH} deep", ()),
        ("[" * 70 + "]" * 70, None, f"nested more than {MOST_DEPTH} deep", ()),
        ('{"x": "' + "[" * 100 + '"}', {"x": "[" * 100}, "", ()),
        ('{"é": "\\ud83d\\ude00"}', {"é": "😀"}, "", ()),
    ],
)
def test_arguments_are_an_object_or_it_is_said_why_not(text, arguments, why, symptoms):
    """What is wrong stands behind "the arguments are"."""
    call = read_call("f", text)
    assert (call.name, call.arguments, call.symptoms) == ("f", arguments, symptoms)
    if why:
        assert call.why.startswith(why.split(" delimiter")[0].split(" enclosed")[0])


def test_what_is_longer_than_the_limit_is_not_read():
    """One character more, and nothing of it is parsed."""
    longest = '{"x": "' + "y" * (MOST_CHARACTERS - 9) + '"}'
    assert len(longest) == MOST_CHARACTERS
    assert read_call("f", longest).arguments is not None
    assert read_call("f", longest + " ").why == "1,048,577 characters long, and at most 1,048,576 are read"


def test_the_beginning_of_what_cannot_be_read_is_kept():
    """Of arguments alone: what is read is there itself."""
    assert read_call("f", "x" * 3000).written[:1999] == "x" * 1999
    assert len(read_call("f", "x" * 3000).written) <= reading.SHOWN
    assert read_call("f", "[1]").written == "[1]"
    assert read_call("f", "{}").written == ""


def test_depth_is_told_of_values_that_others_parsed():
    """Arrays and objects alike; as deep as the limit is read."""
    value = 1
    for _ in range(MOST_DEPTH):
        value = [value]
    assert not too_deep(value)
    assert too_deep({"a": [value]})


def test_keys_that_are_there_twice_are_told_to_who_asks():
    """And the last value counts, as in json.loads."""
    doubled = []
    assert parse_json('{"a": 1, "b": 2, "a": 3}', doubled) == {"a": 3, "b": 2}
    assert doubled
    with pytest.raises(Unreadable, match="no JSON"):
        parse_json("x")


def test_every_symptom_has_a_meaning():
    """They are what pages print."""
    names = {reading.EMPTY, reading.STRINGIFIED, reading.REPEATED, reading.DOUBLED}
    assert names == set(reading.SYMPTOMS)
