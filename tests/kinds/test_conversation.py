"""A conversation before a question: the same for all, never of the problem itself, as long as is wanted."""

import json

import pytest
from msgspec.structs import replace

from evalsite.client.protocol import Features, request_body
from evalsite.datasets.source import load_dataset
from evalsite.errors import UsageError
from evalsite.kinds.conversation import CHARACTERS_A_TOKEN, conversation, said_before, shared_turns
from evalsite.kinds.prompts import prompt_for
from tests.edits.exercises import PROBLEMS
from tests.make import SETTINGS, make_problem


@pytest.fixture(scope="module")
def problems():
    return load_dataset("humaneval").problems


def characters(said):
    return sum(len(each["content"]) for each in said)


@pytest.mark.parametrize("tokens", [100, 4000, 16000])
def test_it_is_as_long_as_was_wanted_and_holds_nothing_of_the_problem(problems, tokens):
    """For each problem, also those that it is made of: a further turn is said in their place."""
    context = conversation(problems, tokens)
    for problem in problems:
        said = said_before(problem, context)
        assert characters(said) >= tokens * CHARACTERS_A_TOKEN
        assert characters(said) < tokens * CHARACTERS_A_TOKEN + max(
            len(t.question + t.answer) for t in context.turns
        )
        assert [each["role"] for each in said] == ["user", "assistant"] * (len(said) // 2)
        assert not any(problem.prompt.strip() in each["content"] for each in said)
    apart = [shared_turns(problem, context) for problem in problems]
    assert max(apart) >= len(said_before(problems[0], context)) // 2 - 1


def test_a_longer_one_begins_with_the_shorter(problems):
    """So that what a server has read serves the next level."""
    short, long = (conversation(problems, tokens) for tokens in (1000, 4000))
    assert long.turns[: len(short.turns)] == short.turns


def test_the_same_problem_in_another_language_is_left_out_too():
    """By the source problem that both ask."""
    problems = [
        make_problem(f"Demo/{n}", f"f{n}", prompt=f'def f{n}(x):\n    """Do {n}."""\n', cluster=f"D/{n % 3}")
        for n in range(12)
    ]
    context = conversation(problems, 100)
    said = " ".join(each["content"] for each in said_before(problems[0], context))
    assert said
    assert not any(f"def f{n}(" in said for n in (0, 3, 6, 9))


def test_texts_that_do_not_suffice_are_told_with_how_much_there_is():
    """And what can be asked for."""
    problems = [make_problem(f"Demo/{n}", f"f{n}") for n in range(6)]
    with pytest.raises(UsageError, match=r"conversation of 8,000 tokens is wanted, and .* make up some \d+"):
        conversation(problems, 8000)
    with pytest.raises(UsageError, match="make up some 0"):
        conversation([make_problem()], 100)
    assert conversation(problems, 0) is None


def test_it_is_long_enough_to_the_last_character():
    """Without the problem that it is before, whichever that is."""
    for pad in range(4):
        problems = [make_problem(f"Demo/{n}", "f", prompt=f"def f(x):  #{'-' * pad}{n}\n") for n in range(4)]
        (first, *_) = conversation(problems, 1).turns
        size = len(first.question) + len(first.answer)
        one, two = size // CHARACTERS_A_TOKEN, size // CHARACTERS_A_TOKEN + 1
        assert len(conversation(problems, one).turns) == 2
        assert len(conversation(problems, two).turns) == 3


def test_it_stands_behind_what_the_system_says_and_before_the_question(problems):
    """In the request's messages; the problem's own words stay what they were."""
    settings = replace(SETTINGS, system="Be brief.", context=conversation(problems, 500))
    prompt = prompt_for(problems[0], settings)
    bare = prompt_for(problems[0], replace(settings, context=None))
    assert prompt.text == bare.text
    body = request_body(prompt, settings, Features(), model="m", n=1, seed=None)
    plain = request_body(bare, settings, Features(), model="m", n=1, seed=None)
    said, before = json.loads(body)["messages"], json.loads(plain)["messages"]
    assert (said[0], said[-1]) == (before[0], before[-1])
    assert tuple(said[1:-1]) == said_before(problems[0], settings.context) != ()


def test_the_completions_api_has_no_conversation(problems):
    """It is refused with what to do."""
    settings = replace(
        SETTINGS, api="completions", prompt="completion-v1", context=conversation(problems, 500)
    )
    with pytest.raises(UsageError, match="by the chat API alone"):
        prompt_for(problems[0], settings)


def test_of_calls_it_is_made_of_what_users_say(shared):
    """And of what a tool is for, with no call in it; what the system says stays first."""
    calls = load_dataset("bfcl-v4", shared / "datasets/bfcl-v4-single-turn.jsonl.gz").problems
    context = conversation(calls, 2000)
    answers = {turn.answer.partition(". ")[0] for turn in context.turns}
    assert answers == {"That is settled"}
    settings = replace(SETTINGS, prompt="calls-prompt-v1", context=context)
    prompt = prompt_for(calls[0], settings)
    said = json.loads(request_body(prompt, settings, Features(), model="m", n=1, seed=None))["messages"]
    assert [each["role"] for each in said[:3]] == ["system", "user", "assistant"]
    assert said[-1] == list(prompt.messages)[-1]


def test_an_agents_exercises_are_talked_of_and_not_worked_on():
    """As files that were and would be, behind the system's words; the agent's own tools stay as they were."""
    problems = [
        replace(each, kind="agent", task_id=f"{each.task_id}-{n}")
        for n in range(3)
        for each in PROBLEMS.values()
    ]
    context = conversation(problems, 100)
    said = said_before(problems[0], context)
    assert said
    assert all(each["content"] for each in said)
    assert said[0]["content"].startswith("Change nothing and call no tool")
    settings = replace(SETTINGS, api="chat", prompt="agent-v1", context=context)
    prompt = prompt_for(problems[0], settings)
    body = json.loads(request_body(prompt, settings, Features(), model="m", n=1, seed=None))
    assert [each["role"] for each in body["messages"][:3]] == ["system", "user", "assistant"]
    assert body["messages"][-1] == prompt.messages[-1]
    assert len(body["tools"]) == 4


def test_exercises_are_talked_of_as_edits():
    """Files to be changed, and the solution's files, whole: what was asked and what came stand before."""
    problems = list(PROBLEMS.values())
    context = conversation(problems, 100)
    said = said_before(problems[0], context)
    assert all(each["content"] for each in said)
    assert "These files are to be changed" in said[0]["content"]
    assert "```" in said[1]["content"]
    settings = replace(SETTINGS, api="chat", prompt="edit-whole-v1", context=context)
    assert prompt_for(problems[0], settings).before == said
