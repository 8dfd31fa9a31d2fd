"""Tools beside a question for code: the same for all as far as can be, and none that has to do with it."""

import json

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from evalsite.agents.tools import TOOLS
from evalsite.calls.judging import Expected
from evalsite.calls.task import Task, to_problem
from evalsite.calls.tools import Tool
from evalsite.client.protocol import Features, request_body
from evalsite.errors import UsageError
from evalsite.extraction import extract, extract_again
from evalsite.grading.verdicts import no_code
from evalsite.kinds.offers import beside, offers, shared_offers, wants_offers
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.answers import hash_completion
from evalsite.rundir.calls import CallPiece
from evalsite.rundir.schema import Completion, Context, SecondAnswer
from tests.calls.test_distractors import STRANGERS
from tests.edits.exercises import PROBLEMS
from tests.make import SETTINGS, make_problem


def calling(name, description=""):
    """A problem that wants a call of one tool."""
    task = Task(
        messages=({"role": "user", "content": name},),
        tools=(Tool(name=name, description=description),),
        expected=Expected(calls=({name: {}},)),
    )
    return to_problem(name, task)


OTHERS = [
    *map(calling, STRANGERS),
    calling("sort_numbers", "Sorts numbers."),
    calling("read_file_of_disk"),
    calling("run_python", "Runs code."),
]
SORTING = make_problem("Demo/sort", prompt='def f(xs):\n    """Return the numbers, sorted."""\n')
PLAIN = make_problem("Demo/plain", prompt='def g(x):\n    """Return twice of it."""\n', cluster="D/1")
EXERCISE = PROBLEMS["python"]
AGENT = replace(EXERCISE, task_id="python/agent", kind="agent")
ALL = (SORTING, PLAIN, EXERCISE, AGENT)


def named(problem, context, own=()):
    return [tool["function"]["name"] for tool in beside(own, problem, context)]


@pytest.fixture(scope="module")
def context():
    return Context(tokens=0, turns=(), tools=offers(ALL, OTHERS, len(STRANGERS)))


def test_each_is_offered_as_many_and_none_that_its_words_speak_for(context):
    """Nor one that could stand in for the agent's own, nor one that helps with anything."""
    offered = {problem.task_id: named(problem, context) for problem in ALL}
    assert {name: len(tools) for name, tools in offered.items()} == dict.fromkeys(offered, len(STRANGERS))
    assert "sort_numbers" not in offered["Demo/sort"]
    assert "sort_numbers" in offered["Demo/plain"]
    assert "read_file_of_disk" not in offered["python/agent"]
    assert all("run_python" not in tools for tools in offered.values())


def test_a_smaller_level_begins_a_larger_one(context):
    """And what a problem shares with all is counted from the first tool on."""
    small = Context(tokens=0, turns=(), tools=offers(ALL, OTHERS, 4))
    for problem in ALL:
        assert named(problem, context)[:4] == named(problem, small)
    first = next(i for i, offer in enumerate(context.tools) if "Demo/sort" in offer.rivals)
    assert shared_offers(SORTING, context) == first


def test_an_agents_own_tools_stand_among_them(context):
    """At the same places in every problem; without a level they are what they were."""
    own = [{"type": "function", "function": {"name": tool.name}} for tool in TOOLS]
    found = named(AGENT, context, own)
    assert {tool.name for tool in TOOLS} < set(found)
    assert len(found) == len(STRANGERS) + len(TOOLS)
    places = [found.index(tool.name) for tool in TOOLS]
    other = replace(AGENT, task_id="python/other")
    both = Context(tokens=0, turns=(), tools=offers((AGENT, other), OTHERS, len(STRANGERS)))
    assert [named(other, both, own).index(tool.name) for tool in TOOLS] == places
    bare = Context(tokens=0, turns=())
    assert beside(own, AGENT, bare) == tuple(own)


def test_they_are_sent_by_the_chat_api_alone_beside_the_same_words(context):
    """Functions, edits and agents alike."""
    settings = replace(SETTINGS, api="chat", prompt="chat-v1", context=context)
    for problem, style in ((PLAIN, "chat-v1"), (EXERCISE, "edit-whole-v1"), (AGENT, "agent-v1")):
        asked = replace(settings, prompt=style)
        prompt, bare = (prompt_for(problem, one) for one in (asked, replace(asked, context=None)))
        assert prompt.text == bare.text
        body = json.loads(request_body(prompt, asked, Features(), model="m", n=1, seed=None))
        assert len(body["tools"]) == len(STRANGERS) + (len(TOOLS) if problem is AGENT else 0)
        assert body["tool_choice"] == "auto"
    with pytest.raises(UsageError, match="by the chat API alone"):
        prompt_for(PLAIN, replace(settings, api="completions", prompt="completion-v1"))


def test_too_few_are_told_with_how_many_there_are():
    """And problems that have tools of their own need none."""
    with pytest.raises(UsageError, match=r"Demo/sort: 99 distractors are wanted, and only \d+ tools"):
        offers(ALL, OTHERS, 99)
    assert wants_offers(ALL)
    assert not wants_offers(OTHERS)


def test_a_second_answer_that_calls_is_kept_with_its_calls():
    """And is another one than the same words without."""
    problem = replace(EXERCISE, edit_format="whole")
    pieces = (CallPiece(index=0, name="brew_beer", arguments="{}"),)
    second = SecondAnswer(problem=problem.task_id, sample=0, said="No.", text="", calls=pieces)
    first = Completion(problem=problem.task_id, sample=0, text="Hm.", form="response", again=second)
    program = extract_again(problem, first, extract(problem, first))
    assert program.rule == "unwanted-call"
    plain = replace(first, again=replace(second, calls=UNSET))
    assert extract_again(problem, plain, extract(problem, plain)).rule == "no-edit"
    assert hash_completion(first) != hash_completion(plain)


@pytest.mark.parametrize(
    ("problem", "text", "rule"),
    [
        (PLAIN, "", "unwanted-call"),
        (PLAIN, "Let me look that up.", "unwanted-call"),
        (replace(EXERCISE, edit_format="whole"), "I use a tool.", "unwanted-call"),
        (PLAIN, "```python\ndef g(x):\n    return 2 * x\n```", "fenced"),
    ],
)
def test_who_calls_in_place_of_writing_code_is_told_apart(problem, text, rule):
    """Who writes code, too, is judged by it."""
    pieces = (CallPiece(index=0, name="brew_beer", arguments="{}"),)
    answer = Completion(problem=problem.task_id, sample=0, text=text, form="response", calls=pieces)
    program = extract(problem, answer)
    assert program.rule == rule
    if rule == "unwanted-call":
        verdict = no_code(program, problem)
        assert verdict.verdict == "unwanted_call"
        assert verdict.message == "the answer calls brew_beer, and holds no code"
