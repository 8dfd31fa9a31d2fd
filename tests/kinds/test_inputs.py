"""Code to continue, judged by inputs and a reference: asked as any code is."""

from msgspec import structs

from evalsite.kinds import kind_of
from evalsite.kinds.prompts import build_prompt
from tests.make import make_problem

PROBLEM = make_problem(kind="code-inputs", tests='{"reference":"","inputs":{},"atol":0}')


def test_it_is_asked_as_code_and_judged_as_a_function() -> None:
    """In the words of code to continue; what is right stands in no name that a program could have."""
    code = structs.replace(PROBLEM, kind="code")
    for style in ("completion-v1", "chat-v1"):
        assert build_prompt(PROBLEM, style) == build_prompt(code, style)
    assert kind_of(PROBLEM).title == kind_of(code).title == "function"
    names: dict[str, object] = {}
    source = kind_of(PROBLEM).judging(PROBLEM).tests
    exec(source.rpartition("\ncheck(")[0], names)
    assert set(names) - {"__builtins__"} == {"judge", "check"}


def test_all_inputs_together_may_take_longer_than_a_program_is_given() -> None:
    """EvalPlus bounds each; a right program that tries all divisors needs seven seconds for HumanEval/96."""
    assert kind_of(PROBLEM).judging(PROBLEM).cpu_factor > 2
