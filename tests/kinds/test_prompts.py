"""How a problem is put to a model."""

import pytest

from evalsite.errors import UsageError
from evalsite.kinds.prompts import STYLES, build_prompt, style_for
from evalsite.rundir.schema import Problem

CODE = Problem(
    task_id="Code/1",
    prompt='import math\n\n\ndef area(r):\n    """ Area of a circle.\n    """\n',
    kind="code",
    entry_point="area",
    tests="assert area(0) == 0\n",
    reference="",
)
TEXT = Problem(
    task_id="Text/1",
    prompt="Write a function to double a number.",
    kind="text",
    entry_point="double",
    tests="assert double(2) == 4\nassert double(9) == 18\n",
    reference="",
    shown_tests=("assert double(2) == 4",),
)


def test_a_code_prompt_is_completed_as_it_is() -> None:
    """Not a byte is added or taken: trailing whitespace decides what comes next."""
    prompt = build_prompt(CODE, "completion-v1")
    assert (prompt.text, prompt.form) == (CODE.prompt, "completion")
    assert "\ndef " in prompt.stop


def test_a_task_in_prose_becomes_a_docstring_to_continue() -> None:
    """It shows the shown tests and no others, and may be answered by a def or a class."""
    prompt = build_prompt(TEXT, "completion-v1")
    assert prompt.text == '"""\nWrite a function to double a number.\nassert double(2) == 4\n"""\n'
    assert not {"\ndef ", "\nclass "} & set(prompt.stop)


def test_chat_asks_for_the_whole_function_in_one_block_and_sends_no_stops() -> None:
    """The code prompt stands in a fence of its own."""
    prompt = build_prompt(CODE, "chat-v1")
    assert f"```python\n{CODE.prompt.strip()}\n```" in prompt.text
    assert "whole function" in prompt.text
    assert "one single fenced code block" in prompt.text
    assert (prompt.form, prompt.stop) == ("response", ())


def test_chat_names_the_function_and_shows_the_tests_of_a_task_in_prose() -> None:
    """Without them the name would be anybody's guess."""
    text = build_prompt(TEXT, "chat-v1").text
    assert "`double`" in text
    assert "assert double(2) == 4" in text
    assert "assert double(9) == 18" not in text


def test_a_style_that_is_not_there_is_refused_with_those_that_are() -> None:
    """Versions are part of the name."""
    with pytest.raises(UsageError, match="chat-v0") as caught:
        build_prompt(CODE, "chat-v0")
    assert all(style in caught.value.hint for style in STYLES)
    assert [style_for("chat"), style_for("completions")] == ["chat-v1", "completion-v1"]
