"""Predictions: what a call returns, and what it has to be given."""

from collections.abc import Iterator

import pytest

from evalsite.datasets import cruxeval
from evalsite.extraction import extract
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.preflight import preflight
from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.schema import AnswerForm, Completion, Problem, Program
from tests.grading.helpers import QUICK

RECORD = cruxeval.CruxEvalRecord(
    id="sample_0",
    code="from collections import Counter\n\ndef f(words, most):\n"
    "    return Counter(words).most_common(most)",
    input='["a", "b", "a"], most=1',
    output='[("a", 2)]',
)
OUTPUT, INPUT = cruxeval.to_output_problem(RECORD), cruxeval.to_input_problem(RECORD)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        yield grader


def found(problem: Problem, text: str, form: AnswerForm) -> Program:
    return extract(problem, Completion(problem=problem.task_id, sample=0, text=text, form=form))


def test_completions_go_on_with_the_assertion() -> None:
    """Behind two that are solved, and up to the line's end."""
    for problem, end in ((OUTPUT, "most=1) =="), (INPUT, "assert f(")):
        prompt = build_prompt(problem, "completion-v1")
        assert prompt.text.endswith(end)
        assert prompt.text.count("assert f(") == 3
        assert RECORD.code in prompt.text
        assert (prompt.stop, prompt.form) == (("\n",), "completion")


def test_chat_shows_the_gap_and_asks_for_tags() -> None:
    """And for no fence."""
    text = build_prompt(OUTPUT, "chat-v1").text
    assert 'assert f(["a", "b", "a"], most=1) == ??\n[/PYTHON]' in text
    assert text.endswith("between [ANSWER] and [/ANSWER].")
    assert "```" not in text
    assert 'assert f(??) == [("a", 2)]\n[/PYTHON]' in build_prompt(INPUT, "chat-v1").text


@pytest.mark.parametrize(
    ("text", "source", "rule"),
    [
        ('[ANSWER]\nassert f(["a"], most=1) == [("a", 2)]\n[/ANSWER]', '[("a", 2)]', "tagged+assertion"),
        ('So it is\n[ANSWER] [("a", 2)] [/ANSWER] which is all.', '[("a", 2)]', "tagged"),
        ("[ANSWER]1[/ANSWER]\nNo, wait:\n[ANSWER]2[/ANSWER]", "2", "tagged"),
        ("[ANSWER]\nassert f(1) == 'a == b', 'why'\n", "'a == b'", "tagged+assertion"),
        ("It is\n```python\nassert f(2) == 3  # so\n```\n", "3", "fenced+assertion"),
        ("```\n{1, 2}\n```", "{1, 2}", "fenced"),
        ("42", "42", "whole-answer"),
        ("The call:\nassert f(1) == 5\n", "5", "whole-answer+assertion"),
        ("<think>[ANSWER]1[/ANSWER]</think>[ANSWER]2[/ANSWER]", "2", "tagged"),
        ("", "", "no-code"),
    ],
)
def test_the_value_is_found_in_a_chat_answer(text: str, source: str, rule: str) -> None:
    """By its tags, a fence, or the last assertion; what was thought before does not count."""
    program = found(OUTPUT, text, "response")
    assert (program.source, program.rule) == (source, rule)


@pytest.mark.parametrize(
    ("text", "form", "source"),
    [
        (' [("a", 2)]  # twice', "completion", '[("a", 2)]'),
        ('[("a", 2)]', "solution", '[("a", 2)]'),
    ],
)
def test_a_completion_and_a_solution_are_the_value(text: str, form: AnswerForm, source: str) -> None:
    """The one up to its end, the other as it is."""
    assert found(OUTPUT, text, form).source == source


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('["a", "a"], 1) == [("a", 2)]', "completion"),
        ('[ANSWER]\nassert f(["a", "a"], 1) == [("a", 2)]\n[/ANSWER]', "response"),
        ('[ANSWER]f(["a", "a"], 1)[/ANSWER]', "response"),
        ('f(["a", "a"], 1)', "solution"),
    ],
)
def test_arguments_are_found_as_a_call(text: str, form: AnswerForm) -> None:
    """Whatever is asserted of it."""
    assert found(INPUT, text, form).source == 'f(["a", "a"], 1)'


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("problem", "source", "verdict"),
    [
        (OUTPUT, '[("a", 2)]', "passed"),
        (OUTPUT, '[tuple(["a", 1 + 1])]', "passed"),
        (OUTPUT, 'list(Counter("aa").items())', "passed"),
        (OUTPUT, '[("a", 3)]', "wrong_answer"),
        (OUTPUT, 'f(["a", "b", "a"], most=1)', "wrong_answer"),
        (OUTPUT, '[("a", 2', "syntax_error"),
        (OUTPUT, "x = 1", "syntax_error"),
        (OUTPUT, "unknown", "runtime_error"),
        (OUTPUT, "9 ** 9 ** 9 ** 9", "timeout"),
        (INPUT, 'f(["a", "a"], 1)', "passed"),
        (INPUT, 'f(most=1, words="aa")', "passed"),
        (INPUT, 'f(["b"], 1)', "wrong_answer"),
        (INPUT, 'f(["a", "a"])', "runtime_error"),
        (INPUT, '["a", "a"], 1', "runtime_error"),
    ],
)
def test_values_are_compared_not_texts(grader: Grader, problem: Problem, source: str, verdict: str) -> None:
    """With names that the code imports at hand; a call of the function is no prediction of it."""
    program = Program(problem=problem.task_id, sample=0, source=source, rule="test")
    assert grader.submit(Job(program, problem)).result().verdict == verdict


@pytest.mark.sandbox
def test_references_pass_and_stubs_fail(grader: Grader) -> None:
    """In both directions; with functions and names of the code's own among the arguments."""
    record = cruxeval.CruxEvalRecord(
        id="sample_1",
        code="BASE = [3, 1]\ndef f(items, how):\n    items.extend(BASE)\n    items.sort(key=how)\n"
        "    return items",
        input="BASE[:], lambda x: -x",
        output="[3, 3, 1, 1]",
    )
    for one in (OUTPUT, INPUT, cruxeval.to_output_problem(record), cruxeval.to_input_problem(record)):
        report = preflight(grader, [one])
        assert (report.num_problems, report.failures) == (1, ())


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("arguments", "output", "right"),
    [
        ("{'x': 1}, b=3", "{'x': 3}", True),
        ("{'x': 1}, b=3", "{'x': 4}", False),
        ("{'x': 1},", "{'x': 2}", True),
    ],
)
def test_an_output_is_held_against_what_the_call_returns(
    grader: Grader, arguments: str, output: str, *, right: bool
) -> None:
    """The tests alone know what the record says: an answer that is right would fail with a wrong one."""
    code = "def f(a, b=2):\n    return {key: value * b for key, value in a.items()}\n"
    record = cruxeval.CruxEvalRecord(id="sample_2", code=code, input=arguments, output=output)
    report = preflight(grader, [cruxeval.to_output_problem(record)])
    told = [(each.problem, each.kind, each.verdict.verdict) for each in report.failures]
    assert told == ([] if right else [("sample_2", "reference", "wrong_answer")])
