"""What does this code give, or what has it to be given? The answer is an expression, compared as a value.

As in CRUXEval (Gu et al. 2024, arXiv 2401.03065), whose prompts show two solved examples and an assertion
with a gap, and let the answer stand between tags. The words here are our own.
"""

import re
from abc import ABC, abstractmethod
from typing import ClassVar

from msgspec.structs import replace

from evalsite.kinds.base import FENCED, Found
from evalsite.kinds.expressions import until, within
from evalsite.kinds.judging import ByRunning, Judging, RunAs
from evalsite.languages.base import Asking, Language
from evalsite.languages.reading import Reading
from evalsite.languages.running import Running
from evalsite.rundir.schema import AnswerForm, Problem

GAP = "??"
"""Stands in a problem's prompt for what the answer is."""
ANSWER = "answer"
"""What tests call the value of the answer."""
OUTPUT_PLAIN = f"""from evalsite.grading.inside.python_checks import is_plain

assert is_plain({ANSWER}), "the answer is no plain value"
"""
"""Begins the tests: an object of a class of its own could claim to equal anything."""
INPUT_PLAIN = f"""from evalsite.grading.inside.python_checks import are_plain

arguments, options = {ANSWER}
assert are_plain(arguments, options), "the answer holds what is no plain value"
"""
"""The same of arguments, among which may be functions."""

_TAGGED = re.compile(r"\[ANSWER\]\s*(.*?)\s*(?:\[/ANSWER\]|\Z)", re.DOTALL)
_ASSERTION = re.compile(r"\bassert[ \t]+")


class _Prediction(ByRunning, ABC):
    """What both directions have in common."""

    title: ClassVar[str] = "prediction"
    prompt_is_code: ClassVar[bool] = True
    task: ClassVar[str]
    gap: ClassVar[str]
    """The gap of a prompt, with what stands before it in the assertion."""
    examples: ClassVar[tuple[tuple[str, str, str], ...]]
    """Code, an assertion with a gap, and the same without one."""

    def to_continue(self, problem: Problem, asking: Asking) -> tuple[str, tuple[str, ...]]:
        """Two solved examples, and the assertion up to its gap."""
        shown = "\n".join(f"{code}{solved}\n" for code, _, solved in self.examples)
        begun = problem.prompt[: problem.prompt.rindex(self.gap)] + self.gap.removesuffix(GAP).rstrip()
        return f"{shown}\n{begun}", ("\n",)

    def to_answer(self, problem: Problem, language: Language) -> str:
        """The task, two solved examples, and the assertion with its gap."""
        shown = "".join(
            f"[PYTHON]\n{code}{gap}\n[/PYTHON]\n[ANSWER]\n{solved}\n[/ANSWER]\n\n"
            for code, gap, solved in self.examples
        )
        return f"{self.task}\n\n{shown}[PYTHON]\n{problem.prompt.rstrip()}\n[/PYTHON]\n\n"

    def closing(self, language: Language) -> str:
        """How the answer is to be wrapped."""
        return "Write the whole assertion between [ANSWER] and [/ANSWER]."

    def continued(self, problem: Problem, text: str, reading: Reading) -> Found:
        """What stands in the gap."""
        return Found(self.filled(text), "fills-gap")

    def read(self, problem: Problem, form: AnswerForm, text: str, reading: Reading) -> Found | None:
        """The last that stands between tags, else in a fence, else all; of that the last assertion's gap."""
        if form == "completion":
            return None
        if form == "solution":
            return Found(text.strip(), "solution")
        tagged = [found for found in _TAGGED.findall(text) if found.strip()]
        fenced = FENCED.findall(text)
        part, rule = (
            (tagged[-1], "tagged") if tagged else (fenced[-1], "fenced") if fenced else (text, "whole-answer")
        )
        asserted = list(_ASSERTION.finditer(part))
        source = self.asserted((part[asserted[-1].end() :] if asserted else part).strip().strip("`"))
        if not source:
            return Found("", "no-code")
        return Found(source, f"{rule}+assertion" if asserted else rule)

    def stubs(self, problem: Problem, running: Running) -> dict[str, str]:
        """One that raises, and one that is equal to nothing."""
        return {"stub": "(_ for _ in ()).throw(NotImplementedError())", "idle": "object()"}

    @abstractmethod
    def filled(self, text: str) -> str:
        """The expression that a text in the gap begins with."""

    @abstractmethod
    def asserted(self, text: str) -> str:
        """The expression that fills the gap of an assertion, or that stands there alone."""


class OutputPrediction(_Prediction):
    """What does a call return?"""

    name: ClassVar[str] = "output-prediction"
    gap = f"== {GAP}"
    examples = (
        ("def f(n):\n    return n * 2\n", "assert f(21) == ??", "assert f(21) == 42"),
        (
            "def f(words, mark):\n    return mark.join(words)\n",
            'assert f(["to", "be"], "-") == ??',
            'assert f(["to", "be"], "-") == "to-be"',
        ),
    )
    task = (
        "Below is a Python function, which may be wrong or unfinished, and an assertion about one call of "
        "it. Work out what the call returns, and complete the assertion with that value, written as a "
        "literal: no calls, no operators."
    )

    def solved(self, problem: Problem, asked: str) -> str:
        """The value behind the assertion's ``==``."""
        return f"{asked} {problem.reference}"

    def judging(self, problem: Problem) -> Judging:
        """The value is compared with what the call returns."""
        return Judging(f"{OUTPUT_PLAIN}{problem.tests}", RunAs.EXPRESSION, _code(problem))

    def proof(self, problem: Problem) -> Problem:
        """The call itself, held against the value: the tests only know what the record says of it."""
        code, wanted = _code(problem), problem.reference
        call = problem.prompt[len(code) : problem.prompt.rindex(self.gap)].removeprefix("assert ").strip()
        return replace(
            problem,
            kind=InputPrediction.name,
            prompt=f"{code}assert {InputPrediction.gap}) == {wanted}\n",
            tests=f"{code}\nassert f(*arguments, **options) == {wanted}\n",
            reference=call,
        )

    def filled(self, text: str) -> str:
        """Up to the line's end, a comment, or the message of an assertion."""
        return until(text.strip(), ("\n", "#", ","))

    def asserted(self, text: str) -> str:
        """What stands behind ``==``."""
        left = until(text, ("==", "\n"))
        behind = text[len(left) :].lstrip()
        return self.filled(behind[2:]) if behind.startswith("==") else until(text, ("\n", "#"))


class InputPrediction(_Prediction):
    """With which arguments does a call return what is given?"""

    name: ClassVar[str] = "input-prediction"
    gap = f"f({GAP}"
    examples = (
        ("def f(n):\n    return n * 2\n", "assert f(??) == 42", "assert f(21) == 42"),
        (
            "def f(words, mark):\n    return mark.join(words)\n",
            'assert f(??) == "to-be"',
            'assert f(["to", "be"], "-") == "to-be"',
        ),
    )
    task = (
        "Below is a Python function, and an assertion about one call of it whose arguments are missing. Find "
        "arguments with which the assertion holds; any that do are right."
    )

    def solved(self, problem: Problem, asked: str) -> str:
        """The arguments in the call."""
        return asked + problem.reference.removeprefix("f(")

    def judging(self, problem: Problem) -> Judging:
        """The call is made where the tests are, with the values that the program gives."""
        return Judging(f"{INPUT_PLAIN}{problem.tests}", RunAs.EXPRESSION, _code(problem))

    def filled(self, text: str) -> str:
        """Up to the end of the call."""
        return within(f"f({text.strip()}")

    def asserted(self, text: str) -> str:
        """The call that the assertion begins with."""
        return within(text)


def _code(problem: Problem) -> str:
    """The code that is asked about."""
    return problem.prompt[: problem.prompt.rindex("\nassert f(") + 1]
