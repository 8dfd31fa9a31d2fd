"""Problems whose tests are cases of ``unittest``: a function as usual, asked for as code or in prose.

As in BigCodeBench (Zhuo et al. 2024, arXiv 2406.15877), in its forms *complete* and *instruct*.
"""

from typing import ClassVar

from evalsite.kinds.completion import CodeCompletion
from evalsite.kinds.judging import Judging
from evalsite.kinds.prose import ProseTask
from evalsite.rundir.schema import Problem

_RUN = """

from evalsite.grading.inside.python_cases import run_cases

run_cases(list(globals().values()))
"""


class _ByUnittest:
    title: ClassVar[str] = "unittest"

    def judging(self, problem: Problem) -> Judging:
        """All cases that the tests define are run; the first that fails is told."""
        return Judging(problem.tests.rstrip("\n") + _RUN)


class UnittestCompletion(_ByUnittest, CodeCompletion):
    """Code to continue."""

    name: ClassVar[str] = "unittest"


class UnittestTask(_ByUnittest, ProseTask):
    """A task in prose."""

    name: ClassVar[str] = "unittest-text"
