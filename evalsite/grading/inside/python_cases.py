"""Tests that are data: inputs and outputs of a whole program, arguments and results of a function, and the
classes of ``unittest``.
"""

import json
import sys
import traceback
import unittest
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from evalsite.grading.inside import python_mirrors as mirrors
from evalsite.grading.inside.messages import PROGRAM
from evalsite.grading.inside.python_plus import Questions, read, returned
from evalsite.grading.inside.python_reports import call_in_short, in_short, wrong


def judge_pairs(cases: str, parts: int) -> None:
    """Run a program with each input; raise AssertionError where it prints something else than it should.

    ``cases``: a JSON list of objects with ``input`` and ``output``. Each run may use one of ``parts`` of the
    CPU time. Lines are compared without blanks at their ends, or else number by number.
    """
    side = mirrors.speaking()
    for number, (entered, wanted) in enumerate(_cases(cases)):
        printed = side.ask("script", entered, parts)
        if type(printed) is not str or not prints_alike(printed, wanted):
            told = f"{in_short(printed)}, not {in_short(wanted)}"
            given = f"with input {in_short(entered)}"
            raise wrong(f"{given} it printed {told} (case {number})", given, wanted, printed)


def judge_calls(function: Any, cases: str) -> None:
    """Call a function with the arguments of each case; raise AssertionError for a wrong result.

    ``cases``: as :func:`judge_pairs` takes them, but an input is a line of JSON for each argument, an output
    JSON. A tuple is as good as a list.
    """
    found = _cases(cases)
    given = [[json.loads(line) for line in entered.split("\n") if line.strip()] for entered, _ in found]
    for number, text, value in returned(function, Questions(given)):
        value = read(text) if text else value
        right = json.loads(found[number][1])
        value = list(value) if type(value) is tuple else value
        if value != right:
            call = call_in_short(given[number])
            told = f"with {call} it returned {in_short(value)}, not {in_short(right)}"
            raise wrong(f"{told} (case {number})", call, right, value)


def _cases(cases: str) -> list[tuple[str, str]]:
    return [(each["input"], each["output"]) for each in json.loads(cases)]


def prints_alike(printed: str, wanted: str) -> bool:
    """Whether both have the same lines, but for blanks around them and how a number is written."""
    ours, theirs = _lines(printed), _lines(wanted)
    return len(ours) == len(theirs) and all(
        one == other or ((numbers := _numbers(one)) is not None and numbers == _numbers(other))
        for one, other in zip(ours, theirs, strict=True)
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


def _numbers(line: str) -> list[Decimal] | None:
    try:
        return [Decimal(word) for word in line.split()]
    except InvalidOperation:
        return None


def run_cases(values: Iterable[Any]) -> None:
    """Run the test cases among some values; raise the first failure, once all have run."""
    _restore()
    cases = [each for each in values if isinstance(each, type) and issubclass(each, unittest.TestCase)]
    found, number = _Result(), 0
    for case in cases:
        suite = _LOADER.loadTestsFromTestCase(case)
        number += suite.countTestCases()
        suite.run(found)
    if found.first is not None:
        raise found.first
    assert found.testsRun, "no test was run"
    assert found.testsRun >= number or found.skipped, "not every test was run"


_LOADER = unittest.TestLoader()
_KINDS = (
    unittest.TestCase,
    unittest.TestSuite,
    unittest.BaseTestSuite,
    unittest.TestLoader,
    unittest.TestResult,
)
_OURS = {kind: dict(vars(kind)) for kind in _KINDS}
"""What these classes were before any program ran."""


def _restore() -> None:
    """Undo what a program that shares this process has made of ``unittest``."""
    vars(_LOADER).clear()
    for kind, before in _OURS.items():
        for name in [*vars(kind)]:
            if name not in before:
                delattr(kind, name)
            elif vars(kind)[name] is not before[name]:
                setattr(kind, name, before[name])
        for name in before.keys() - vars(kind).keys():
            setattr(kind, name, before[name])


class _Result(unittest.TestResult):
    """Keeps the first exception itself, with its frames."""

    first: BaseException | None = None

    def startTest(self, test: Any) -> None:  # noqa: N802 - unittest's name
        """Nothing that a test before this one, or the program in it, has made of ``unittest`` counts."""
        _restore()
        super().startTest(test)

    def stopTest(self, test: Any) -> None:  # noqa: N802
        """Nor how the next one is begun."""
        super().stopTest(test)
        _restore()

    def _keep(self, err: Any) -> None:
        if self.first is None:
            self.first = err[1]

    def addError(self, test: Any, err: Any) -> None:  # noqa: ARG002, N802 - unittest's name
        """An exception other than a failed assertion."""
        self._keep(err)

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: ARG002, N802
        """A failed assertion."""
        self._keep(err)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: ARG002, N802
        """A part of a test, which may have failed."""
        if err is not None:
            self._keep(err)

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
        """A test that is left out, which is for the tests to say and not for a program."""
        super().addSkip(test, reason)
        if _comes_from_program(sys.exception()):
            self._keep((None, AssertionError(f"{test} is left out by the program")))

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
        """A test that was to fail."""
        self._keep((None, AssertionError(f"{test} passed, and is expected to fail")))


def _comes_from_program(exc: BaseException | None) -> bool:
    """Whether a program that shares this process has raised it, or what it called has."""
    return exc is not None and any(
        frame.f_code.co_filename == PROGRAM for frame, _ in traceback.walk_tb(exc.__traceback__)
    )
