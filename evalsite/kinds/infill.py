"""Code with a gap: what stands before it and behind it is given, and the answer is what belongs there."""

import re
from typing import ClassVar

from evalsite.kinds.base import FENCED, Found
from evalsite.kinds.judging import ByFunction
from evalsite.languages.base import Asking, Language
from evalsite.languages.reading import Reading
from evalsite.rundir.schema import AnswerForm, Problem

GAP = "<FILL_HERE>"
"""Stands for the gap where a model that is talked to is shown all of the code."""


class Infilling(ByFunction):
    """As in human-eval-infilling (Bavarian et al. 2022, arXiv 2207.14255)."""

    name: ClassVar[str] = "infill"
    title: ClassVar[str] = "infill"
    prompt_is_code: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    def to_continue(self, problem: Problem, asking: Asking) -> tuple[str, tuple[str, ...]]:
        """What stands before the gap, as it is; what stands behind it goes beside it. No stops."""
        return problem.prompt, ()

    def to_answer(self, problem: Problem, language: Language) -> str:
        """All of the code, with a mark for the gap."""
        return (
            f"A part of the following {language.title} code is missing where it says {GAP}. Work out what "
            f"belongs there, so that `{problem.entry_point}` does what it should.\n\n"
            f"```{language.name}\n{problem.prompt}{GAP}{problem.suffix}\n```\n\n"
            "Answer with the whole code, the missing part filled in"
        )

    def solved(self, problem: Problem, asked: str) -> str:
        """The reference, which is all of the code."""
        return problem.reference

    def context(self, problem: Problem) -> str:
        """What stands before the function: its imports and helpers."""
        head = re.search(rf"^.*\b{re.escape(problem.entry_point)}\b", problem.prompt, re.MULTILINE)
        return problem.prompt[: head.start()] if head else ""

    def read(self, problem: Problem, form: AnswerForm, text: str, reading: Reading) -> Found | None:
        """Of a chat answer that holds no whole function, the fenced block that fits into the gap."""
        blocks = FENCED.findall(text) if form == "response" else []
        parsed = [reading.parse(block) for block in blocks]
        if any(code is not None and code.defines(problem.entry_point) for code in parsed):
            return None
        for block in blocks:
            for part in (block, block.rstrip("\n"), block.strip("\n"), block.strip()):
                filled = self.continued(problem, part, reading)
                if reading.compiles(filled.source):
                    return Found(filled.source, f"fenced+{filled.rule}")
        return None

    def continued(self, problem: Problem, text: str, reading: Reading) -> Found:
        """The answer in the gap."""
        return Found(f"{problem.prompt}{text}{problem.suffix}", "fills-gap")
