"""What calls are worth: every class, in the order in which they are looked for, and the symptoms beside."""

import pytest

from evalsite.calls.judging import Expected, judge_calls
from evalsite.calls.reading import read_call
from evalsite.calls.tools import Tool

WEATHER = Tool(
    name="weather.now",
    parameters={
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "maximum": 7}},
        "required": ["city"],
    },
)
CLOCK = Tool(name="clock")
TOOLS = (WEATHER, CLOCK)
ROME = Expected(calls=({"weather.now": {"city": ["Rome"], "days": [1, ""]}},))
BOTH = Expected(calls=(*ROME.calls, {"clock": {}}))
TWICE = Expected(calls=ROME.calls * 2)
NONE, SOME, ANY = (Expected(word=word) for word in ("none", "some", "any"))
AMONG = Expected(word="some", among=("clock", "watch"))
RIGHT = ("weather_now", '{"city": "Rome"}')
PARIS = ("weather_now", '{"city": "Paris"}')


@pytest.mark.parametrize(
    ("expected", "calls", "verdict"),
    [
        (ROME, [RIGHT], "passed"),
        (ROME, [("weather.now", '{"city": "rome", "days": 1}')], "passed"),
        (BOTH, [("clock", ""), RIGHT], "passed"),
        (NONE, [], "passed"),
        (SOME, [("nobody", "[")], "passed"),
        (ANY, [], "passed"),
        (ANY, [PARIS, ("clock", '{"x": 1}')], "passed"),
        (ROME, [], "no_call"),
        (SOME, [], "no_call"),
        (NONE, [RIGHT], "unwanted_call"),
        (NONE, [("nobody", "[")], "unwanted_call"),
        (ROME, [("weather", '{"city": "Rome"}')], "unknown_tool"),
        (ROME, [("", "{}")], "unknown_tool"),
        (ANY, [RIGHT, ("weather/now", "{}")], "unknown_tool"),
        (ROME, [RIGHT, ("nobody", "{}")], "unknown_tool"),
        (ROME, [("clock", "")], "wrong_tool"),
        (ROME, [RIGHT, ("clock", "")], "wrong_tool"),
        (BOTH, [RIGHT, RIGHT], "wrong_tool"),
        (BOTH, [RIGHT], "wrong_count"),
        (ROME, [RIGHT, RIGHT], "wrong_count"),
        (ROME, [("weather_now", '{"city": "Rome"')], "malformed_arguments"),
        (ANY, [("weather_now", '{"city": NaN}')], "malformed_arguments"),
        (ROME, [("weather_now", '{"town": "Rome"}')], "schema_violation"),
        (ROME, [("weather_now", '{"city": 5}')], "schema_violation"),
        (ANY, [("weather_now", '{"city": "Rome", "days": 8}')], "schema_violation"),
        (ANY, [("weather_now", "{}")], "schema_violation"),
        (ROME, [PARIS], "wrong_arguments"),
        (ROME, [("weather_now", '{"city": "Rome", "further": 1}')], "wrong_arguments"),
        (BOTH, [("clock", '{"x": 1}'), RIGHT], "wrong_arguments"),
        (AMONG, [PARIS, ("clock", "")], "passed"),
        (AMONG, [PARIS], "wrong_tool"),
        (AMONG, [], "no_call"),
    ],
)
def test_every_class_is_told(expected, calls, verdict):
    """By names on the wire and by the data set's own; a word of the data set stands for many answers."""
    judged = judge_calls([read_call(*call) for call in calls], expected, TOOLS)
    assert judged.verdict == verdict
    assert bool(judged.message) is (verdict != "passed")


@pytest.mark.parametrize(
    ("expected", "calls", "message"),
    [
        (
            NONE,
            [RIGHT, RIGHT, ("", "")],
            "called weather.now, a tool without a name, where no call was wanted",
        ),
        (ROME, [], "no call was made"),
        (AMONG, [PARIS], "called weather.now, which is no tool for this"),
        (ROME, [RIGHT, *[(each, "") for each in "abcde"]], "called a, b, c, d, e, which was not offered"),
        (ROME, [(each, "") for each in "abcdefg"], "called a, b, c, d, e and 2 more, which was not offered"),
        (ROME, [RIGHT, ("clock", "")], "called clock, and wanted was weather.now"),
        (BOTH, [RIGHT], "made 1 calls, and wanted were 2"),
        (BOTH, [RIGHT, RIGHT], "called weather.now once more than wanted, in place of clock"),
        (ROME, [("weather_now", "[")], "the arguments of weather.now are no JSON"),
        (
            ROME,
            [("weather_now", "{}")],
            "the arguments of weather.now break its schema: 'city' is a required",
        ),
        (ROME, [PARIS], "weather.now: the call 'city' is 'Paris', and accepted is ['Rome']"),
        (TWICE, [RIGHT, PARIS], "weather.now: the call 'city' is 'Paris', and accepted"),
    ],
)
def test_it_is_said_what_is_wrong(expected, calls, message):
    """With the names of at most five tools, each once."""
    judged = judge_calls([read_call(*call) for call in calls], expected, TOOLS)
    assert judged.message.startswith(message)


@pytest.mark.parametrize(
    ("calls", "symptoms", "fitting"),
    [
        ([RIGHT], (), 1),
        ([("weather_now", "{}"), ("clock", "{}")], ("empty_arguments",), 1),
        ([("weather_now", "")], ("empty_arguments",), 0),
        ([RIGHT, ("weather.now", '{ "city":"Rome" }'), PARIS], ("repeated_call",), 3),
        ([("weather_now", '"{\\"city\\": \\"Rome\\"}"')], ("stringified_arguments",), 0),
        ([("weather_now", '{"city": "Paris", "city": "Rome"}')], ("duplicate_keys",), 1),
        ([("nobody", '{"city": "Rome"}')], (), 0),
    ],
)
def test_symptoms_and_fitting_calls_are_counted_whatever_the_verdict(calls, symptoms, fitting):
    """A call fits where its tool was offered and its arguments keep to the schema."""
    judged = judge_calls([read_call(*call) for call in calls], ROME, TOOLS)
    assert (judged.symptoms, judged.num_fitting, judged.num_calls) == (symptoms, fitting, len(calls))


def test_what_the_data_set_accepts_against_its_own_schema_passes():
    """Its accepted answers are the last word; the schema tells the share of calls that fit."""
    expected = Expected(calls=({"weather.now": {"city": ["Rome"], "days": [30]}},))
    judged = judge_calls([read_call("weather_now", '{"city": "Rome", "days": 30}')], expected, TOOLS)
    assert (judged.verdict, judged.num_fitting) == ("passed", 0)


def test_calls_that_are_equal_in_python_are_told_apart():
    """True is 1 there: the one that is accepted is taken, and the other is not."""
    tool = Tool(name="f", parameters={"type": "object", "properties": {"x": {"type": "integer"}}})
    expected = Expected(calls=({"f": {"x": [1]}}, {"f": {"x": [1]}}))
    pair = [read_call("f", '{"x": true}'), read_call("f", '{"x": 1}')]
    assert judge_calls(pair, expected, [tool]).verdict == "schema_violation"
    assert judge_calls([pair[1]] * 2, expected, [tool]).verdict == "passed"
