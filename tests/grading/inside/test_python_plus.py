"""EvalPlus' way to test: both parts from one execution, and what is alike as EvalPlus has it."""

import json
from collections.abc import Iterator

import msgspec
import pytest

from evalsite.datasets.evalplus import EvalPlusRecord, to_problem
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.inside import python_plus
from evalsite.grading.inside.python_plus import Questions
from evalsite.rundir.schema import Problem, Program, Verdict
from tests.grading.helpers import QUICK

EVEN = {
    "task_id": "HumanEval/7",
    "prompt": "def even(numbers):\n",
    "entry_point": "even",
    "canonical_solution": "    return [each for each in numbers if each % 2 == 0]\n",
    "base_input": [[[1, 2]], [[]]],
    "plus_input": [[[4, 4, 3]], [[-2]]],
    "atol": 0,
}
HALF = EVEN | {
    "entry_point": "half",
    "prompt": "def half(number):\n",
    "canonical_solution": "    return number / 2\n",
    "base_input": [[1]],
    "plus_input": [[5]],
}
NOTHING = EVEN | {
    "entry_point": "odd",
    "prompt": "def odd(number):\n",
    "canonical_solution": "    return float('nan') if number else {number: {1, 2}}\n",
    "base_input": [[0]],
    "plus_input": [[1]],
}


def problem_of(record: dict[str, object], **changes: object) -> Problem:
    return to_problem(msgspec.json.decode(msgspec.json.encode(record | changes), type=EvalPlusRecord))


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(LocalExecutor(QUICK, workers=1), dedupe=False) as grader:
        yield grader


def verdict(grader: Grader, source: str, record: dict[str, object], **changes: object) -> Verdict:
    problem = problem_of(record, **changes)
    found = grader.submit(Job(Program(problem="x", sample=0, source=source, rule="test"), problem)).result()
    assert isinstance(found, Verdict)
    return found


PASSES = [
    "def even(numbers):\n    return [n for n in numbers if not n % 2]\n",
    "def even(numbers):\n    numbers[:] = [n for n in numbers if not n % 2]\n    return numbers\n",
    "kept = []\ndef even(numbers):\n    kept[:] = [n for n in numbers if not n % 2]\n    return kept\n",
    "class even(list):\n    def __new__(cls, numbers):\n        return [n for n in numbers if not n % 2]\n",
    "def even(numbers):\n    return [float(n) for n in numbers if not n % 2]\n",
]


@pytest.mark.sandbox
@pytest.mark.parametrize("source", PASSES)
def test_a_right_program_passes_both_parts(grader: Grader, source: str) -> None:
    """Whatever it does to its arguments, and though it returns one list again and again."""
    found = verdict(grader, source, EVEN)
    assert (found.verdict, found.parts) == ("passed", ("base", "plus"))


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("source", "name", "parts"),
    [
        ("def even(numbers):\n    return list(dict.fromkeys(PLAIN))\n", "wrong_answer", ("base",)),
        ("def even(numbers):\n    return PLAIN if len(numbers) != 2 else 1\n", "wrong_answer", ("plus",)),
        ("def even(numbers):\n    return None\n", "wrong_answer", ()),
        ("def even(numbers):\n    return PLAIN if numbers[0] else 1\n", "runtime_error", ("plus",)),
        ("def even(numbers):\n    if 3 in numbers:\n        raise SystemExit\n    return PLAIN\n",
         "early_exit", ("base",)),
        ("import os\ndef even(numbers):\n    return PLAIN if len(numbers) != 3 else os._exit(0)\n",
         "early_exit", ("base",)),
        ("def even(numbers):\n    while len(numbers) == 3:\n        pass\n    return PLAIN\n",
         "timeout", ("base",)),
        ("def odd(numbers):\n    return numbers\n", "runtime_error", ()),
        ("def even(numbers:\n", "syntax_error", ()),
    ],
)  # fmt: skip
def test_each_part_has_a_word_of_its_own(
    grader: Grader, source: str, name: str, parts: tuple[str, ...]
) -> None:
    """The one that fails first is the verdict's; what had passed before a program ended stays passed."""
    source = source.replace("PLAIN", "[n for n in numbers if not n % 2]")
    found = verdict(grader, source, EVEN)
    assert (found.verdict, found.parts) == (name, parts)


@pytest.mark.sandbox
def test_a_failure_tells_the_input_and_what_is_right(grader: Grader) -> None:
    """In short, with the part and the number of the input."""
    found = verdict(grader, "def even(numbers):\n    return numbers[:1]\n", EVEN)
    assert found.message == "even([1, 2]) returned [1], not [2] (base input 0)"
    assert found.failed_test == "judge(candidate, 'even', tests)"


@pytest.mark.parametrize(
    ("found", "expected", "close"),
    [
        (0.5, 0.0, True),
        (-0.5, 0.0, True),
        (0.75, 0.0, False),
        (1, 1.25, True),
        ([1.0, (2.5,)], (1.25, [2.25]), True),
        ([1.0], [1.0, 1.0], False),
        ([1.0, 9.0], [1.0, 1.0], False),
        (1.0, [1.0], False),
        ("a", "a", False),
        (float("nan"), 1.0, False),
        (float("inf"), float("inf"), True),
        (1.0, float("inf"), False),
        (1e9 + 0.5, 1e9, True),
        (0.5 + 1e-9, 0.0, False),
    ],
)
def test_numbers_are_close_within_their_tolerance(found, expected, close):
    """Its end belongs to it; so it is for all that lists hold."""
    assert python_plus._is_close(found, expected, 0.5) is close


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("record", "source", "parts"),
    [
        (HALF, "def half(n):\n    return n / 2 + 5e-7\n", ("base", "plus")),
        (HALF, "def half(n):\n    return n / 2 + 5e-6\n", ()),
        (HALF, "def half(n):\n    return n // 2\n", ()),
        (HALF | {"atol": 0.1}, "def half(n):\n    return n / 2 + 0.05\n", ("base", "plus")),
        (EVEN, "def even(numbers):\n    return tuple(n for n in numbers if not n % 2)\n", ()),
        (NOTHING, "def odd(n):\n    return {n: {2, 1}}\n", ("base",)),
        (NOTHING, "def odd(n):\n    return float('nan')\n", ()),
    ],
)
def test_what_is_alike(
    grader: Grader, record: dict[str, object], source: str, parts: tuple[str, ...]
) -> None:
    """Equal values are; floating-point numbers within a millionth, or what a problem says. NaN never is."""
    assert verdict(grader, source, record).parts == parts


@pytest.mark.sandbox
def test_a_polynomial_may_have_several_roots(grader: Grader) -> None:
    """HumanEval/32 asks for any of them."""
    record = EVEN | {
        "entry_point": "find_zero",
        "prompt": "def find_zero(xs):\n",
        "canonical_solution": "    return -1.0\n",
        "base_input": [[[-1, 0, 1]]],
        "plus_input": [[[-4, 0, 4]]],
        "atol": 0.0001,
    }
    assert verdict(grader, "def find_zero(xs):\n    return 1.00001\n", record).verdict == "passed"
    assert verdict(grader, "def find_zero(xs):\n    return 0.5\n", record).verdict == "wrong_answer"
    changing = record | {"base_input": [[[-1, 1, 5]]], "plus_input": [[[-1, 1, 5]]]}
    assert verdict(grader, CHANGING, changing).verdict == "wrong_answer"


CHANGING = """
class Changing:
    asked = 0
    def __float__(self):
        self.asked += 1
        return 1.0 if self.asked == 2 else 0.0
def find_zero(xs):
    return Changing()
"""


@pytest.mark.sandbox
def test_many_and_long_values_travel(grader: Grader) -> None:
    """In as many questions as it takes: inputs and outputs of megabytes, and integers of many digits."""
    record = EVEN | {
        "entry_point": "grow",
        "prompt": "def grow(n):\n",
        "canonical_solution": "    return 'x' * n if n < 10**7 else 10**(n // 10**4)\n",
        "base_input": [[n] for n in range(3000)] + [[2**21], [2**21], [2**22]],
        "plus_input": [[10**8]],
    }
    right = "def grow(n):\n    return 'x' * n if n < 10**7 else 10**(n // 10**4)\n"
    assert verdict(grader, right, record).verdict == "passed"
    wrong = right.replace("'x' * n", "'x' * (n if n < 2**22 else n - 1)")
    assert verdict(grader, wrong, record).parts == ("plus",)


def test_what_is_kept_of_inputs_does_not_grow_with_the_ways_to_answer() -> None:
    """A program that answers one call at a time has each input be the first of a question."""
    questions = Questions([["x" * 1000] for _ in range(2000)])
    asked = [questions.beginning(number) for number in (0, *range(1, 2000))]
    assert asked[0] == questions.beginning(0)
    assert len(json.loads(asked[0])) == len(json.loads(asked[1]))
    kept = sum(map(len, vars(questions)["_kept"].values()))
    assert kept < 3 << 20 < sum(map(len, asked))
    assert json.loads(asked[-1]) == [["x" * 1000]]
