"""What the tests of extraction share: a problem with a helper, one in prose, and how programs are run."""

from typing import Any

from evalsite.extraction import extract
from evalsite.rundir.schema import Completion, Problem, Program

PROMPT = '''import math
from typing import List

STEP = 3


def shift(n: int) -> int:
    """ Move a number on. """
    return n + STEP


def total(numbers: List[int]) -> int:
    """ Shift every number and return the root of their sum, rounded down.
    >>> total([1, 2])
    3
    """
'''
BODY = "    return math.isqrt(sum(shift(n) for n in numbers))\n"
FUNCTION = "def total(numbers: List[int]) -> int:\n" + BODY
TESTS = """
def check(candidate):
    assert candidate([1, 2]) == 3
    assert candidate([]) == 0

check(total)
"""
PROBLEM = Problem(
    task_id="Demo/1", prompt=PROMPT, kind="code", entry_point="total", tests=TESTS, reference=PROMPT + BODY
)
TEXT_PROBLEM = Problem(
    task_id="Demo/2",
    prompt="Write a function to double a number.",
    kind="text",
    entry_point="double",
    tests="assert double(2) == 4\n",
    reference="def double(x):\n    return 2 * x\n",
    shown_tests=("assert double(2) == 4",),
)


def program(text: str, form: str = "response", problem: Problem = PROBLEM, **more: Any) -> Program:
    return extract(problem, Completion(problem=problem.task_id, sample=0, text=text, form=form, **more))


def passes(found: Program, problem: Problem = PROBLEM) -> bool:
    """Execute as the sandbox does: program and tests in one namespace."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(found.source, "<program>", "exec", dont_inherit=True), namespace)
        exec(compile(problem.tests, "<tests>", "exec", dont_inherit=True), namespace)
    except (Exception, SystemExit):
        return False
    return True


def fenced(code: str, language: str = "python") -> str:
    return f"```{language}\n{code}```\n"
