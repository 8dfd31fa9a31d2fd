"""Code with a fault: shown with its tests, and answered without it."""

from evalsite.extraction import extract
from evalsite.kinds import kind_of
from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.schema import Completion
from tests.make import make_problem

HEAD = "import math\n\n\ndef area(r):\n"
TESTS = "def check(area):\n    assert area(0) == 0\n\n\ncheck(area)\n"
PROBLEM = make_problem(
    "Fix/0",
    "area",
    kind="repair",
    prompt=HEAD,
    faulty="    return r * math.pi\n",
    tests=TESTS,
    shown_tests=(TESTS,),
    reference=f"{HEAD}    return r * r * math.pi\n",
)
MENDED = "    return math.pi * r**2\n"


def program(text: str, form: str):
    return extract(PROBLEM, Completion(problem="Fix/0", sample=0, text=text, form=form))


def test_a_completion_begins_where_the_function_does() -> None:
    """Behind the faulty code, its tests and what is to be done."""
    prompt = build_prompt(PROBLEM, "completion-v1")
    assert prompt.text.startswith(f"{HEAD}    return r * math.pi\n\ndef check(area):\n")
    assert "Fix bugs in area." in prompt.text
    assert prompt.text.endswith(f'"""\n{HEAD}')
    assert "\ndef " in prompt.stop
    assert program(MENDED, "completion").source == HEAD + MENDED


def test_chat_shows_code_and_tests() -> None:
    """The answer's function gets the imports that the code at fault has."""
    text = build_prompt(PROBLEM, "chat-v1").text
    assert "bug in `area` in the following Python code" in text
    assert "return r * math.pi" in text
    assert "assert area(0) == 0" in text
    assert "whole function, together with all imports" in text
    found = program(f"There:\n```python\ndef area(r):\n{MENDED}```\n", "response").source
    assert "import math" in found
    assert "r * math.pi\n" not in found


def test_an_example_shows_the_mended_code() -> None:
    """In place of the head that is to be continued."""
    shown = build_prompt(PROBLEM, "completion-v1").text
    solved = kind_of(PROBLEM).solved(PROBLEM, shown)
    assert solved.startswith(HEAD + PROBLEM.faulty.rstrip())
    assert solved.endswith(f'"""\n{PROBLEM.reference}')
