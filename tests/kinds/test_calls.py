"""Problems that want calls: asked with tools or with words, read from calls or from text, judged unrun."""

import json

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from evalsite.calls.judging import Expected
from evalsite.calls.task import Task, task_of, to_problem
from evalsite.calls.tools import Tool
from evalsite.client.protocol import Features, request_body
from evalsite.errors import RunFormatError, SandboxError, UsageError
from evalsite.extraction import extract
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.base import Task as ToRun
from evalsite.kinds import kind_of
from evalsite.kinds.prompts import STYLES, build_prompt, prompt_for, style_for
from evalsite.rundir.calls import CallPiece
from evalsite.rundir.schema import Completion, Limits, Settings
from tests.kinds.helpers import AREA

MESSAGES = ({"role": "system", "content": "Be brief."}, {"role": "user", "content": "Weather in Rome?"})
WEATHER = Tool(
    name="weather.now",
    parameters={"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
EXPECTED = Expected(calls=({"weather.now": {"city": ["Rome"]}},))
PROBLEM = to_problem(
    "calls/0",
    Task(messages=MESSAGES, tools=(WEATHER,), expected=EXPECTED),
    "mine",
)
SETTINGS = Settings(api="chat", prompt="tools-v1", temperature=0.0, top_p=1.0, max_tokens=64)
CALL = '<tool_call>{"name": "weather_now", "arguments": {"city": "Rome"}}</tool_call>'
CUT = (CallPiece(index=0, name="weather_now", arguments='{"city'),)
RIGHT = (CallPiece(index=0, name="weather_now", arguments='{"city": "Rome"}'),)


def asked(style):
    return replace(PROBLEM, asked=build_prompt(PROBLEM, style).text)


def judged(text="", calls=UNSET, finish="stop", style="tools-v1"):
    problem = asked(style)
    completion = Completion(
        problem="calls/0", sample=0, text=text, form="response", calls=calls, finish_reason=finish
    )
    program = extract(problem, completion)
    return kind_of(problem).judge(problem, program)


def body(problem, settings=SETTINGS):
    prompt = prompt_for(problem, settings)
    return json.loads(request_body(prompt, settings, Features(), model="m", n=1, seed=None))


def test_tools_go_by_the_field_of_the_api():
    """Messages as they are, names as servers take them; whether a call has to be made is an option."""
    sent = body(PROBLEM)
    assert sent["messages"] == list(MESSAGES)
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["weather_now"]
    assert sent["tool_choice"] == "auto"
    assert body(PROBLEM, replace(SETTINGS, tool_choice="required"))["tool_choice"] == "required"
    assert body(PROBLEM, replace(SETTINGS, system="Now!"))["messages"][0]["content"] == "Now!"


def test_a_problem_without_tools_sends_none():
    """Servers refuse an empty list."""
    task = replace(task_of(PROBLEM), tools=(), expected=Expected(word="none"))
    sent = body(to_problem("calls/1", task))
    assert "tools" not in sent
    assert "tool_choice" not in sent


def test_where_a_server_takes_no_tools_they_stand_in_the_prompt():
    """Behind the conversation's own system message."""
    sent = body(PROBLEM, replace(SETTINGS, prompt="calls-prompt-v1"))
    system, user = sent["messages"]
    assert "tools" not in sent
    assert system["content"].startswith("Be brief.\n\nYou can call tools.")
    assert '"weather_now"' in system["content"]
    assert '<tool_call>{"name": ' in system["content"]
    assert user == MESSAGES[1]


def test_styles_for_code_and_styles_for_calls_are_told_apart():
    """The usual one is taken from the problem's kind."""
    assert style_for("chat", PROBLEM) == "tools-v1"
    for style in STYLES:
        problem = AREA if style in ("tools-v1", "calls-prompt-v1") else PROBLEM
        with pytest.raises(UsageError, match="asks for"):
            build_prompt(problem, style)
    with pytest.raises(UsageError, match="own words"):
        prompt_for(PROBLEM, replace(SETTINGS, prefill="{"))


@pytest.mark.parametrize(
    ("answer", "verdict", "rule", "made"),
    [
        ({"calls": RIGHT, "finish": "tool_calls"}, "passed", "calls", 1),
        ({"calls": RIGHT, "text": CALL}, "passed", "calls", 1),
        ({"text": "It is sunny."}, "no_call", "no-calls", 0),
        ({"text": CALL}, "leaked_call", "leaked-calls", 0),
        ({"text": CALL, "style": "calls-prompt-v1"}, "passed", "written-calls", 1),
        ({"text": f"<think>Maybe {CALL}</think>It is sunny."}, "no_call", "no-calls", 0),
        ({"text": f"<think>Hm.</think>{CALL}"}, "leaked_call", "leaked-calls", 0),
        ({"text": f"<think>Maybe {CALL}"}, "no_call", "no-calls", 0),
        ({"text": "It is", "finish": "length"}, "truncated", "no-calls", 0),
        ({"calls": RIGHT, "finish": "length"}, "passed", "calls", 1),
        ({"calls": CUT, "finish": "length"}, "truncated", "calls", 1),
        ({"calls": CUT}, "malformed_arguments", "calls", 1),
    ],
)
def test_answers_are_read_and_judged(answer, verdict, rule, made):
    """Calls that were reported count alone; those that are only thought of do not."""
    found = judged(**answer)
    assert (found.verdict, found.rule, found.calls.made) == (verdict, rule, made)
    assert found.tests_sha256
    assert found.completion_sha256


@pytest.mark.parametrize(
    ("text", "parsed", "family", "symptoms"),
    [
        (CALL, "passed", "hermes", ()),
        (CALL.replace("Rome", "Paris"), "wrong_arguments", "hermes", ()),
        (CALL.replace("weather_now", "weather"), "unknown_tool", "hermes", ()),
        (CALL.replace('{"city": "Rome"}', "{}"), "schema_violation", "hermes", ("empty_arguments",)),
        (CALL + CALL, "wrong_count", "hermes", ("repeated_call",)),
        ("[weather_now(city='Rome')]", "passed", "pythonic", ()),
    ],
)
def test_a_leaked_call_is_judged_as_if_it_had_been_recognised(text, parsed, family, symptoms):
    """The verdict names the server's part, and what a working parser would make of it."""
    found = judged(text)
    assert (found.verdict, found.calls.made) == ("leaked_call", 0)
    assert (found.calls.parsed, found.calls.family, found.calls.symptoms) == (parsed, family, symptoms)
    assert family in found.message


@pytest.mark.parametrize(
    "arguments",
    [
        '{"city": "' + "x" * 2_000_000 + '"}',
        '{"city": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"city": NaN}',
        '{"city": 1e999}',
        '{"city": ' + "9" * 4000 + "}",
        '{"city": "\\ud800"}',
        '{"city": "\\u0000"}',
        "{" * 100_000,
        "\u202e",
    ],
)
def test_hostile_arguments_are_judged_and_can_be_written_down(arguments):
    """Too long, too deep, no numbers, halves of characters: none passes, and every row is UTF-8."""
    found = judged(calls=(CallPiece(index=0, name="weather_now", arguments=arguments),))
    assert found.verdict in ("malformed_arguments", "schema_violation", "wrong_arguments")
    assert len(found.program.encode()) < 3_000_000
    found.message.encode()


def test_problems_that_were_changed_by_hand_are_refused_by_name():
    """Where their tests are no longer what the kind reads."""
    with pytest.raises(RunFormatError, match="calls/0"):
        task_of(replace(PROBLEM, tests="assert True"))


class Broken:
    """An executor that cannot be entered, as on a machine without a sandbox."""

    limits = Limits()

    def __enter__(self):
        raise SandboxError("no sandbox here")

    def __exit__(self, *_exc):
        raise AssertionError


def test_answers_are_graded_where_no_sandbox_is():
    """Nothing is run, so none is started; programs among the problems want one."""
    problem = asked("tools-v1")
    completion = Completion(problem="calls/0", sample=0, text="", form="response", calls=RIGHT)
    grader = Grader(Broken())
    grader.expect([problem])
    with grader:
        (found,) = grader.grade([Job(extract(problem, completion), problem)])
        with pytest.raises(RuntimeError, match="where none was expected"):
            grader._executor.submit(ToRun(source="x", tests="", cpu_s=1.0, memory_mib=64))
    assert found.verdict == "passed"
    mixed = Grader(Broken())
    mixed.expect([problem, AREA])
    with pytest.raises(SandboxError), mixed:
        pass
