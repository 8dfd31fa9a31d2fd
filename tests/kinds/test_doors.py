"""A kind of problem is added in one place: a toy that is registered is asked, its answer read and judged."""

import msgspec
import pytest
from msgspec import structs

from evalsite.extraction import extract
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.preflight import preflight
from evalsite.kinds import KINDS
from evalsite.kinds.base import Found
from evalsite.kinds.judging import ByFunction, Judging
from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.answers import hash_tests
from evalsite.rundir.schema import Completion, Problem
from tests.grading.helpers import QUICK
from tests.kinds.helpers import PROBLEM


class Gap(ByFunction):
    """Code with a gap; the answer is what stands in it. Its tests are pairs of numbers, not source."""

    name = "toy"
    title = "gap"
    has_references = False
    prompt_is_code = True
    goes_on = False

    def to_continue(self, problem, asking):
        return f"{problem.prompt}    return <gap>\n", ("\n",)

    def to_answer(self, problem, language):
        return f"Fill the gap of this {language.title}: {problem.prompt}    return <gap>"

    def context(self, problem):
        return problem.prompt

    def continued(self, problem, text, reading):
        return Found(f"{problem.prompt}    return {text}\n", "gap")

    def judging(self, problem):
        pairs = msgspec.json.decode(problem.tests)
        return Judging("".join(f"assert {problem.entry_point}({x}) == {y}\n" for x, y in pairs))

    def stubs(self, problem, running):
        return {"stub": running.stub(problem.entry_point)}


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


@pytest.mark.sandbox
def test_its_programs_are_judged_as_it_says():
    """By tests that it makes of the problem's; its own stubs are tried, and no reference that lacks."""
    problem = structs.replace(PROBLEM, tests="[[2, 4], [3, 6]]", reference="")
    answers = {"2 * x": "passed", "4": "wrong_answer"}
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        for answer, verdict in answers.items():
            program = extract(problem, Completion(problem="Demo/0", sample=0, text=answer, form="completion"))
            found = grader.submit(Job(program, problem)).result()
            assert found.verdict == verdict
        assert found.failed_test == "assert double(3) == 6"
        report = preflight(grader, [problem])
    assert (report.num_problems, report.failures, report.unvouched) == (1, (), ())
    assert preflight_of_stub_that_passes(problem) == ["stub"]


def preflight_of_stub_that_passes(problem):
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        found = preflight(grader, [structs.replace(problem, tests="[]")])
    return [failure.kind for failure in found.failures]


def test_what_a_verdict_was_reached_by_names_the_kind():
    """The same text is other tests where a problem is of another kind; the first kinds' hashes stay."""
    first = {hash_tests(structs.replace(PROBLEM, kind=kind)) for kind in ("code", "text")}
    assert len(first) == 1
    assert hash_tests(PROBLEM) not in first
