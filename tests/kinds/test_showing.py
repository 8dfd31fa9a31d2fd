"""Problems as people are shown them: no JSON in one line, files by their names, messages by their roles."""

import pytest
from msgspec.structs import replace

from evalsite.calls.judging import Expected
from evalsite.calls.task import Task, to_problem
from evalsite.calls.tools import Tool
from evalsite.kinds.editing import readable
from evalsite.kinds.prompts import build_prompt
from evalsite.kinds.showing import shown_asked, shown_reference, shown_tests, shown_words
from evalsite.rundir.agents import AgentEnd
from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass
from tests.edits.exercises import PROBLEMS
from tests.make import make_problem

AGENT = replace(PROBLEMS["python"], kind="agent")
CALL = to_problem(
    "rain",
    Task(
        messages=(
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Rain?\nIn Rome?"},
            {"role": "assistant", "content": None, "tool_calls": []},
        ),
        tools=(Tool(name="forecast"),),
        expected=Expected(calls=({"forecast": {"city": ["Rome"]}},)),
    ),
)


def test_a_conversation_is_read_message_by_message():
    """Words as they are; what is more than words stands in JSON, line by line."""
    assert shown_words(CALL).startswith("system: Be brief.\n\nuser: Rain?\nIn Rome?\n\nassistant: {\n")
    assert shown_words(make_problem(prompt="Do it.")) == "Do it."


@pytest.mark.parametrize(("problem", "style"), [(CALL, "tools-v1"), (AGENT, "agent-v1")])
def test_what_was_sent_is_read_line_by_line(problem, style):
    """Where it was JSON; what cannot be read as such stands as it is."""
    asked = replace(problem, asked=build_prompt(problem, style).text)
    assert shown_asked(asked).startswith('{\n  "tools": [\n')
    assert shown_asked(replace(problem, asked='{"tools')) == '{"tools'
    assert shown_asked(problem) == ""
    plain = make_problem(asked='{"a":1}')
    assert shown_asked(plain) == plain.asked


def test_what_is_expected_of_calls_is_read_line_by_line():
    """Tools and accepted values."""
    assert '"city": [\n' in shown_tests(CALL)


def test_an_agents_files_are_read_as_those_of_edits():
    """Tests, reference, and what it made of the files."""
    assert shown_tests(AGENT) == shown_tests(PROBLEMS["python"])
    assert shown_reference(AGENT) == "def add(a, b):\n    return a + b\n"
    end = AgentEnd(ending=VerdictClass.GAVE_UP, turns=1, calls=0, broken=0, tests=0)
    verdict = Verdict(
        problem="p", sample=0, verdict="gave_up", rule="solution", program=AGENT.reference, agent=end
    )
    assert readable(verdict, "#").program == shown_reference(AGENT)
