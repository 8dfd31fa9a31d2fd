"""Code to continue, judged by inputs and by what a reference solution makes of each."""

import functools
from typing import ClassVar

from evalsite.kinds.completion import CodeCompletion
from evalsite.kinds.judging import Judging
from evalsite.rundir.schema import Problem


class CodeByInputs(CodeCompletion):
    """As in EvalPlus (Liu et al. 2023, arXiv 2305.01210).

    A problem's tests are JSON: ``reference`` (source), ``inputs`` (part -> arguments of each call), ``atol``.
    """

    name: ClassVar[str] = "code-inputs"

    def judging(self, problem: Problem) -> Judging:
        """Each part is tried to its first failure."""
        return _judging(problem.entry_point, problem.tests)


_INPUTS_AT_LENGTH = 3
"""How many of a problem's inputs may each take all the time of a sample. EvalPlus gives each a second and all
together a minute: of 4,428 samples of real models' the slowest that it passes needs some seven seconds.
"""


@functools.lru_cache(maxsize=512)
def _judging(entry_point: str, tests: str) -> Judging:
    """A function holds them: of its own names nothing is told to a program."""
    return Judging(
        "from evalsite.grading.inside.python_plus import judge\n\n\n"
        f"def check(candidate):\n    tests = {tests!r}\n    judge(candidate, {entry_point!r}, tests)\n\n\n"
        f"check({entry_point})\n",
        cpu_factor=_INPUTS_AT_LENGTH,
        asks_reference=True,
    )
