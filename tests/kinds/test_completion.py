"""Code to continue: the head of a function, with what has to stand before it."""

from evalsite.kinds.prompts import build_prompt
from tests.kinds.helpers import CODE


def test_a_code_prompt_is_completed_as_it_is() -> None:
    """Not a byte is added or taken: trailing whitespace decides what comes next."""
    prompt = build_prompt(CODE, "completion-v1")
    assert (prompt.text, prompt.form) == (CODE.prompt, "completion")
    assert "\ndef " in prompt.stop


def test_chat_asks_for_the_whole_function_in_one_block_and_sends_no_stops() -> None:
    """The code prompt stands in a fence of its own."""
    prompt = build_prompt(CODE, "chat-v1")
    assert f"```python\n{CODE.prompt.strip()}\n```" in prompt.text
    assert "whole function" in prompt.text
    assert "one single fenced code block" in prompt.text
    assert (prompt.form, prompt.stop) == ("response", ())
