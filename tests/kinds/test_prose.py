"""A task in prose, with tests that the model gets to see."""

from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.schema import Problem

TEXT = Problem(
    task_id="Text/1",
    prompt="Write a function to double a number.",
    kind="text",
    entry_point="double",
    tests="assert double(2) == 4\nassert double(9) == 18\n",
    reference="",
    shown_tests=("assert double(2) == 4",),
)


def test_a_task_in_prose_becomes_a_docstring_to_continue() -> None:
    """It shows the shown tests and no others, and may be answered by a def or a class."""
    prompt = build_prompt(TEXT, "completion-v1")
    assert prompt.text == '"""\nWrite a function to double a number.\nassert double(2) == 4\n"""\n'
    assert not {"\ndef ", "\nclass "} & set(prompt.stop)


def test_chat_names_the_function_and_shows_the_tests_of_a_task_in_prose() -> None:
    """Without them the name would be anybody's guess."""
    text = build_prompt(TEXT, "chat-v1").text
    assert "`double`" in text
    assert "assert double(2) == 4" in text
    assert "assert double(9) == 18" not in text
