"""Answers as chat models write them, from the answer to the verdict: what is found runs with the tests.

``answers/NAME.md`` holds problems and answers: lines of ``## LANGUAGE FUNCTION``, ``### prompt`` and
``### tests``, and for each answer ``=== VERDICT: what it is``.
"""

import functools
import re
from pathlib import Path

import pytest

from evalsite.extraction import extract
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Completion, Problem
from tests.languages.judged import LIMITS, MARKS, lacking

pytestmark = MARKS

_ANSWER = re.compile(r"^=== (\w+): (.+)\n", re.MULTILINE)


def problems_in(path):
    """Each problem of a file, with its answers: what each is, its verdict, its text."""
    for number, part in enumerate(re.split(r"^## (?!#)", path.read_text("utf-8"), flags=re.MULTILINE)[1:]):
        head, rest = part.split("\n", 1)
        language, function = head.split()
        _, prompt, rest = re.split(r"^### (?:prompt|tests)\n", rest, flags=re.MULTILINE)
        tests, *answers = _ANSWER.split(rest)
        problem = Problem(
            task_id=f"{path.stem}/{number}",
            prompt=prompt,
            kind="code",
            entry_point=function,
            tests=tests,
            reference="",
            language=language,
        )
        yield problem, list(zip(answers[1::3], answers[::3], answers[2::3], strict=True))


PROBLEMS = {
    problem.task_id: (problem, answers)
    for path in sorted(Path(__file__).parent.glob("answers/*.md"))
    for problem, answers in problems_in(path)
}
CASES = [
    pytest.param(
        name,
        what,
        verdict,
        id=f"{problem.language}: {what}",
        marks=pytest.mark.skipif(
            bool(lacking(problem.language)),
            reason=f"needs {', '.join(lacking(problem.language))}; make test installs it",
        ),
    )
    for name, (problem, answers) in PROBLEMS.items()
    for what, verdict, _ in answers
]


@functools.cache
def judged(name):
    """What each answer to a problem is: the rule that found it, and its verdict."""
    problem, answers = PROBLEMS[name]
    programs = [
        extract(problem, Completion(problem=name, sample=number, text=text, form="response"))
        for number, (_, _, text) in enumerate(answers)
    ]
    with Grader(LocalExecutor(LIMITS, workers=2)) as grader:
        futures = [grader.submit(Job(program, problem)) for program in programs]
        return {
            what: (program, future.result())
            for (what, *_), program, future in zip(answers, programs, futures, strict=True)
        }


@pytest.mark.parametrize(("name", "what", "verdict"), CASES)
def test_an_answer_is_judged_by_what_it_does(name, what, verdict):
    """Whatever stands around it."""
    program, found = judged(name)[what]
    assert found.verdict == verdict, (program.rule, program.source, found.message)
