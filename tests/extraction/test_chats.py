"""Answers in other languages as chat models write them: what surrounds the function, and what else they add.

``chats/NAME.md`` holds answers; each begins with ``=== LANGUAGE: what it is``, then come prompt, answer
and the program that is right, as its compiler sees it, with lines of ``---`` between them.
"""

from pathlib import Path

import pytest

from evalsite.extraction import RULES, extract
from evalsite.rundir.schema import Completion, Problem
from tests.extraction.wrapped import meaning

CASES = [
    each
    for path in sorted(Path(__file__).parent.glob("chats/*.md"))
    for each in path.read_text("utf-8").split("\n=== ")[1:]
]


def case(text: str) -> tuple[Problem, str, str, str]:
    """The problem, the answer, what is right, and the form of the answer."""
    head, rest = text.split("\n", 1)
    prompt, answer, right = rest.split("\n---\n")
    language, form = head.split(":")[0].split(), "response"
    if len(language) > 1:
        form = language[1]
    problem = Problem(
        task_id="Chat/0",
        prompt=prompt,
        kind="code",
        entry_point="addUp",
        tests="",
        reference=prompt,
        language=language[0],
    )
    return problem, answer, right, form


@pytest.mark.parametrize("text", CASES, ids=lambda text: text.split("\n", 1)[0])
def test_the_function_is_found_with_what_it_needs(text: str) -> None:
    """And nothing is in the way of its tests."""
    problem, answer, right, form = case(text)
    found = extract(problem, Completion(problem="Chat/0", sample=0, text=answer, form=form))  # type: ignore[arg-type]
    assert meaning(problem, found.source) == meaning(problem, right), (found.rule, found.source)
    assert set(found.rule.split("+")) <= set(RULES)
