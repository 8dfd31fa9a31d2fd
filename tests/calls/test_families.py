"""Calls that stand in a text are found in every family's syntax, and prose is left alone."""

import pytest

from evalsite.calls.families import FAMILIES, find_calls
from evalsite.calls.tools import Tool

SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "exact": {"type": "boolean"},
    },
}
TOOLS = [Tool(name="weather.now", parameters=SCHEMA), Tool(name="clock")]
ROME = [("weather_now", {"city": "Rome", "days": 2})]
BOTH = [*ROME, ("clock", {})]
JSON = '{"name": "weather_now", "arguments": {"city": "Rome", "days": 2}}'
CLOCK = '{"name": "clock", "arguments": {}}'
ARGUMENTS = '{"city": "Rome", "days": 2}'

WRITTEN = {
    "hermes": (f"I'll look.\n<tool_call>\n{JSON}\n</tool_call>\n<tool_call>\n{CLOCK}\n</tool_call>", BOTH),
    "hermes, not closed": (f"<tool_call>\n{JSON}", ROME),
    "hermes, closed by another that opens": (f"<tool_call>{JSON}<tool_call>{CLOCK}", BOTH),
    "hermes, arguments as text": (
        '<tool_call>{"name": "clock", "arguments": "{\\"x\\": 1}"}</tool_call>',
        [("clock", {"x": 1})],
    ),
    "hermes, a list": (f"<tool_call>[{JSON}, {CLOCK}]</tool_call>", BOTH),
    "hermes, OpenAI's form": (
        '<tool_call>{"type": "function", "function": ' + JSON + "}</tool_call>",
        ROME,
    ),
    "qwen3-coder": (
        (
            "<tool_call>\n<function=weather_now>\n<parameter=city>\nRome\n</parameter>\n<parameter=days>\n2\n"
            "</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=clock>\n</function>\n</tool_call>"
        ),
        BOTH,
    ),
    "qwen3-coder, values of each type": (
        (
            '<function=weather.now><parameter=city>7</parameter><parameter=tags>\n["a", "b"]\n</parameter>'
            "<parameter=exact>True</parameter><parameter=days>two</parameter></function>"
        ),
        [("weather.now", {"city": "7", "tags": ["a", "b"], "exact": True, "days": "two"})],
    ),
    "qwen3-coder, lines in a value": (
        "<function=weather_now>\n<parameter=city>\nRome\n\nItaly\n</parameter>\n</function>",
        [("weather_now", {"city": "Rome\n\nItaly"})],
    ),
    "qwen3-coder, Llama 3.1's": (f"<function=weather_now>{ARGUMENTS}</function>", ROME),
    "invoke": (
        (
            '<minimax:tool_call>\n<invoke name="weather_now">\n<parameter name="city">Rome</parameter>\n'
            '<parameter name="days">2</parameter>\n</invoke>\n</minimax:tool_call>'
        ),
        ROME,
    ),
    "invoke, DeepSeek V3.2's": (
        (
            '<｜DSML｜function_calls><｜DSML｜invoke name="weather_now">'
            '<｜DSML｜parameter name="city" string="true">Rome</｜DSML｜parameter>'
            '<｜DSML｜parameter name="days" string="false">2</｜DSML｜parameter>'
            "</｜DSML｜invoke></｜DSML｜function_calls>"
        ),
        ROME,
    ),
    "glm": (
        (
            "<tool_call>weather_now\n<arg_key>city</arg_key>\n<arg_value>Rome</arg_value>\n<arg_key>days</arg_key>\n"
            "<arg_value>2</arg_value>\n</tool_call><tool_call>clock\n</tool_call>"
        ),
        BOTH,
    ),
    "mistral": (f"[TOOL_CALLS][{JSON}, {CLOCK}]", BOTH),
    "mistral, since version 11": (
        f"[TOOL_CALLS]weather_now[ARGS]{ARGUMENTS}[TOOL_CALLS]clock[ARGS]{{}}",
        BOTH,
    ),
    "mistral, with ids": (f"[TOOL_CALLS]weather_now[CALL_ID]abc123xyz[ARGS]{ARGUMENTS}", ROME),
    "llama": (f'<|python_tag|>{{"name": "weather_now", "parameters": {ARGUMENTS}}}; {CLOCK}<|eom_id|>', BOTH),
    "llama, pythonic": ('<|python_start|>[weather_now(city="Rome", days=2), clock()]<|python_end|>', BOTH),
    "kimi": (
        (
            f"<|tool_calls_section_begin|><|tool_call_begin|>functions.weather_now:0<|tool_call_argument_begin|>"
            f"{ARGUMENTS}<|tool_call_end|><|tool_call_begin|>functions.clock:1<|tool_call_argument_begin|>{{}}"
            "<|tool_call_end|><|tool_calls_section_end|>"
        ),
        BOTH,
    ),
    "deepseek": (
        (
            f"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>weather_now\n```json\n{ARGUMENTS}\n```"
            "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
        ),
        ROME,
    ),
    "deepseek, V3.1": (
        (
            f"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather_now<｜tool▁sep｜>{ARGUMENTS}<｜tool▁call▁end｜>"
            "<｜tool▁call▁begin｜>clock<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
        ),
        BOTH,
    ),
    "harmony": (
        f"<|channel|>commentary to=functions.weather_now <|constrain|>json<|message|>{ARGUMENTS}<|call|>",
        ROME,
    ),
    "harmony, to the speaker": (
        f"<|start|>assistant to=functions.weather_now<|channel|>commentary json<|message|>{ARGUMENTS}",
        ROME,
    ),
    "harmony, without its tokens": (f"commentary to=functions.weather_now json{ARGUMENTS}", ROME),
    "granite": (f"<tool_calls>[{JSON}, {CLOCK}]</tool_calls>", BOTH),
    "phi": (f"functools[{JSON}]", ROME),
    "lfm2": ('<|tool_call_start|>[weather_now(city="Rome", days=2)]<|tool_call_end|>', ROME),
    "internlm": (f"<|action_start|><|plugin|>\n{JSON}<|action_end|>", ROME),
    "command": (
        (
            f'<|START_ACTION|>[{{"tool_call_id": "0", "tool_name": "weather_now", '
            f'"parameters": {ARGUMENTS}}}]<|END_ACTION|>'
        ),
        ROME,
    ),
    "functiongemma": (
        "<start_function_call>call:weather_now{city:<escape>Rome<escape>,days:2}<end_function_call>",
        ROME,
    ),
    "fenced": (f"Here is the call:\n```json\n{JSON}\n```\nDone.", ROME),
    "fenced, Gemma's": ('```tool_code\nweather_now(city="Rome", days=2)\n```', ROME),
    "json": (f'{{"name": "weather_now", "parameters": {ARGUMENTS}}}', ROME),
    "json, in prose": (f"Sure: {JSON} will tell.", ROME),
    "json, OpenAI's form": (f'{{"tool_calls": [{{"type": "function", "function": {JSON}}}]}}', ROME),
    "pythonic": ('[weather_now(city="Rome", days=2), clock()]', BOTH),
    "pythonic, one call": ("weather.now(city='Rome', days=2)", [("weather.now", ROME[0][1])]),
}
"""Family, and how the text differs from its usual one -> the text, and the calls in it."""


@pytest.mark.parametrize("title", WRITTEN)
def test_every_family_is_read(title):
    """By its name in the table of families."""
    text, calls = WRITTEN[title]
    leak = find_calls(text, TOOLS)
    assert leak is not None
    assert leak.family == title.split(",")[0]
    assert [(call.name, call.arguments) for call in leak.calls] == calls


def test_no_family_goes_untested():
    """Neither those with marks nor those without."""
    unmarked = ("fenced", "json", "pythonic")
    assert {title.split(",")[0] for title in WRITTEN} == {*(each.name for each in FAMILIES), *unmarked}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It is sunny in Rome.",
        "Call it between <tool_call> and </tool_call> tags.",
        "The tag <tool_call> opens it, as [TOOL_CALLS] does.",
        "from functools import partial",
        "I would use weather_now(city='Rome') for that.",
        '{"name": "Rome", "population": 3}',
        '{"name": "weather_now"}',
        '{"name": "someone_else", "arguments": {"x": 1}}',
        '```json\n{"city": "Rome"}\n```',
        "```python\nprint(len('x'))\n```",
        "print(x=1)",
        "[1, 2, 3]",
        "to=functions.weather_now is how one calls it",
        "<function=weather_now",
        "clock",
    ],
)
def test_prose_and_data_are_no_calls(text):
    """What nothing marks has to be a call of a tool that was offered, with its arguments."""
    assert find_calls(text, TOOLS) is None


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ('<tool_call>{"name": "clock", "arguments": {"x": 1}</tool_call>', "clock", "no JSON"),
        ('<tool_call>{"name": "clock", "arguments": {}}}</tool_call>', "clock", "no JSON: } closes nothing"),
        ("<tool_call>{'name': 'clock'}</tool_call>", "", "no JSON"),
        ("[TOOL_CALLS]clock{x: 1}", "clock", "no JSON"),
        ("clock(1)", "clock", "without names"),
        ('<tool_call>{"name": "clock", "arguments": [1]}</tool_call>', "clock", "an array"),
    ],
)
def test_what_is_marked_and_broken_is_a_call_that_cannot_be_read(text, name, why):
    """Its mistake is the model's, whatever the server does."""
    call = find_calls(text, TOOLS).calls[-1]
    assert (call.name, call.arguments) == (name, None)
    assert call.why.startswith(why)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-1.5e3", -1500.0),
        ("1_000", 1000),
        ("'it\\'s'", "it's"),
        ('"\\u00e9\\n\\x41"', "é\nA"),
        ("r'a\\n'", "a\\n"),
        ("'''a\n'b' '''", "a\n'b' "),
        ("(1, 'a', [None, true])", [1, "a", [None, True]]),
        ("{'a': {1: False}, }", {"a": {"1": False}}),
        ("'ö\\\\'", "ö\\"),
        ("Rome", "Rome"),
    ],
)
def test_values_in_python_are_read_as_python_reads_them(text, value):
    """A variable's name is a string, as it is to the published checker; nothing is evaluated."""
    (call,) = find_calls(f"clock(x={text})", TOOLS).calls
    assert call.arguments == {"x": value}


@pytest.mark.parametrize(
    "text",
    [
        "f(x=1",
        "[clock()",
        "clock() or 1",
        "clock(x=1 y=2)",
        "clock(x=" + "[" * 100 + "]" * 100 + ")",
        "clock(x=9" + "9" * 5000 + ")",
        "clock(x=g(1))",
        "[]",
        "clock(x=])",
    ],
)
def test_other_python_is_no_call(text):
    """Neither what is cut off nor what would have to be evaluated."""
    assert find_calls(text, TOOLS) is None


@pytest.mark.parametrize("number", [1000, 1001])
@pytest.mark.parametrize(
    "one", ['<tool_call>{"name": "clock", "arguments": {}}</tool_call>\n', "```tool_code\nclock()\n```\n"]
)
def test_a_flood_of_calls_is_cut(one, number):
    """Whichever family they are of."""
    assert len(find_calls(one * number, TOOLS).calls) == 1000
