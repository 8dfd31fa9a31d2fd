"""Completions -> jobs: the program of each answer, ready for the grader, and what the answer's text tells."""

from functools import lru_cache
from typing import Any

from msgspec import structs

from evalsite.extraction import extract, extract_again
from evalsite.grading.engine import Job
from evalsite.rundir.schema import Completion, Problem, Program
from evalsite.symptoms import find_symptoms

_REMEMBERED = 1024
"""Programs that later answers can repeat: enough to meet those of a file that goes through all problems, and
then again.
"""
_MOST_CHARS = 8192
"""Of an answer and its prompt, for its program to be remembered, so that memory stays flat."""
_BESIDE_THE_ANSWER: dict[str, Any] = {
    **dict.fromkeys(("prompt_tokens", "completion_tokens", "tokens_from", "choices", "seed")),
    **dict.fromkeys(("latency_s", "first_token_s")),
    "sample": 0,
    "attempts": 1,
    "model": "",
    "fingerprint": "",
}
"""What is known of a completion and says nothing of its program."""


def program_job(problems: dict[str, Problem], completion: Completion) -> Job:
    """Extract the program of one completion, ready for the grader, and tell the answer's symptoms.

    Models repeat themselves, and extraction is pure: what was found in a short answer is remembered.
    """
    problem = problems[completion.problem]
    if _is_short(problem, completion):
        found = _remembered(problem, _answer_alone(completion))
        first = structs.replace(found, sample=completion.sample)
    else:
        first = _program(problem, completion)
    return Job(first, problem, extract_again(problem, completion, first))


def _program(problem: Problem, completion: Completion) -> Program:
    found = extract(problem, completion)
    return structs.replace(found, symptoms=find_symptoms(problem, completion, found))


_remembered = lru_cache(maxsize=_REMEMBERED)(_program)


def _is_short(problem: Problem, completion: Completion) -> bool:
    """Whether an answer is a text alone, and no long one."""
    if completion.calls or completion.agent or completion.again:
        return False
    return len(problem.prompt) + len(completion.text) + len(completion.reasoning) <= _MOST_CHARS


def _answer_alone(completion: Completion) -> Completion:
    """The completion without what differs between those that say the same."""
    received = "at some time" if completion.received_at else ""  # a server's answer is read as one
    return structs.replace(completion, received_at=received, **_BESIDE_THE_ANSWER)
