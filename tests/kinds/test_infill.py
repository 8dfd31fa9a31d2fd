"""Code with a gap: asked with both sides, and the answer read into it."""

import pytest
from msgspec import structs

from evalsite.client.protocol import Features, request_body
from evalsite.extraction import extract
from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.schema import Completion
from tests.kinds.helpers import settings
from tests.make import make_problem

HEAD = 'import math\n\n\ndef area(r):\n    """ Area. """\n'
PROBLEM = make_problem(
    "Gap/0",
    "area",
    kind="infill",
    prompt=HEAD,
    suffix="    return squared * math.pi\n",
    reference=f"{HEAD}    squared = r * r\n    return squared * math.pi\n",
)


def program(text: str, form: str):
    return extract(PROBLEM, Completion(problem="Gap/0", sample=0, text=text, form=form))


def test_a_completion_is_asked_with_the_suffix_beside_it() -> None:
    """In a field of its own, for servers that take it; nothing ends the answer early."""
    prompt = build_prompt(PROBLEM, "completion-v1")
    assert (prompt.text, prompt.suffix, prompt.stop) == (HEAD, PROBLEM.suffix, ())
    asked = settings(api="completions", prompt="completion-v1", stream=False)
    body = request_body(prompt, asked, Features(), model="m", n=1, seed=None)
    assert b'"suffix":"    return squared * math.pi\\n"' in body
    plain = build_prompt(structs.replace(PROBLEM, kind="code", suffix=""), "completion-v1")
    assert b"suffix" not in request_body(plain, asked, Features(), model="m", n=1, seed=None)


def test_chat_shows_all_of_the_code_and_asks_for_it() -> None:
    """With a mark for the gap."""
    prompt = build_prompt(PROBLEM, "chat-v1")
    assert f"{HEAD}<FILL_HERE>{PROBLEM.suffix}\n```" in prompt.text
    assert prompt.suffix == ""


def test_an_answer_goes_into_the_gap() -> None:
    """Not a byte is added or taken."""
    found = program("    squared = r * r\n", "completion")
    assert (found.source, found.rule) == (PROBLEM.reference, "fills-gap")


def test_a_whole_function_is_a_program_with_the_imports_that_were_shown() -> None:
    """As a chat model gives it."""
    found = program("```python\ndef area(r):\n    return r * r * math.pi\n```", "response")
    assert found.source.startswith("import math\n")
    assert found.source.rstrip().endswith("return r * r * math.pi")


@pytest.mark.parametrize("fence", ["```python\n{}```", "Here it is:\n\n```\n{}```\n"])
def test_the_missing_part_alone_is_put_into_the_gap(fence: str) -> None:
    """Where a chat model gives no more, and all of it is code then."""
    found = program(fence.format("    squared = r * r\n"), "response")
    assert found.source == PROBLEM.reference
    assert found.rule == "fenced+fills-gap"
