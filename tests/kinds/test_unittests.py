# ruff: noqa: E501 - programs and words stand here as they are
"""Problems whose tests are cases of ``unittest``."""

from collections.abc import Iterator

import pytest

from evalsite.datasets import bigcodebench
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.preflight import preflight
from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.schema import Program
from tests.grading.helpers import QUICK

RECORD = bigcodebench.BigCodeBenchRecord(
    task_id="BigCodeBench/0",
    complete_prompt='import random\n\ndef task_func(numbers):\n    """ Shuffle. """\n',
    instruct_prompt="Shuffle a list.\nYou should write self-contained code starting with:\n```\nimport random\n```",
    canonical_solution="    if not numbers:\n        raise ValueError('none')\n    random.shuffle(numbers)\n    return numbers\n",
    test="import unittest\nfrom unittest.mock import patch\n\nclass TestCases(unittest.TestCase):\n"
    "    def setUp(self):\n        self.numbers = [1, 2, 3]\n"
    "    @classmethod\n    def setUpClass(cls):\n        cls.ready = True\n"
    "    def test_items(self):\n        self.assertTrue(self.ready)\n"
    "        self.assertEqual(sorted(task_func(self.numbers)), [1, 2, 3])\n"
    "    def test_none(self):\n        with self.assertRaises(ValueError):\n            task_func([])\n"
    "    @patch('random.shuffle')\n    def test_shuffled(self, shuffle):\n        task_func(self.numbers)\n"
    "        shuffle.assert_called_once()\n"
    "    @unittest.skip('another day')\n    def test_later(self):\n        self.fail()\n"
    "    def test_parts(self):\n        for number in (1, 2):\n            with self.subTest(number):\n"
    "                self.assertEqual(task_func([number]), [number])\n",
    entry_point="task_func",
)  # fmt: skip
COMPLETE, INSTRUCT = bigcodebench.to_complete_problem(RECORD), bigcodebench.to_instruct_problem(RECORD)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        yield grader


@pytest.mark.sandbox
def test_the_reference_passes_and_stubs_fail(grader: Grader) -> None:
    """With fixtures, mocks, skipped tests and parts of tests."""
    report = preflight(grader, [COMPLETE, INSTRUCT])
    assert (report.num_problems, report.failures) == (2, ())


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("change", "verdict", "told"),
    [
        (("return numbers", "return numbers[1:]"), "wrong_answer", "Lists differ: [2, 3] != [1, 2, 3]"),
        (("raise ValueError", "raise KeyError"), "runtime_error", "none"),
        (("random.shuffle", "numbers.sort and (lambda _: 0)"), "wrong_answer", "Called 0 times"),
        (("return numbers", "return numbers if len(numbers) > 1 else 0"), "wrong_answer", "0 != [1]"),
        (("    random", "    import sys; sys.exit(0)\n    random"), "early_exit", "0"),
    ],
)
def test_the_first_failure_is_told(grader: Grader, change: tuple[str, str], verdict: str, told: str) -> None:
    """By its own words."""
    body = RECORD.canonical_solution.replace(*change)
    program = Program(problem="x", sample=0, source=RECORD.complete_prompt + body, rule="test")
    found = grader.submit(Job(program, COMPLETE)).result()
    assert (found.verdict, told in found.message) == (verdict, True), found.message


def test_both_forms_are_asked_in_their_own_way() -> None:
    """One is code to continue, the other prose."""
    assert build_prompt(COMPLETE, "completion-v1").text == RECORD.complete_prompt
    chat = build_prompt(INSTRUCT, "chat-v1").text
    assert chat.startswith("Shuffle a list.")
    assert "It must be called `task_func`." in chat
