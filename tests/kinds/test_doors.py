"""A kind of problem is added in one place: a toy that is registered is asked, and its answer read back."""

import msgspec
import pytest

from evalsite.extraction import extract
from evalsite.kinds import KINDS
from evalsite.kinds.base import Found
from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.schema import Completion, Problem
from tests.kinds.helpers import PROBLEM


class Gap:
    """Code with a gap; the answer is what stands in it."""

    name = "toy"
    prompt_is_code = True

    def to_continue(self, problem, asking):
        return f"{problem.prompt}    return <gap>\n", ("\n",)

    def to_answer(self, problem, language):
        return f"Fill the gap of this {language.title}: {problem.prompt}    return <gap>"

    def context(self, problem):
        return problem.prompt

    def continued(self, problem, text, reading):
        return Found(f"{problem.prompt}    return {text}\n", "gap")


@pytest.fixture(autouse=True)
def toy(monkeypatch):
    monkeypatch.setitem(KINDS, "toy", Gap())


def test_a_kind_of_problem_is_asked_in_its_own_words():
    """By both styles, with the end of its own where a text is continued."""
    prompt = build_prompt(PROBLEM, "completion-v1")
    assert (prompt.text, prompt.stop) == (f"{PROBLEM.prompt}    return <gap>\n", ("\n",))
    assert build_prompt(PROBLEM, "chat-v1").text.startswith("Fill the gap of this Python: def double")


def test_its_answer_is_read_as_it_was_asked():
    """And the rule is recorded with the program."""
    program = extract(PROBLEM, Completion(problem="Demo/0", sample=0, text="2 * x", form="completion"))
    assert (program.source, program.rule) == (f"{PROBLEM.prompt}    return 2 * x\n", "gap")


def test_it_is_read_back_from_a_run():
    """The run format has no list of kinds of its own."""
    assert msgspec.json.decode(msgspec.json.encode(PROBLEM), type=Problem) == PROBLEM
