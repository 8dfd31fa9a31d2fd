"""Transcripts: each ending by its own rule, figures, what is said back, and how they are taken up again."""

import json

import pytest
from msgspec import structs

from evalsite.agents.tools import TOOLS, Folder, written
from evalsite.agents.tools import tested as told_of_tests
from evalsite.agents.transcript import Transcript
from evalsite.calls.reading import Call
from evalsite.edits.exercise import decode_files
from evalsite.rundir.calls import CallPiece
from evalsite.rundir.schema import Completion
from evalsite.rundir.steps import Step
from tests.agents.server import ENDS, RIGHT, SCRIPTS, call
from tests.calls.server import Answer
from tests.edits.exercises import PYTHON, SEVERAL


def completion(answer, turn):
    calls = tuple(
        CallPiece(index=n, name=name, arguments=given) for n, (name, given) in enumerate(answer.calls)
    )
    return Completion(
        problem="p", sample=2, text=answer.text, form="response", calls=calls, finish_reason=answer.finish,
        prompt_tokens=10 * turn, completion_tokens=5, latency_s=0.5, model="m",
    )  # fmt: skip


def go_on(transcript, script, steps):
    """Play a script to the end of a transcript, and write its steps down."""
    while transcript.ending is None:
        turn = transcript.turn
        answer = script(turn) if callable(script) else script[min(turn, len(script) - 1)]
        if answer is None:
            transcript.outgrown()
            break
        step = Step(completion(answer, turn + 1))
        steps.append(step)
        if calls := transcript.read(step.answer):
            results = done(transcript.folder, calls)
            step.results = tuple(results)
            transcript.told(calls, results)
    return transcript.completion()


def done(folder, calls):
    """What comes of calls where tests never pass."""
    return [
        told_of_tests(call, "They fail.", passed=False)
        if call.name == "run_tests"
        else folder.carry_out(call)
        for call in calls
    ]


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_ends_as_it_should_and_again_from_its_steps(script):
    """At whatever step it was cut, the transcript goes on to the same end, with the same messages."""
    steps = []
    whole = Transcript(("p", 2), PYTHON, 15)
    ended = go_on(whole, SCRIPTS[script], steps)
    meant = {
        "solved": "gave_up",
        "several": "gave_up",
        "leaked": "broken_call",
        "at_the_last": "out_of_turns",
    }
    assert ended.agent.ending == meant.get(script, script)
    for cut in range(len(steps) + 1):
        for half in (False, True):
            again = Transcript(("p", 2), PYTHON, 15)
            kept = steps[:cut]
            if half and kept and kept[-1].results is not None:
                kept = [*kept[:-1], Step(kept[-1].answer)]
            for step in kept:
                if calls := again.again(step):
                    again.told(calls, done(again.folder, calls))
            assert go_on(again, SCRIPTS[script], []) == ended
            assert again.messages == whole.messages
    assert set(ENDS) <= set(SCRIPTS)


def test_a_sample_says_what_it_took():
    """Turns, calls, tests, tokens and time of all its answers; its files are its text."""
    ended = go_on(Transcript(("p", 2), PYTHON, 15), SCRIPTS["solved"], [])
    assert (ended.agent.turns, ended.agent.calls, ended.agent.tests, ended.agent.broken) == (7, 6, 2, 0)
    assert (ended.problem, ended.sample, ended.form, ended.finish_reason) == ("p", 2, "solution", "stop")
    assert (ended.prompt_tokens, ended.completion_tokens, ended.latency_s) == (280, 35, 3.5)
    assert decode_files(ended.text) == {"add.py": RIGHT}
    assert (ended.tokens_from, ended.choices, ended.attempts, ended.model) == ("usage", 1, 1, "m")


def test_what_one_answer_does_not_tell_no_sum_does():
    """Attempts beyond the first are added up; what the last server told of itself is told."""
    transcript = Transcript(("p", 2), PYTHON, 15)
    first, last = (completion(SCRIPTS["solved"][at], turn) for at, turn in ((0, 1), (-1, 6)))
    transcript.read(structs.replace(first, completion_tokens=None, latency_s=None, attempts=3))
    transcript.read(
        structs.replace(last, attempts=2, seed=9, fingerprint="fp", received_at="then", model="n")
    )
    ended = transcript.completion()
    assert (ended.prompt_tokens, ended.completion_tokens, ended.latency_s, ended.attempts) == (
        70,
        None,
        None,
        4,
    )
    assert (ended.tokens_from, ended.seed, ended.fingerprint, ended.received_at) == (None, 9, "fp", "then")
    assert (ended.model, ended.agent.turns) == ("n", 2)


def test_what_is_said_back_has_a_result_for_each_call():
    """By ids of nine letters and digits, which every server takes, and with arguments that are JSON."""
    transcript = Transcript(("p", 2), PYTHON, 15)
    go_on(transcript, SCRIPTS["broken_call"], [])
    called = [each for each in transcript.messages if each["role"] == "assistant"]
    told = [each for each in transcript.messages if each["role"] == "tool"]
    ids = [one["id"] for each in called for one in each["tool_calls"]]
    assert ids == [each["tool_call_id"] for each in told]
    assert len(set(ids)) == len(ids) == 4
    assert all(len(one) == 9 and one.isalnum() for one in ids)
    assert [json.loads(one["function"]["arguments"]) for each in called for one in each["tool_calls"]][
        2
    ] == {}
    assert "there is no tool open_file for this folder; there are list_files" in told[1]["content"]
    assert "its arguments are no JSON" in told[2]["content"]
    assert "do not fit the tool" in told[3]["content"]


def test_two_broken_answers_are_forgiven():
    """It is three in a row that end it."""
    bad = [call("open_file", path=f"{number}") for number in range(4)]
    script = [*bad[:2], call("list_files"), *bad[2:], *SCRIPTS["solved"]]
    ended = go_on(Transcript(("p", 2), PYTHON, 30), script, [])
    assert (ended.agent.ending, ended.agent.broken, ended.agent.turns) == ("gave_up", 4, 12)


def test_the_same_call_is_no_loop_where_something_changed():
    """Tests are run again after each edit; without any, the third time is the last."""
    write, test = (lambda n: SCRIPTS["out_of_turns"](n)), SCRIPTS["solved"][3]
    edits = [each for n in range(6) for each in (write(n), test)]
    ended = go_on(Transcript(("p", 2), PYTHON, 12), edits, [])
    assert (ended.agent.ending, ended.agent.tests) == ("out_of_turns", 6)
    loop = [test, SCRIPTS["solved"][0], test, SCRIPTS["solved"][1], test, test]
    assert go_on(Transcript(("p", 2), PYTHON, 12), loop, []).agent.turns == 5
    same = [write(1)] * 9
    assert go_on(Transcript(("p", 2), PYTHON, 12), same, []).agent.turns == 4, (
        "the first one changed something"
    )


def test_a_flood_of_calls_is_bounded():
    """Of one answer; the rest is left out, and what is said back is cut."""
    flood = Answer(calls=[("list_files", "{}")] * 500)
    transcript = Transcript(("p", 2), PYTHON, 15)
    assert go_on(transcript, [flood], []).agent.calls == 32
    assert transcript.ending == "stuck"


def test_a_prompt_that_is_too_long_at_once_ends_without_an_answer():
    """The files are as they were given."""
    transcript = Transcript(("p", 2), SEVERAL, 15)
    ended = go_on(transcript, lambda _turn: None, [])
    assert (ended.agent.ending, ended.agent.turns, ended.finish_reason) == ("out_of_context", 0, None)
    assert decode_files(ended.text) == SEVERAL.solution


def test_calls_are_written_one_way():
    """So that the same call is the same text."""
    assert written(Call("f", {"b": 1, "a": "é"})) == '{"a": "é", "b": 1}'
    assert written(Call("f", {"a": "\ud800"})) == '{"a": "\\ud800"}'
    assert written(Call("f", None)) == ""
    assert len(TOOLS) == 4
    assert Folder.of(PYTHON).files == PYTHON.solution
